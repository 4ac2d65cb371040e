// SPDX-License-Identifier: Apache-2.0
// The library face of pktana: capture files in, flow records out, without threads or output files
// of its own. Installed; includes nothing of the project's other headers. Link with `pkg-config
// --libs pktana`.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#if defined(__GNUC__)
#define PKTANA_API __attribute__((visibility("default")))
#else
#define PKTANA_API
#endif

namespace pktana {

/// One direction of a flow.
struct Totals {
  uint64_t packets = 0;
  uint64_t bytes = 0;          ///< whole frames as on the wire
  uint64_t payload_bytes = 0;  ///< transport payload
};

/// A finished flow, both directions. src is the initiator. Numbers in host order, times in ns since
/// 1970-01-01 UTC.
struct Flow {
  uint64_t id = 0;     ///< below 2^53
  std::string src_ip;  ///< text, IPv6 as RFC 5952
  std::string dest_ip;
  uint16_t src_port = 0;  ///< 0 where the protocol has none
  uint16_t dest_port = 0;
  uint8_t ip_version = 0;      ///< 4 or 6
  uint8_t protocol = 0;        ///< IANA number
  std::vector<uint16_t> vlan;  ///< ids, outermost first
  int64_t start_ns = 0;
  int64_t end_ns = 0;
  Totals to_server;
  Totals to_client;
  uint8_t tcp_flags_to_server =
      0;  ///< OR over the packets: FIN 01 SYN 02 RST 04 PSH 08 ACK 10 URG 20 ECE 40 CWR 80
  uint8_t tcp_flags_to_client = 0;
  std::string state;  ///< "new", "established", "closed"
  std::string
      end_reason;  ///< "idle", "closed", "reset", "active", "evicted", "shutdown", "tuple_reuse"
};

struct ReadOptions {
  std::string filter;              ///< pcap syntax; empty = all packets
  uint32_t max_flows = 1'000'000;  ///< live at the same time
  double idle_timeout_s = 0;       ///< 0 = the defaults per protocol and state
  double active_timeout_s = 0;     ///< 0 = never split
  std::string hash_secret;  ///< hex, for flow ids that are the same in every run; empty = random
};

struct ReadResult {
  uint64_t packets = 0;   ///< read from the file
  uint64_t in_flows = 0;  ///< of those, counted in a flow
  uint64_t flows = 0;
  bool complete = true;  ///< false: `message` says what went wrong; the flows of what was readable
                         ///< were delivered
  std::string message;
};

/// Reads one capture file (pcap, pcapng, snoop; gzip and zstd of them; "-" = stdin) and calls
/// `on_flow` once for each flow, in the order in which they end. An exception of `on_flow` ends the
/// reading and comes out of this function; nothing else throws but std::bad_alloc. Threads: none of
/// its own; calls on different threads are independent.
PKTANA_API ReadResult read_capture(const std::string& path, const ReadOptions& options,
                                   const std::function<void(const Flow&)>& on_flow);

/// Version of the library, "0.1.0".
PKTANA_API std::string version();

}  // namespace pktana
