// SPDX-License-Identifier: Apache-2.0
// What `pktana top` is shown of a capture at one moment, wherever it runs: made by a Source, turned
// into rates by Model. Texts are as packets and systems gave them: raw bytes.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pktana::top {

/// Since the capture began, unless it says otherwise.
struct Counters {
  uint64_t packets = 0;
  uint64_t bytes = 0;                    ///< as on the wire
  std::optional<uint64_t> drops = {};    ///< by the kernel; none: unknown
  std::optional<double> ring_fill = {};  ///< now, of the fullest ring, 0 to 1; none: no ring
  uint64_t ring_freezes = 0;             ///< times that a ring was full
  uint64_t flows_live = 0;               ///< now
  uint64_t flows_created = 0;
  uint64_t undecodable = 0;
  uint64_t records_lost = 0;  ///< on their way to an output
};

struct Interface {
  std::string name;
  bool attached = true;  ///< it is captured from
  bool up = true;
  uint64_t packets = 0;
  uint64_t drops = 0;
};

/// One identity of the loss ledger.
struct Identity {
  std::string name;
  std::string total_name;
  std::optional<uint64_t> total;
  std::vector<std::pair<std::string, uint64_t>> parts;
  bool balanced = true;
};

struct Flow {
  uint64_t id = 0;
  std::string interface;
  std::string src;
  std::string dst;
  std::optional<uint16_t> src_port = {};  ///< none: of a protocol without ports
  std::optional<uint16_t> dst_port = {};
  std::string protocol;
  std::string application;  ///< empty: nothing to look at
  std::string name;         ///< of the server; empty: not known
  std::string state;
  int64_t start_ns = 0;
  int64_t end_ns = 0;                 ///< of the last packet
  std::array<uint64_t, 2> packets{};  ///< to the server, and back
  std::array<uint64_t, 2> bytes{};
  std::optional<double> rate = {};  ///< bytes per second, by the Model; none: not known yet

  [[nodiscard]] uint64_t all_bytes() const noexcept { return bytes[0] + bytes[1]; }
  [[nodiscard]] uint64_t all_packets() const noexcept { return packets[0] + packets[1]; }
  [[nodiscard]] int64_t duration_ns() const noexcept {
    return end_ns > start_ns ? end_ns - start_ns : 0;
  }
};

/// A host, a protocol or an application: sums over its live flows.
struct Talker {
  std::string name;
  uint64_t bytes = 0;
  uint64_t packets = 0;
  uint64_t flows = 0;
  double rate = 0;  ///< bytes per second of those of its flows that are listed, by the Model
};

struct Snapshot {
  int64_t taken_ns = 0;  ///< monotonic: rates are made of it
  int64_t time_ns = 0;   ///< since 1970
  int64_t uptime_ns = 0;
  Counters counters;
  std::vector<Interface> interfaces;
  std::vector<Identity> ledger;
  std::vector<std::string> troubles;  ///< what is wrong with outputs and interfaces

  std::string where;           ///< what flows and talkers match; empty = all
  std::vector<Flow> flows;     ///< those that match, up to Source::kMaxFlows
  uint64_t flows_matched = 0;  ///< all of them
  bool complete = true;        ///< false: a worker did not answer in time
  std::vector<Talker> hosts;
  std::vector<Talker> protocols;
  std::vector<Talker> applications;

  /// All flows that match are listed.
  [[nodiscard]] bool is_whole() const noexcept { return complete && flows.size() == flows_matched; }
};

/// The talkers of a snapshot that is whole, out of its flows: then no other listing is needed.
void sum_up_talkers(Snapshot& snapshot);

}  // namespace pktana::top
