// SPDX-License-Identifier: Apache-2.0
#include "top/model.h"

#include <algorithm>
#include <string_view>

#include "base/clock.h"

namespace pktana::top {
namespace {

/// A counter that went back belongs to a daemon that began anew.
double per_second(uint64_t before, uint64_t after, double seconds) noexcept {
  return after > before && seconds > 0 ? static_cast<double>(after - before) / seconds : 0;
}

double seconds_between(int64_t from_ns, int64_t to_ns) noexcept {
  return to_ns > from_ns ? static_cast<double>(to_ns - from_ns) / base::kNsPerSecond : 0;
}

void push(History& history, double value) {
  history.push_back(value);
  if (history.size() > Model::kMaxHistory) history.pop_front();
}

/// What a flow is ordered by.
double rank(const Flow& flow, Sort sort) noexcept {
  switch (sort) {
    case Sort::Rate:
      return flow.rate.value_or(-1);
    case Sort::Bytes:
      return static_cast<double>(flow.all_bytes());
    case Sort::Packets:
      return static_cast<double>(flow.all_packets());
    case Sort::Duration:
      return static_cast<double>(flow.duration_ns());
    case Sort::Start:
      return static_cast<double>(flow.start_ns);
    case Sort::Last:
      break;
  }
  return static_cast<double>(flow.end_ns);
}

/// Bytes per second by name; of both sides for hosts.
using Sums = std::unordered_map<std::string_view, double>;

void put_rates(const Sums& sums, std::vector<Talker>& talkers) {
  for (Talker& talker : talkers)
    if (const auto found = sums.find(talker.name); found != sums.end()) talker.rate = found->second;
}

}  // namespace

std::string_view to_string(Sort sort) noexcept {
  constexpr std::string_view kNames[kSortCount] = {"rate",     "bytes", "packets",
                                                   "duration", "start", "last"};
  return kNames[static_cast<size_t>(sort)];
}

void Model::update(Snapshot snapshot) {
  set_flow_rates(snapshot);
  if (is_empty() || snapshot.taken_ns - since_.taken_ns >= kLeastNs) {
    if (!is_empty()) set_rates(snapshot);
    push(flows_, static_cast<double>(snapshot.counters.flows_live));
    remember(snapshot);
    since_ = {.counters = snapshot.counters,
              .taken_ns = snapshot.taken_ns,
              .time_ns = snapshot.time_ns,
              .where = snapshot.where,
              .whole = snapshot.is_whole()};
  }
  now_ = std::move(snapshot);
}

void Model::set_rates(const Snapshot& next) {
  const double seconds = seconds_between(since_.taken_ns, next.taken_ns);
  const Counters& before = since_.counters;
  const Counters& after = next.counters;
  rates_ = {.packets = per_second(before.packets, after.packets, seconds),
            .bytes = per_second(before.bytes, after.bytes, seconds),
            .drops = per_second(before.drops.value_or(0), after.drops.value_or(0), seconds),
            .new_flows = per_second(before.flows_created, after.flows_created, seconds)};
  push(packets_, rates_.packets);
  push(bytes_, rates_.bytes);
  push(drops_, rates_.drops);
}

void Model::set_flow_rates(Snapshot& next) const {
  Sums hosts;
  Sums protocols;
  Sums applications;
  // Where all were listed, what was not among them is new; elsewhere its time must say so.
  const bool all_known = since_.whole && since_.where == next.where;
  for (Flow& flow : next.flows) {
    if (const auto before = seen_.find(flow.id); before != seen_.end())
      flow.rate = per_second(before->second.bytes, flow.all_bytes(),
                             seconds_between(before->second.taken_ns, next.taken_ns));
    else if (!is_empty() && (all_known || flow.start_ns >= since_.time_ns))
      flow.rate = per_second(0, flow.all_bytes(), seconds_between(since_.taken_ns, next.taken_ns));
    const double rate = flow.rate.value_or(0);
    hosts[flow.src] += rate;
    if (flow.dst != flow.src) hosts[flow.dst] += rate;
    protocols[flow.protocol] += rate;
    applications[flow.application] += rate;
  }
  put_rates(hosts, next.hosts);
  put_rates(protocols, next.protocols);
  put_rates(applications, next.applications);
}

/// Those that are listed no more are forgotten when there are too many.
void Model::remember(const Snapshot& next) {
  for (const Flow& flow : next.flows)
    seen_[flow.id] = {.bytes = flow.all_bytes(), .taken_ns = next.taken_ns};
  if (seen_.size() <= kMaxRemembered) return;
  std::erase_if(seen_, [&](const auto& entry) { return entry.second.taken_ns != next.taken_ns; });
}

std::vector<const Flow*> Model::sorted_flows(Sort sort, bool reverse) const {
  std::vector<const Flow*> flows;
  for (const Flow& flow : now_.flows)
    flows.push_back(&flow);
  std::sort(flows.begin(), flows.end(), [sort, reverse](const Flow* a, const Flow* b) {
    const double first = rank(*a, sort);
    const double second = rank(*b, sort);
    if (first != second) return reverse ? first < second : first > second;
    if (a->all_bytes() != b->all_bytes()) return a->all_bytes() > b->all_bytes();
    return a->id < b->id;
  });
  return flows;
}

}  // namespace pktana::top
