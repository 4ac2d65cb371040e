// SPDX-License-Identifier: Apache-2.0
#include "ring/pcapng_interface.h"

namespace pktana::ring {
namespace {

constexpr size_t kLinkType = 0;
constexpr size_t kSnapLength = 4;
constexpr size_t kOptions = 8;

constexpr size_t kOptionHeaderBytes = 4;
constexpr uint16_t kEndOfOptions = 0;
constexpr uint16_t kName = 2;
constexpr uint16_t kTimeResolution = 9;
constexpr uint16_t kTimeOffset = 14;

/// Ticks of a power of two are taken for finer: few of them are whole microseconds.
constexpr bool is_finer_than_us(uint8_t resolution) noexcept {
  constexpr uint8_t kBinary = 0x80;
  constexpr uint8_t kMicroDigits = 6;
  return (resolution & kBinary) != 0 || resolution > kMicroDigits;
}

constexpr size_t padded(size_t length) noexcept { return (length + 3) & ~size_t{3}; }

}  // namespace

base::Result<PcapngInterface> PcapngInterface::parse(base::Bytes body, ByteOrder order) {
  if (body.size() < kOptions) return base::fail_input("", "is too short for an interface");
  uint8_t resolution = 6;
  int64_t offset_s = 0;
  std::string name;
  base::Bytes options = body.subspan(kOptions);
  while (options.size() >= kOptionHeaderBytes) {
    const auto code = order.load<uint16_t>(options.data());
    const auto length = order.load<uint16_t>(options.data() + 2);
    if (code == kEndOfOptions) break;
    options = options.subspan(kOptionHeaderBytes);
    if (padded(length) > options.size()) {
      return base::fail_input("", "has an option that runs past its end");
    }
    if (code == kName) name.assign(reinterpret_cast<const char*>(options.data()), length);
    if (code == kTimeResolution && length == 1) resolution = options[0];
    if (code == kTimeOffset && length == 8) offset_s = order.load<int64_t>(options.data());
    options = options.subspan(padded(length));
  }
  return PcapngInterface{.link_type = order.load<uint16_t>(body.data() + kLinkType),
                         .snap_length = order.load<uint32_t>(body.data() + kSnapLength),
                         .source_id = 0,
                         .time_scale = TimeScale(resolution, offset_s),
                         .nanoseconds = is_finer_than_us(resolution),
                         .name = std::move(name)};
}

}  // namespace pktana::ring
