// SPDX-License-Identifier: Apache-2.0
// What tshark made of one capture: the part of an oracle file that these tests compare. The format
// is told in shared/captures/README.md.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pktana::oracle {

struct OracleDirection {
  uint64_t packets = 0;
  uint64_t bytes = 0;
  uint64_t payload_bytes = 0;
};

/// Segments of a TCP flow, both directions together, that tshark's tcp.analysis.* marks.
struct OracleTcp {
  uint64_t retransmission = 0;
  uint64_t fast_retransmission = 0;
  uint64_t spurious_retransmission = 0;
  uint64_t out_of_order = 0;
  uint64_t duplicate_ack = 0;
  uint64_t zero_window = 0;
  uint64_t keep_alive = 0;
  std::optional<int64_t> initial_rtt_ns;  ///< last SYN to the ACK that ends the handshake
};

/// One bidirectional flow as tshark lists it. `a` sent the first packet.
struct OracleFlow {
  uint8_t protocol = 0;  ///< IANA number
  std::string a;
  std::string b;
  uint16_t a_port = 0;  ///< 0 for ICMP
  uint16_t b_port = 0;
  std::array<OracleDirection, 2> sent;  ///< by a, by b
  unsigned depth = 1;                   ///< IP headers down to this flow's
  bool carries_inner = false;           ///< a tunnel: its packets hold another IP packet
  std::string community_id;
  std::optional<int64_t> start_ns;  ///< first packet; none: its time is unknown
  int64_t duration_ns = 0;          ///< to the last one
  OracleTcp tcp;                    ///< TCP only
};

/// All IP packets between two addresses at one depth, whatever their protocol.
struct OraclePair {
  std::string a;
  std::string b;
  std::array<OracleDirection, 2> sent;  ///< by a, by b; no payload
  unsigned depth = 1;
};

struct Oracle {
  uint64_t packets = 0;
  uint64_t bytes = 0;             ///< on the wire
  bool complete = false;          ///< false: tshark could not read the file to its end
  std::vector<OracleFlow> flows;  ///< TCP, UDP, SCTP, ICMP and ICMPv6
  std::vector<OraclePair> pairs;
};

/// Fails the running test case when the file is not as the README says.
[[nodiscard]] Oracle read_oracle(const std::filesystem::path& path);

}  // namespace pktana::oracle
