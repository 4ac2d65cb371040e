// SPDX-License-Identifier: Apache-2.0
// Suricata's flow events of a capture (shared/captures/eve-reference), and our records as events of
// the same shape.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "flow/flow_record.h"
#include "oracle/corpus.h"

namespace pktana::oracle {

struct EveSide {
  std::string address;
  uint16_t port = 0;
  uint64_t packets = 0;
  uint64_t bytes = 0;
  std::string tcp_flags;  ///< two hex digits; empty where it is not TCP

  friend auto operator<=>(const EveSide&, const EveSide&) = default;
};

struct EveFlow {
  std::string protocol;
  std::vector<uint16_t> vlan;
  std::array<EveSide, 2> side;  ///< source, destination
  std::string state;
  std::string community_id;

  friend auto operator<=>(const EveFlow&, const EveFlow&) = default;
};

/// None if the capture has no reference.
[[nodiscard]] std::vector<EveFlow> read_eve_flows(const Capture& capture);

[[nodiscard]] EveFlow to_eve(const flow::FlowRecord& record);

/// Same protocol, VLANs and ends, whichever is the source.
[[nodiscard]] bool same_ends(const EveFlow& a, const EveFlow& b);

/// "TCP 10.0.0.1:80 > 10.0.0.2:4000 vlan 5".
[[nodiscard]] std::string ends_of(const EveFlow& flow);

/// "closed 5/300/1b 4/260/1b 1:...=": state, packets/bytes/flags of each side, community id.
[[nodiscard]] std::string sums_of(const EveFlow& flow);

}  // namespace pktana::oracle
