// SPDX-License-Identifier: Apache-2.0
#include "oracle/tcp_counts.h"

#include <map>

#include "base/clock.h"
#include "flow/icmp_pairs.h"
#include "oracle/conversation.h"
#include "oracle/replay.h"

namespace pktana::oracle {
namespace {

using CountsByKey = std::map<ConversationKey, TcpCounts>;

TcpCounts counts_of(const flow::TcpSide& side) noexcept {
  return {.retransmits = side.retransmits,
          .out_of_order = side.out_of_order,
          .duplicate_acks = side.duplicate_acks,
          .zero_windows = side.zero_windows,
          .fast_retransmits = side.fast_retransmits,
          .spurious_retransmits = side.spurious_retransmits,
          .keep_alives = side.keep_alives};
}

TcpCounts counts_of(const OracleTcp& tcp) noexcept {
  return {.retransmits = tcp.retransmission,
          .out_of_order = tcp.out_of_order,
          .duplicate_acks = tcp.duplicate_ack,
          .zero_windows = tcp.zero_window,
          .fast_retransmits = tcp.fast_retransmission,
          .spurious_retransmits = tcp.spurious_retransmission,
          .keep_alives = tcp.keep_alive};
}

CountsByKey ours_of(const Capture& capture) {
  CountsByKey found;
  const Replay run = replay_as_tshark_splits(capture.path);
  for (const flow::FlowRecord& record : run.records) {
    if (record.protocol != flow::kProtocolTcp) continue;
    TcpCounts& counts = found[key_of(record)];
    for (const flow::TcpSide& side : record.tcp.side)
      counts += counts_of(side);
  }
  return found;
}

CountsByKey theirs_of(const Oracle& oracle) {
  CountsByKey found;
  for (const OracleFlow& flow : oracle.flows)
    if (flow.protocol == flow::kProtocolTcp && !flow.carries_inner)
      found[key_of(flow)] += counts_of(flow.tcp);
  return found;
}

}  // namespace

TcpCounts& TcpCounts::operator+=(const TcpCounts& more) noexcept {
  retransmits += more.retransmits;
  out_of_order += more.out_of_order;
  duplicate_acks += more.duplicate_acks;
  zero_windows += more.zero_windows;
  fast_retransmits += more.fast_retransmits;
  spurious_retransmits += more.spurious_retransmits;
  keep_alives += more.keep_alives;
  return *this;
}

std::string to_string(const TcpCounts& counts) {
  std::string text;
  for (const uint64_t count :
       {counts.retransmits, counts.out_of_order, counts.duplicate_acks, counts.zero_windows,
        counts.fast_retransmits, counts.spurious_retransmits, counts.keep_alives})
    text += (text.empty() ? "" : "/") + std::to_string(count);
  return text;
}

std::vector<HandshakePair> handshake_pairs(const Capture& capture) {
  std::map<ConversationKey, std::vector<const OracleFlow*>> theirs;
  for (const OracleFlow& flow : capture.oracle.flows)
    if (flow.protocol == flow::kProtocolTcp && !flow.carries_inner)
      theirs[key_of(flow)].push_back(&flow);
  std::vector<HandshakePair> pairs;
  const Replay run = replay_as_tshark_splits(capture.path);
  for (const flow::FlowRecord& record : run.records) {
    const auto found = theirs.find(key_of(record));
    if (found == theirs.end() || found->second.size() != 1) continue;
    HandshakePair pair{.conversation = to_string(found->first), .our_us = {}, .their_us = {}};
    if (record.tcp.syn_to_synack_us != flow::kUnknownUs) pair.our_us = record.tcp.handshake_us;
    const auto rtt_ns = found->second.front()->tcp.initial_rtt_ns;
    if (rtt_ns) pair.their_us = *rtt_ns / base::kNsPerUs;
    pairs.push_back(pair);
  }
  return pairs;
}

std::vector<TcpPair> tcp_pairs(const Capture& capture) {
  std::vector<TcpPair> pairs;
  const CountsByKey ours = ours_of(capture);
  for (const auto& [key, theirs] : theirs_of(capture.oracle)) {
    const auto our = ours.find(key);
    if (our != ours.end()) pairs.push_back({to_string(key), our->second, theirs});
  }
  return pairs;
}

Comparison compare_tcp_counts(const Capture& capture) {
  Comparison comparison;
  for (const TcpPair& pair : tcp_pairs(capture)) {
    ++comparison.total;
    if (pair.ours == pair.theirs) {
      ++comparison.equal;
      continue;
    }
    comparison.differences.push_back({capture.name, std::string(kQualityOf) + pair.conversation,
                                      to_string(pair.ours), to_string(pair.theirs)});
  }
  return comparison;
}

}  // namespace pktana::oracle
