// SPDX-License-Identifier: Apache-2.0
#include "oracle/known_differences.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <string_view>

#include "flow/icmp_pairs.h"
#include "oracle/conversation.h"
#include "oracle/replay.h"
#include "oracle/tcp_counts.h"
#include "support/catch.h"

namespace pktana::oracle {
namespace {

constexpr char kTab = '\t';

constexpr std::string_view kFlowsOf =
    "flows of ";  ///< begins Difference::conversation of FlowCounts

Kind kind_of(const std::string& conversation) {
  if (conversation.starts_with(kQualityOf)) return Kind::TcpQuality;
  if (conversation.starts_with(kFlowsOf)) return Kind::FlowCounts;
  if (conversation.starts_with("ip ")) return Kind::AddressPairs;
  return conversation.starts_with("icmp") ? Kind::Icmp : Kind::TcpUdpSctp;
}

const Conversation* find(const Conversations& conversations, const ConversationKey& key) {
  const auto found = conversations.find(key);
  return found == conversations.end() ? nullptr : &found->second;
}

/// Keys that either side has.
std::set<ConversationKey> keys_of(const Conversations& ours, const Conversations& theirs) {
  std::set<ConversationKey> keys;
  for (const Conversations* side : {&ours, &theirs})
    for (const auto& [key, conversation] : *side)
      keys.insert(key);
  return keys;
}

std::string line_of(const Difference& difference) {
  return difference.capture + kTab + difference.conversation + kTab + difference.ours + kTab +
         difference.oracle;
}

/// Lines "capture, conversation, ours, oracle, reason", tabs between; '#' begins a comment.
std::vector<Difference> read_known(Kind kind) {
  const char* root = std::getenv("PKTANA_SOURCE_ROOT");  // NOLINT(concurrency-mt-unsafe)
  const std::string path =
      std::string(root == nullptr ? "." : root) + "/tests/oracle/known_differences.tsv";
  std::ifstream file(path);
  if (!file) FAIL("cannot read " << path);
  std::vector<Difference> known;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream fields(line);
    Difference difference;
    std::string reason;
    for (std::string* field : {&difference.capture, &difference.conversation, &difference.ours,
                               &difference.oracle, &reason})
      std::getline(fields, *field, kTab);
    if (reason.empty()) FAIL("no reason given in " << path << ": " << line);
    if (kind_of(difference.conversation) == kind) known.push_back(std::move(difference));
  }
  return known;
}

/// Prints those of `list` that are not in `other`, as lines of the list. Both are sorted.
size_t print_missing(const char* what, const std::vector<Difference>& list,
                     const std::vector<Difference>& other) {
  size_t count = 0;
  for (const Difference& difference : list) {
    if (std::binary_search(other.begin(), other.end(), difference)) continue;
    std::cout << what << kTab << line_of(difference) << '\n';
    ++count;
  }
  return count;
}

/// Number of flows per conversation that both sides have.
Comparison compare_flow_counts(const Capture& capture) {
  const Replay run = replay_as_tshark_splits(capture.path);
  const Conversations ours = conversations_of(run.records);
  Comparison comparison;
  for (const auto& [key, their] : conversations_of(capture.oracle)) {
    const Conversation* our = find(ours, key);
    const bool counted = key.protocol == flow::kProtocolTcp || is_icmp(key);
    if (our == nullptr || !counted) continue;
    ++comparison.total;
    if (our->flows == their.flows) {
      ++comparison.equal;
      continue;
    }
    comparison.differences.push_back({capture.name, std::string(kFlowsOf) + to_string(key),
                                      std::to_string(our->flows) + " flows",
                                      std::to_string(their.flows) + " flows"});
  }
  return comparison;
}

Comparison compare_sums(const Capture& capture, const Conversations& ours,
                        const Conversations& theirs) {
  Comparison comparison;
  for (const ConversationKey& key : keys_of(ours, theirs)) {
    const Conversation* our = find(ours, key);
    const Conversation* their = find(theirs, key);
    ++comparison.total;
    if (our != nullptr && their != nullptr && our->sent == their->sent) {
      ++comparison.equal;
      continue;
    }
    comparison.differences.push_back(
        {capture.name, to_string(key), to_string(our), to_string(their)});
  }
  return comparison;
}

Conversations only(Conversations conversations, Kind kind) {
  std::erase_if(conversations,
                [&](const auto& entry) { return is_icmp(entry.first) != (kind == Kind::Icmp); });
  return conversations;
}

/// In which of the pairs a packet with several IP headers counts can't be told from the oracle's
/// list.
bool is_ambiguous(const Oracle& oracle) {
  return kDecapsulates && std::any_of(oracle.pairs.begin(), oracle.pairs.end(),
                                      [](const OraclePair& pair) { return pair.depth != 1; });
}

}  // namespace

Comparison compare(const Capture& capture, Kind kind) {
  if (kind == Kind::FlowCounts) return compare_flow_counts(capture);
  if (kind == Kind::TcpQuality) return compare_tcp_counts(capture);
  if (kind == Kind::AddressPairs && is_ambiguous(capture.oracle)) return {};
  const Replay run = replay(capture.path);
  if (kind == Kind::AddressPairs)
    return compare_sums(capture, address_pairs_of(run.records), address_pairs_of(capture.oracle));
  return compare_sums(capture, only(conversations_of(run.records), kind),
                      only(conversations_of(capture.oracle), kind));
}

void check_known(std::span<const Difference> found, Kind kind) {
  std::vector<Difference> now(found.begin(), found.end());
  std::vector<Difference> known = read_known(kind);
  std::sort(now.begin(), now.end());
  std::sort(known.begin(), known.end());
  const size_t unknown = print_missing("new difference", now, known);
  const size_t gone = print_missing("differs no more", known, now);
  std::cout.flush();
  CHECK(unknown == 0);
  CHECK(gone == 0);
}

}  // namespace pktana::oracle
