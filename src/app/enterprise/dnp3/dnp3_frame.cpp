// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/dnp3/dnp3_frame.h"

#include <algorithm>

#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

constexpr size_t kBlock = 16;
constexpr size_t kCrc = 2;
constexpr uint8_t kHeaderInLength = 5;  ///< control, destination and source

}  // namespace

uint16_t dnp3_crc(Bytes bytes) noexcept {
  constexpr uint16_t kPolynomial = 0xa6bc;  // 0x3d65 with its bits turned around
  uint16_t crc = 0;
  for (const uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit)
      crc = static_cast<uint16_t>((crc & 1) != 0 ? (crc >> 1) ^ kPolynomial : crc >> 1);
  }
  return static_cast<uint16_t>(~crc);
}

size_t dnp3_frame_length(Bytes bytes) noexcept {
  const bool starts = bytes[0] == 0x05 && bytes[1] == 0x64 && bytes[2] >= kHeaderInLength;
  if (!starts || dnp3_crc(bytes.first(8)) != le16(bytes, 8)) return 0;
  const size_t user = bytes[2] - kHeaderInLength;
  return kDnp3Header + user + (user + kBlock - 1) / kBlock * kCrc;
}

std::optional<Dnp3Frame> parse_dnp3_frame(Bytes bytes) noexcept {
  Dnp3Frame frame{
      .control = bytes[3], .dst = le16(bytes, 4), .src = le16(bytes, 6), .whole = bytes.size()};
  Bytes rest = bytes.subspan(kDnp3Header);
  while (rest.size() > kCrc) {
    const size_t len = std::min(kBlock, rest.size() - kCrc);
    if (dnp3_crc(rest.first(len)) != le16(rest, len)) return {};
    std::copy_n(rest.begin(), len, frame.user.begin() + static_cast<ptrdiff_t>(frame.user_len));
    frame.user_len += len;
    rest = rest.subspan(len + kCrc);
  }
  return frame;
}

}  // namespace pktana::app::enterprise
