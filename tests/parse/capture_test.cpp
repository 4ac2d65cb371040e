// SPDX-License-Identifier: Apache-2.0
// Decodes every packet of the classic pcap files in ../shared/captures: no read beyond a packet,
// and what comes out makes sense. What the numbers should be is the oracle suite's business.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "parse/decoded.h"
#include "parse/packet_invariants.h"
#include "support/catch.h"
#include "support/skip.h"

namespace pktana::parse {
namespace {

namespace fs = std::filesystem;
using support::Octets;

constexpr size_t kFileHeaderLen = 24;
constexpr size_t kRecordHeaderLen = 16;

fs::path captures_folder() {
  const char* const shared = std::getenv("PKTANA_SHARED");
  const char* const source = std::getenv("PKTANA_SOURCE_ROOT");
  const fs::path root = shared != nullptr
                            ? fs::path(shared)
                            : fs::path(source != nullptr ? source : ".") / ".." / "shared";
  return root / "captures";
}

Octets read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Integer of the file, in the order its magic number told.
uint32_t load(const uint8_t* p, bool big) {
  return big ? base::load_be<uint32_t>(p) : base::load_le<uint32_t>(p);
}

bool has_magic(const Octets& file, bool big) {
  if (file.size() < kFileHeaderLen) return false;
  const uint32_t magic = load(file.data(), big);
  return magic == 0xA1B2C3D4 || magic == 0xA1B23C4D;
}

/// Decodes all records. @return their number; 0 if the file is no classic pcap.
size_t decode_file(const Octets& file) {
  const bool big = has_magic(file, true);
  if (!big && !has_magic(file, false)) return 0;
  const FrameMeta meta{.link_type = static_cast<LinkType>(load(file.data() + 20, big) & 0xFFFF)};
  size_t packets = 0;
  for (size_t at = kFileHeaderLen; at + kRecordHeaderLen <= file.size(); ++packets) {
    const size_t captured = load(file.data() + at + 8, big);
    FrameMeta frame_meta = meta;
    frame_meta.wire_len = load(file.data() + at + 12, big);
    at += kRecordHeaderLen;
    if (captured > file.size() - at) break;
    const Decoded packet({file.data() + at, captured}, frame_meta);
    const char* const broken = broken_invariant(*packet, {packet.begin(), captured});
    INFO("packet " << packets + 1);
    CHECK(std::string(broken == nullptr ? "" : broken).empty());
    at += captured;
  }
  return packets;
}

TEST_CASE("decode: every packet of the shared captures decodes without harm") {
  if (!fs::is_directory(captures_folder())) {
    support::skip_case("no captures in " + captures_folder().string());
    return;
  }
  size_t packets = 0;
  size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(captures_folder())) {
    if (entry.path().extension() != ".pcap") continue;
    INFO(entry.path().string());
    const size_t decoded = decode_file(read_file(entry.path()));
    packets += decoded;
    files += decoded > 0 ? 1 : 0;
  }
  CHECK(files > 200);
  CHECK(packets > 10000);
}

}  // namespace
}  // namespace pktana::parse
