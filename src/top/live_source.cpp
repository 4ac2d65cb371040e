// SPDX-License-Identifier: Apache-2.0
#include "top/live_source.h"

#include <array>
#include <chrono>
#include <thread>

#include "base/clock.h"
#include "flow/protocol_name.h"
#include "sink/text.h"

namespace pktana::top {
namespace {

using engine::ListingOptions;
using flow::FlowRecord;

constexpr int64_t kPatienceNs = 2 * base::kNsPerSecond;
constexpr std::chrono::milliseconds kLookUp{2};

std::string address_text(const std::array<uint8_t, 16>& address, uint8_t ip_version) {
  std::array<char, 64> text{};
  const char* end = sink::put_address(text.data(), address.data(), ip_version);
  return {text.data(), static_cast<size_t>(end - text.data())};
}

Flow flow_of(const FlowRecord& record, std::string_view interface) {
  Flow flow{.id = record.flow_id,
            .interface = std::string(interface),
            .src = address_text(record.src, record.ip_version),
            .dst = address_text(record.dst, record.ip_version),
            .protocol = std::string(flow::protocol_name(record.protocol)),
            .application = record.app_proto == nullptr ? "" : record.app_proto,
            .name = record.app == nullptr ? "" : record.app->name,
            .state = std::string(flow::to_string(record.state)),
            .start_ns = record.start_ns,
            .end_ns = record.end_ns};
  if (record.src_port != 0 || record.dst_port != 0) {
    flow.src_port = record.src_port;
    flow.dst_port = record.dst_port;
  }
  for (size_t i = 0; i < 2; ++i) {
    flow.packets[i] = record.totals[i].packets;
    flow.bytes[i] = record.totals[i].bytes;
  }
  return flow;
}

std::string name_of(const engine::TalkerRow& row, ListingOptions::By by) {
  if (by == ListingOptions::By::Host) return address_text(row.address, row.ip_version);
  if (by == ListingOptions::By::Application)
    return row.application == nullptr ? "" : row.application;
  return std::string(flow::protocol_name(static_cast<uint8_t>(row.number)));
}

Counters counters_of(const engine::Ledger& ledger) {
  Counters counters{.packets = ledger.packets.captured,
                    .bytes = ledger.packets.captured_bytes,
                    .ring_fill = ledger.ring_fill,
                    .flows_live = ledger.live_flows,
                    .flows_created = ledger.flows.flows_created,
                    .undecodable = ledger.packets.undecodable_sum()};
  if (ledger.kernel) {
    counters.drops = ledger.kernel->drops;
    counters.ring_freezes = ledger.kernel->freezes;
  }
  return counters;
}

std::vector<Identity> identities_of(const engine::Ledger& ledger) {
  std::vector<Identity> identities;
  for (const sink::LedgerLine& line : ledger.lines()) {
    Identity& identity = identities.emplace_back();
    identity.name = line.name;
    identity.total_name = line.total_name;
    identity.total = line.total;
    identity.balanced = !line.total || line.balanced;
    for (const sink::NamedCount& part : line.parts)
      identity.parts.emplace_back(part.name, part.value);
  }
  return identities;
}

}  // namespace

ListingOptions::Sort listing_sort(Sort sort) noexcept {
  switch (sort) {
    case Sort::Bytes:
      return ListingOptions::Sort::Bytes;
    case Sort::Packets:
      return ListingOptions::Sort::Packets;
    case Sort::Duration:
      return ListingOptions::Sort::Duration;
    case Sort::Start:
      return ListingOptions::Sort::Start;
    case Sort::Rate:
    case Sort::Last:
      break;
  }
  return ListingOptions::Sort::Last;
}

LiveSource::LiveSource(std::unique_ptr<engine::LiveSession> session,
                       std::vector<std::string> interfaces)
    : session_(std::move(session)), interfaces_(std::move(interfaces)) {
  for (const std::string& name : interfaces_)
    title_ += (title_.empty() ? "" : ",") + name;
}

base::Result<std::unique_ptr<Source>> LiveSource::open(const engine::LiveOptions& live,
                                                       engine::RunOptions options) {
  options.sink.outputs.clear();
  auto session = engine::LiveSession::open(live, std::move(options));
  if (!session) return base::Unexpected(session.error());
  (*session)->start();
  return std::unique_ptr<Source>(new LiveSource(std::move(*session), live.interfaces));
}

base::Result<std::unique_ptr<engine::FlowListing>> LiveSource::list(const ListingOptions& options) {
  auto listing = session_->list_flows(options);
  if (!listing) return listing;
  const int64_t end_ns = base::monotonic_ns() + kPatienceNs;
  while (!(*listing)->is_done() && !cancelled_ && base::monotonic_ns() < end_ns)
    std::this_thread::sleep_for(kLookUp);
  return listing;
}

base::Result<void> LiveSource::add_flows(const Wanted& wanted, Snapshot& snapshot) {
  const auto listing =
      list({.where = wanted.where, .limit = kMaxFlows, .sort = listing_sort(wanted.sort)});
  if (!listing) return base::Unexpected(listing.error());
  const engine::ListingResult result = (*listing)->result();
  for (const FlowRecord& record : result.flows)
    snapshot.flows.push_back(flow_of(record, session_->source_name(record.source_id)));
  snapshot.flows_matched = result.matched;
  snapshot.complete = result.complete;
  return {};
}

base::Result<std::vector<Talker>> LiveSource::talkers(const std::string& where,
                                                      ListingOptions::By by) {
  const auto listing = list({.where = where, .limit = kMaxTalkers, .by = by});
  if (!listing) return base::Unexpected(listing.error());
  std::vector<Talker> talkers;
  for (const engine::Talker& talker : (*listing)->result().talkers)
    talkers.push_back({.name = name_of(talker.row, by),
                       .bytes = talker.row.bytes,
                       .packets = talker.row.packets,
                       .flows = talker.flows});
  return talkers;
}

base::Result<void> LiveSource::add_talkers(const Wanted& wanted, Snapshot& snapshot) {
  if (snapshot.is_whole()) {
    sum_up_talkers(snapshot);
    return {};
  }
  using By = ListingOptions::By;
  const std::pair<By, std::vector<Talker>*> lists[] = {{By::Host, &snapshot.hosts},
                                                       {By::Protocol, &snapshot.protocols},
                                                       {By::Application, &snapshot.applications}};
  for (const auto& [by, list] : lists) {
    auto found = talkers(wanted.where, by);
    if (!found) return base::Unexpected(found.error());
    *list = std::move(*found);
  }
  return {};
}

base::Result<void> LiveSource::check_running() {
  if (!ended_ && !session_->is_running()) {
    const engine::RunReport report = session_->finish();
    ended_ = report.input_errors.empty() ? base::input_error("capture", "it has ended")
                                         : report.input_errors.front();
  }
  if (ended_) return base::Unexpected(*ended_);
  return {};
}

base::Result<Snapshot> LiveSource::fetch(const Wanted& wanted) {
  if (auto running = check_running(); !running) return base::Unexpected(running.error());
  Snapshot snapshot{.where = wanted.where};
  if (auto added = add_flows(wanted, snapshot); !added) return base::Unexpected(added.error());
  if (auto added = add_talkers(wanted, snapshot); !added) return base::Unexpected(added.error());
  const engine::Ledger ledger = session_->collect();
  snapshot.taken_ns = base::monotonic_ns();
  snapshot.time_ns = base::realtime_ns();
  snapshot.uptime_ns = snapshot.taken_ns - session_->began_ns();
  snapshot.counters = counters_of(ledger);
  snapshot.ledger = identities_of(ledger);
  for (const ring::SourceStatistics& source : ledger.sources)
    snapshot.interfaces.push_back({.name = std::string(session_->source_name(source.source_id)),
                                   .packets = source.ring.packets,
                                   .drops = source.ring.drops});
  return snapshot;
}

base::Result<FlowFields> LiveSource::fields(uint64_t flow_id) {
  const auto listing = list({.where = "flow_id == " + std::to_string(flow_id), .limit = 1});
  if (!listing) return base::Unexpected(listing.error());
  FlowFields fields;
  const engine::ListingResult result = (*listing)->result();
  if (result.flows.empty()) return fields;
  for (engine::FieldText& field : (*listing)->fields_of(result.flows.front()))
    fields.emplace_back(field.name, std::move(field.text));
  return fields;
}

}  // namespace pktana::top
