// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <string_view>

#include "top/snapshot.h"
#include "top/source.h"

namespace pktana::top {
namespace {

using Sums = std::map<std::string_view, Talker>;

void add(Sums& sums, std::string_view name, const Flow& flow) {
  Talker& talker = sums[name];
  talker.bytes += flow.all_bytes();
  talker.packets += flow.all_packets();
  ++talker.flows;
}

/// Those with the most bytes, in the order of the control socket's `top`.
std::vector<Talker> greatest(const Sums& sums) {
  std::vector<Talker> talkers;
  for (const auto& [name, sum] : sums) {
    talkers.push_back(sum);
    talkers.back().name = name;
  }
  std::stable_sort(talkers.begin(), talkers.end(),
                   [](const Talker& a, const Talker& b) { return a.bytes > b.bytes; });
  if (talkers.size() > Source::kMaxTalkers) talkers.resize(Source::kMaxTalkers);
  return talkers;
}

}  // namespace

void sum_up_talkers(Snapshot& snapshot) {
  Sums hosts;
  Sums protocols;
  Sums applications;
  for (const Flow& flow : snapshot.flows) {
    add(hosts, flow.src, flow);
    add(hosts, flow.dst, flow);
    add(protocols, flow.protocol, flow);
    add(applications, flow.application, flow);
  }
  snapshot.hosts = greatest(hosts);
  snapshot.protocols = greatest(protocols);
  snapshot.applications = greatest(applications);
}

}  // namespace pktana::top
