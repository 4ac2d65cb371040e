// SPDX-License-Identifier: Apache-2.0
// Fuzzes decode(): any bytes of any link type give a verdict, whatever it points at lies within the
// frame, and nothing of the packet before shows. decode_input.h says what the input is.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "base/bytes.h"
#include "fuzz/decode_input.h"
#include "parse/packet.h"
#include "parse/packet_invariants.h"

namespace {

using namespace pktana;
using parse::Packet;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "broken: %s\n", what);
  std::abort();
}

/// What a reader of the packet can tell apart, as far as it is plain numbers.
bool same(const Packet& a, const Packet& b) {
  return a.verdict == b.verdict && a.protocol == b.protocol && a.src_port == b.src_port &&
         a.dst_port == b.dst_port && a.payload_len == b.payload_len && a.tcp_seq == b.tcp_seq &&
         a.vlan_count == b.vlan_count && a.outer_count == b.outer_count && a.src == b.src &&
         a.payload.data() == b.payload.data() && a.payload.size() == b.payload.size();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < fuzz::kDecodeHeaderLen) return 0;
  const auto link = fuzz::kDecodeLinkTypes[data[0] % fuzz::kDecodeLinkTypes.size()];
  const auto cut = base::load_be<uint16_t>(data + 5);
  parse::Frame frame{
      .captured = {data + fuzz::kDecodeHeaderLen, size - fuzz::kDecodeHeaderLen},
      .wire_len = static_cast<uint32_t>(size - fuzz::kDecodeHeaderLen + cut),
      .link_type = static_cast<uint16_t>(link),
      .stripped = {.tpid = base::load_be<uint16_t>(data + 1),
                   .tci = base::load_be<uint16_t>(data + 3)},
  };
  static const parse::DecodeOptions kInner;
  static const parse::DecodeOptions kOuter{.tunnels = parse::Tunnels::Outer};
  static Packet refilled;  // keeps what the input before left, which must not show
  for (const parse::DecodeOptions* options : {&kInner, &kOuter}) {
    Packet fresh;
    parse::decode(frame, *options, refilled);
    parse::decode(frame, *options, fresh);
    const char* const broken = parse::broken_invariant(fresh, frame.captured);
    require(broken == nullptr, broken);
    require(same(fresh, refilled), "what the packet before left shows");
  }
  return 0;
}
