// SPDX-License-Identifier: Apache-2.0
#include "app/secure/tls/handshake_stream.h"

#include <algorithm>

#include "app/reader.h"

namespace pktana::app::secure {
namespace {

constexpr size_t kHeaderBytes = 4;

}  // namespace

void HandshakeStream::feed(Bytes record) {
  const auto skipped = static_cast<size_t>(std::min<uint64_t>(skip_, record.size()));
  skip_ -= skipped;
  record = record.subspan(skipped);
  if (kept_.empty()) {
    view_ = record;
    return;
  }
  kept_.insert(kept_.end(), record.begin(), record.end());
  view_ = kept_;
}

bool HandshakeStream::next(HandshakeMessage& message) {
  while (view_.size() >= kHeaderBytes) {
    Reader in(view_);
    message.type = in.u8();
    const uint32_t length = in.u24();
    if (length <= kMaxMessage) {
      message.body = in.take(length);
      if (!in.ok()) break;
      view_ = in.rest();
      return true;
    }
    const size_t here = std::min<size_t>(in.left(), length);
    skip_ = length - here;
    view_ = in.rest().subspan(here);
  }
  keep_rest();
  return false;
}

void HandshakeStream::keep_rest() {
  std::vector<uint8_t> rest(view_.begin(), view_.end());
  kept_.swap(rest);
  view_ = {};
}

}  // namespace pktana::app::secure
