// SPDX-License-Identifier: Apache-2.0
#include "app/secure/quic/quic_frames.h"

#include "app/secure/quic/quic_packet.h"

namespace pktana::app::secure {
namespace {

enum FrameType : uint64_t {
  kPadding = 0x00,
  kPing = 0x01,
  kAck = 0x02,
  kAckEcn = 0x03,
  kCrypto = 0x06,
  kConnectionClose = 0x1C,
};
constexpr uint64_t kMaxAckRanges = 256;

void skip_ack(Reader& in, bool ecn) noexcept {
  take_varint(in);  // largest acknowledged
  take_varint(in);  // delay
  const uint64_t ranges = take_varint(in);
  take_varint(in);  // first range
  if (ranges > kMaxAckRanges) in.fail();
  for (uint64_t i = 0; i < ranges * 2 && in.ok(); ++i)
    take_varint(in);
  for (int i = 0; ecn && i < 3; ++i)
    take_varint(in);
}

}  // namespace

bool collect_crypto(Bytes payload, RangeBuffer& stream) {
  Reader in(payload);
  while (!in.empty()) {
    const uint64_t type = take_varint(in);
    if (type == kCrypto) {
      const uint64_t offset = take_varint(in);
      const Bytes piece = in.take(take_varint(in));
      if (in.ok()) stream.insert(offset, piece);
    } else if (type == kAck || type == kAckEcn) {
      skip_ack(in, type == kAckEcn);
    } else if (type == kConnectionClose) {
      return true;
    } else if (type != kPadding && type != kPing) {
      return false;
    }
  }
  return in.ok();
}

}  // namespace pktana::app::secure
