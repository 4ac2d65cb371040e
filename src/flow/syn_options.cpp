// SPDX-License-Identifier: Apache-2.0
#include "flow/syn_options.h"

#include "parse/tcp_options.h"

namespace pktana::flow {
namespace {

constexpr uint8_t kScaleMask = 0x0F;  ///< 15 = not offered
constexpr uint8_t kSack = 0x10;
constexpr uint8_t kTimestamps = 0x20;
constexpr uint8_t kSynSeen = 0x80;

}  // namespace

SynOptions SynOptions::read(base::Bytes options) noexcept {
  SynOptions found;
  for (const parse::TcpOption& option : parse::TcpOptions(options)) {
    if (const auto mss = option.as_mss()) found.mss = *mss;
    if (const auto scale = option.as_window_scale()) found.window_scale = *scale;
    found.sack_permitted |= option.kind == parse::kTcpOptionSackPermitted;
    found.timestamps |= option.as_timestamps().has_value();
  }
  return found;
}

uint8_t SynOptions::packed() const noexcept {
  const uint8_t scale = window_scale == kNoWindowScale ? kScaleMask : window_scale;
  return static_cast<uint8_t>(kSynSeen | (scale & kScaleMask) | (sack_permitted ? kSack : 0) |
                              (timestamps ? kTimestamps : 0));
}

SynOptions SynOptions::unpacked(uint8_t packed, uint16_t mss) noexcept {
  if (packed == 0) return {};
  const auto scale = static_cast<uint8_t>(packed & kScaleMask);
  return {.mss = mss,
          .window_scale = scale == kScaleMask ? kNoWindowScale : scale,
          .sack_permitted = (packed & kSack) != 0,
          .timestamps = (packed & kTimestamps) != 0};
}

}  // namespace pktana::flow
