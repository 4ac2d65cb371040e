// SPDX-License-Identifier: Apache-2.0
#include "ring/pcapng_interface.h"

namespace pktana::ring {
namespace {

constexpr size_t kLinkType = 0;
constexpr size_t kSnapLength = 4;
constexpr size_t kOptions = 8;

constexpr size_t kOptionHeaderBytes = 4;
constexpr uint16_t kEndOfOptions = 0;
constexpr uint16_t kTimeResolution = 9;
constexpr uint16_t kTimeOffset = 14;

constexpr size_t padded(size_t length) noexcept { return (length + 3) & ~size_t{3}; }

}  // namespace

base::Result<PcapngInterface> PcapngInterface::parse(base::Bytes body, ByteOrder order) {
  if (body.size() < kOptions) return base::fail_input("", "is too short for an interface");
  uint8_t resolution = 6;
  int64_t offset_s = 0;
  base::Bytes options = body.subspan(kOptions);
  while (options.size() >= kOptionHeaderBytes) {
    const auto code = order.load<uint16_t>(options.data());
    const auto length = order.load<uint16_t>(options.data() + 2);
    if (code == kEndOfOptions) break;
    options = options.subspan(kOptionHeaderBytes);
    if (padded(length) > options.size()) {
      return base::fail_input("", "has an option that runs past its end");
    }
    if (code == kTimeResolution && length == 1) resolution = options[0];
    if (code == kTimeOffset && length == 8) offset_s = order.load<int64_t>(options.data());
    options = options.subspan(padded(length));
  }
  return PcapngInterface{.link_type = order.load<uint16_t>(body.data() + kLinkType),
                         .snap_length = order.load<uint32_t>(body.data() + kSnapLength),
                         .time_scale = TimeScale(resolution, offset_s)};
}

}  // namespace pktana::ring
