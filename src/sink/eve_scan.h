// SPDX-License-Identifier: Apache-2.0
// The EVE line of a scan: event_type "scan", all but the addresses in pktana.scan
// (docs/records.md).
#pragma once

#include <cstdint>
#include <string_view>

#include "flow/scan_record.h"

namespace pktana::sink {

struct EveScanContext {
  std::string_view source;  ///< `,"in_iface":"eth0"` or `,"pcap_filename":"x.pcap"`, or empty
  std::string_view host;    ///< `,"host":"..."` or empty
  int64_t time_ns = 0;      ///< of the event
  uint64_t seq = 0;
};

/// Writes the line at `out`, shorter than kMaxLineBytes, and returns the place behind it.
char* put_eve_scan(char* out, const flow::ScanRecord& record,
                   const EveScanContext& context) noexcept;

}  // namespace pktana::sink
