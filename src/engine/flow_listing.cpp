// SPDX-License-Identifier: Apache-2.0
#include "engine/flow_listing.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "base/clock.h"

namespace pktana::engine {
namespace {

using flow::FlowRecord;
using Sort = ListingOptions::Sort;
using By = ListingOptions::By;

constexpr flow::Slot kSlotsAtOnce = 512;
constexpr size_t kRowsToSpare = 4096;  ///< flows that begin meanwhile

uint64_t bytes_of(const FlowRecord& record) noexcept {
  return record.totals[0].bytes + record.totals[1].bytes;
}
uint64_t packets_of(const FlowRecord& record) noexcept {
  return record.totals[0].packets + record.totals[1].packets;
}

/// What stands first has the greatest.
uint64_t rank(const FlowRecord& record, Sort sort) noexcept {
  switch (sort) {
    case Sort::Bytes:
      return bytes_of(record);
    case Sort::Packets:
      return packets_of(record);
    case Sort::Start:
      return static_cast<uint64_t>(record.start_ns);
    case Sort::Last:
      return static_cast<uint64_t>(record.end_ns);
    case Sort::Duration:
      break;
  }
  return static_cast<uint64_t>(std::max<int64_t>(record.end_ns - record.start_ns, 0));
}

struct Before {
  Sort sort;
  bool operator()(const FlowRecord& a, const FlowRecord& b) const noexcept {
    const uint64_t first = rank(a, sort);
    const uint64_t second = rank(b, sort);
    return first != second ? first > second : a.flow_id < b.flow_id;
  }
};

auto key_of(const TalkerRow& row) noexcept {
  const char* application = row.application == nullptr ? "" : row.application;
  return std::tuple(row.ip_version, row.address, row.number, std::string_view(application));
}

std::vector<Talker> sum_up(std::vector<TalkerRow> rows, size_t limit) {
  std::sort(rows.begin(), rows.end(),
            [](const TalkerRow& a, const TalkerRow& b) { return key_of(a) < key_of(b); });
  std::vector<Talker> talkers;
  for (const TalkerRow& row : rows) {
    if (talkers.empty() || key_of(talkers.back().row) != key_of(row))
      talkers.push_back({.row = row, .flows = 1});
    else {
      talkers.back().row.bytes += row.bytes;
      talkers.back().row.packets += row.packets;
      ++talkers.back().flows;
    }
  }
  const auto end = talkers.begin() + static_cast<std::ptrdiff_t>(std::min(limit, talkers.size()));
  std::partial_sort(talkers.begin(), end, talkers.end(), [](const Talker& a, const Talker& b) {
    return a.row.bytes != b.row.bytes ? a.row.bytes > b.row.bytes : key_of(a.row) < key_of(b.row);
  });
  talkers.erase(end, talkers.end());
  return talkers;
}

}  // namespace

base::Result<std::shared_ptr<ListingSlice>> ListingSlice::create(const ListingOptions& options,
                                                                 const RecordContext& context,
                                                                 uint64_t live_flows) {
  std::optional<filter::Expression> where;
  if (!options.where.empty()) {
    auto compiled = filter::Expression::compile(options.where, filter::ExpressionUse::Records);
    if (!compiled) return base::Unexpected(compiled.error());
    where = std::move(*compiled);
  }
  auto names = ExpressionNames::create(context);
  if (!names) return base::Unexpected(names.error());
  std::shared_ptr<ListingSlice> slice(
      new ListingSlice(options, std::move(where), std::move(*names)));
  const size_t sides = options.by == By::Host ? 2 : 1;
  if (options.by == By::None)
    slice->flows_.reserve(options.limit);
  else
    slice->rows_.reserve(
        std::min<size_t>(sides * (live_flows + kRowsToSpare), ListingOptions::kMaxRows));
  return slice;
}

ListingSlice::ListingSlice(const ListingOptions& options, std::optional<filter::Expression> where,
                           ExpressionNames names)
    : options_(options), where_(std::move(where)), names_(std::move(names)) {}

bool ListingSlice::step(const flow::FlowShard& shard, int64_t budget_ns) noexcept {
  const int64_t end_ns = base::monotonic_ns() + budget_ns;
  while (cursor_ != flow::kNoSlot) {
    cursor_ =
        shard.visit_live(cursor_, kSlotsAtOnce, [this](const FlowRecord& record) { take(record); });
    if (base::monotonic_ns() >= end_ns) break;
  }
  if (cursor_ != flow::kNoSlot) return false;
  finish(true);
  return true;
}

void ListingSlice::finish(bool complete) noexcept {
  complete_ = complete;
  done_.store(true, std::memory_order_release);  // what was written before is then seen
}

void ListingSlice::take(const FlowRecord& record) noexcept {
  if (where_ && !where_->matches(filter::RecordView{record, &names_})) return;
  ++matched_;
  if (options_.by == By::None)
    add_flow(record);
  else
    add_rows(record);
}

void ListingSlice::add_flow(const FlowRecord& record) noexcept {
  const Before before{options_.sort};
  if (flows_.size() == options_.limit) {
    if (flows_.empty() || !before(record, flows_.front())) return;
    std::pop_heap(flows_.begin(), flows_.end(), before);
    flow::drop_belongings({&flows_.back(), 1});
    flows_.pop_back();
  }
  FlowRecord& kept = flows_.emplace_back(record);
  kept.encapsulation = 0;  // the copy holds no reference to the table
  flow::take_belongings(kept);
  std::push_heap(flows_.begin(), flows_.end(), before);
}

void ListingSlice::add_row(const TalkerRow& row) noexcept {
  if (rows_.size() < rows_.capacity())
    rows_.push_back(row);
  else
    ++left_out_;
}

void ListingSlice::add_rows(const FlowRecord& record) noexcept {
  TalkerRow row{.packets = packets_of(record), .bytes = bytes_of(record)};
  if (options_.by == By::Port || options_.by == By::Protocol) {
    row.number = record.protocol;
    if (options_.by == By::Port) row.number |= uint32_t{record.dst_port} << 8;
    add_row(row);
    return;
  }
  if (options_.by == By::Application) {
    row.application = record.app_proto;
    add_row(row);
    return;
  }
  row.ip_version = record.ip_version;
  for (const bool source : {true, false}) {
    if (source ? options_.by == By::Destination : options_.by == By::Source) continue;
    row.address = source ? record.src : record.dst;
    add_row(row);
  }
}

bool FlowListing::is_done() const noexcept {
  return std::all_of(slices_.begin(), slices_.end(),
                     [](const auto& slice) { return slice->is_done(); });
}

std::vector<FieldText> FlowListing::fields_of(const FlowRecord& record) const {
  const ExpressionNames* names = slices_.empty() ? nullptr : &slices_.front()->names();
  return field_texts(filter::RecordView{record, names});
}

ListingResult FlowListing::result() const {
  ListingResult result;
  std::vector<TalkerRow> rows;
  for (const auto& slice : slices_) {
    if (!slice->is_done()) {
      result.complete = false;
      continue;
    }
    result.complete = result.complete && slice->is_complete();
    result.matched += slice->matched();
    result.left_out += slice->left_out();
    result.flows.insert(result.flows.end(), slice->flows().begin(), slice->flows().end());
    rows.insert(rows.end(), slice->rows().begin(), slice->rows().end());
  }
  std::sort(result.flows.begin(), result.flows.end(), Before{options_.sort});
  if (result.flows.size() > options_.limit) result.flows.resize(options_.limit);
  if (options_.by != By::None) result.talkers = sum_up(std::move(rows), options_.limit);
  return result;
}

}  // namespace pktana::engine
