// SPDX-License-Identifier: Apache-2.0
// What an Interface Description Block of a pcapng section says that matters to packets. Used by
// PcapngReader.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "ring/byte_order.h"
#include "ring/time_scale.h"

namespace pktana::ring {

struct PcapngInterface {
  uint16_t link_type = 1;
  uint32_t snap_length = 0;  ///< 0 = no limit
  uint16_t source_id = 0;    ///< of its packets; for whoever keeps it
  TimeScale time_scale;
  bool nanoseconds = false;  ///< finer than microseconds
  std::string name;

  /// @param body  the block between its two length fields.
  /// @return an Error whose detail says what is wrong ("has an option that runs past its end").
  [[nodiscard]] static base::Result<PcapngInterface> parse(base::Bytes body, ByteOrder order);
};

}  // namespace pktana::ring
