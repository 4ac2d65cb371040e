// SPDX-License-Identifier: Apache-2.0
// A small conversation of a protocol, made by code: what a dissector is tested with, and where a
// fuzzer begins.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pktana/plugin.h"

namespace pktana::app {

/// What one side says: a segment's or a datagram's content.
struct Said {
  uint8_t direction = PKTANA_TO_SERVER;
  std::string bytes;
};

struct Seed {
  std::string dissector;  ///< its name in the registry
  uint8_t protocol = PKTANA_TCP;
  std::vector<Said> said;
};

/// Of a family, at least one for each dissector that parses fields.
[[nodiscard]] std::vector<Seed> internet_seeds();
[[nodiscard]] std::vector<Seed> enterprise_seeds();
[[nodiscard]] std::vector<Seed> secure_seeds();

/// The form that fuzz_app reads: "name\n", a byte of flags (1 UDP, 2 probe instead of naming the
/// owner, 4 on a port of the dissector), and for each chunk two bytes (15: to the client, 14: FIN
/// behind it, 13: a gap of its length before it, 12..0: length) and its content.
inline constexpr uint8_t kSeedUdp = 1;
inline constexpr uint8_t kSeedProbe = 2;
inline constexpr uint8_t kSeedHinted = 4;
inline constexpr uint16_t kSeedToClient = 0x8000;
inline constexpr uint16_t kSeedFin = 0x4000;
inline constexpr uint16_t kSeedGap = 0x2000;
inline constexpr uint16_t kSeedLength = 0x1FFF;

[[nodiscard]] inline std::string fuzz_input(const Seed& seed, uint8_t flags) {
  std::string input = seed.dissector + '\n';
  if (seed.protocol == PKTANA_UDP) flags |= kSeedUdp;
  input += static_cast<char>(flags);
  for (const Said& said : seed.said) {
    std::string_view rest = said.bytes;
    do {
      const std::string_view part = rest.substr(0, kSeedLength);
      rest.remove_prefix(part.size());
      const auto word = static_cast<uint16_t>(
          part.size() | (said.direction == PKTANA_TO_CLIENT ? kSeedToClient : 0));
      input += static_cast<char>(word >> 8);
      input += static_cast<char>(word & 0xFF);
      input += part;
    } while (!rest.empty());
  }
  return input;
}

}  // namespace pktana::app
