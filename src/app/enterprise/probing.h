// SPDX-License-Identifier: Apache-2.0
// What the family's probes share: unaligned fields of a Bytes, prefixes that may not be whole yet,
// and the step from a plain function to a pktana_dissector's probe. Nothing here reads beyond its
// range.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "app/dissector.h"
#include "base/bytes.h"

namespace pktana::app::enterprise {

using ProbeFunction = pktana_match (*)(const Probe&) noexcept;
/// Judges the beginning of one direction's stream, or a datagram; never called with no bytes.
using MessageCheck = pktana_match (*)(Bytes) noexcept;

inline constexpr std::array<uint8_t, 2> kSides = {PKTANA_TO_SERVER, PKTANA_TO_CLIENT};
[[nodiscard]] constexpr uint8_t other(uint8_t side) noexcept {
  return side == PKTANA_TO_SERVER ? PKTANA_TO_CLIENT : PKTANA_TO_SERVER;
}

/// Which side of a flow asks, in a protocol of questions and answers: the initiator, but where it
/// sits on the protocol's port, since then the flow was picked up late.
class AskingSide {
 public:
  explicit AskingSide(uint16_t port) noexcept : port_(port) {}

  [[nodiscard]] uint8_t of(const Flow& flow) noexcept {
    if (known_) return side_;
    const pktana_flow_info info = flow.info();
    const bool turned = info.client_port == port_ && info.server_port != port_;
    side_ = turned ? PKTANA_TO_CLIENT : PKTANA_TO_SERVER;
    known_ = true;
    return side_;
  }

 private:
  uint16_t port_;
  uint8_t side_ = PKTANA_TO_SERVER;
  bool known_ = false;
};

/// A probe for the C table.
template <ProbeFunction kProbe>
pktana_match probed(const pktana_probe* raw) {
  return kProbe(Probe(*raw));
}

/// Big-endian fields; the caller has checked that they are there.
[[nodiscard]] inline uint16_t be16(Bytes bytes, size_t at) noexcept {
  return base::load_be<uint16_t>(bytes.data() + at);
}
[[nodiscard]] inline uint32_t be32(Bytes bytes, size_t at) noexcept {
  return base::load_be<uint32_t>(bytes.data() + at);
}
[[nodiscard]] inline uint64_t be64(Bytes bytes, size_t at) noexcept {
  return base::load_be<uint64_t>(bytes.data() + at);
}
[[nodiscard]] inline uint16_t le16(Bytes bytes, size_t at) noexcept {
  return base::load_le<uint16_t>(bytes.data() + at);
}
[[nodiscard]] inline uint32_t le32(Bytes bytes, size_t at) noexcept {
  return base::load_le<uint32_t>(bytes.data() + at);
}
[[nodiscard]] inline uint64_t le64(Bytes bytes, size_t at) noexcept {
  return base::load_le<uint64_t>(bytes.data() + at);
}
/// Three bytes.
[[nodiscard]] inline uint32_t le24(Bytes bytes, size_t at) noexcept {
  return bytes[at] | uint32_t{bytes[at + 1]} << 8 | uint32_t{bytes[at + 2]} << 16;
}
[[nodiscard]] inline uint32_t be24(Bytes bytes, size_t at) noexcept {
  return uint32_t{bytes[at]} << 16 | uint32_t{bytes[at + 1]} << 8 | bytes[at + 2];
}

/// MAYBE while the bytes are a beginning of `prefix`, YES when all of it is there.
[[nodiscard]] inline pktana_match begins_with(Bytes bytes, std::string_view prefix) noexcept {
  const size_t len = std::min(bytes.size(), prefix.size());
  if (text_of(bytes.first(len)) != prefix.substr(0, len)) return PKTANA_NO;
  return len == prefix.size() ? PKTANA_YES : PKTANA_MAYBE;
}

/// YES where one direction proves it alone; MAYBE while one may still; NO if none that has spoken
/// can.
[[nodiscard]] inline pktana_match either(const Probe& probe, MessageCheck check) noexcept {
  bool maybe = probe.to_server().empty() && probe.to_client().empty();
  for (const uint8_t direction : kSides) {
    const Bytes bytes = probe.first(direction);
    if (bytes.empty()) continue;
    const pktana_match match = check(bytes);
    if (match == PKTANA_YES) return PKTANA_YES;
    maybe = maybe || match == PKTANA_MAYBE;
  }
  return maybe ? PKTANA_MAYBE : PKTANA_NO;
}

/// For messages that say much less each: every direction that has spoken must pass, and both must
/// have spoken.
[[nodiscard]] inline pktana_match both(const Probe& probe, MessageCheck check) noexcept {
  pktana_match sum = PKTANA_YES;
  for (const uint8_t direction : kSides) {
    const Bytes bytes = probe.first(direction);
    const pktana_match match = bytes.empty() ? PKTANA_MAYBE : check(bytes);
    if (match == PKTANA_NO) return PKTANA_NO;
    sum = std::min(sum, match);
  }
  return sum;
}

[[nodiscard]] constexpr bool is_printable(uint8_t byte) noexcept {
  return byte >= 0x20 && byte < 0x7f;
}
[[nodiscard]] inline bool all_printable(Bytes bytes) noexcept {
  return std::all_of(bytes.begin(), bytes.end(), is_printable);
}

/// The decimal number at the beginning of `text`, and how many digits it has (none: no number; more
/// than 9: too many).
struct Decimal {
  uint32_t value = 0;
  size_t digits = 0;
};
[[nodiscard]] constexpr Decimal decimal_at(std::string_view text) noexcept {
  constexpr size_t kMaxDigits = 9;
  Decimal number;
  while (number.digits < text.size() && number.digits < kMaxDigits && text[number.digits] >= '0' &&
         text[number.digits] <= '9')
    number.value = number.value * 10 + static_cast<uint32_t>(text[number.digits++] - '0');
  return number;
}

}  // namespace pktana::app::enterprise
