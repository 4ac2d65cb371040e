// SPDX-License-Identifier: Apache-2.0
#include "app/secure/quic/google_hello.h"

#include <algorithm>

#include "base/bytes.h"

namespace pktana::app::secure {
namespace {

constexpr std::string_view kMark = "CHLO";
constexpr size_t kMaxBefore = 64;  // packet number, hash, header of the STREAM frame
constexpr size_t kMaxTags = 128;
constexpr size_t kTagBytes = 8;
constexpr size_t kHeaderBytes = 8;

}  // namespace

std::optional<GoogleHello> find_google_hello(Bytes bytes) {
  const std::string_view text = text_of(bytes);
  const size_t at = text.substr(0, kMaxBefore + kMark.size()).find(kMark);
  if (at == std::string_view::npos || bytes.size() < at + kHeaderBytes) return std::nullopt;
  const Bytes hello = bytes.subspan(at);
  const size_t count = base::load_le<uint16_t>(hello.data() + kMark.size());
  const size_t values_at = kHeaderBytes + count * kTagBytes;
  if (count == 0 || count > kMaxTags || hello.size() < values_at) return std::nullopt;
  GoogleHello found;
  size_t begin = 0;
  for (size_t i = 0; i < count; ++i) {
    const Bytes entry = hello.subspan(kHeaderBytes + i * kTagBytes, kTagBytes);
    const size_t end = base::load_le<uint32_t>(entry.data() + 4);
    std::string_view tag = text_of(entry.first(4));
    tag = tag.substr(0, tag.find('\0'));
    if (end < begin) return std::nullopt;
    if (!found.tags.empty()) found.tags += '-';
    found.tags += tag;
    if (end <= hello.size() - values_at) {  // else in the packets that follow
      const std::string_view value = text_of(hello.subspan(values_at + begin, end - begin));
      if (tag == "SNI") found.server_name = value;
      if (tag == "UAID") found.user_agent = value;
    }
    begin = end;
  }
  return found;
}

}  // namespace pktana::app::secure
