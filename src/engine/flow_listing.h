// SPDX-License-Identifier: Apache-2.0
// A look at the live flows of a run while it goes on: those that match an expression, the largest
// first, and who talks most. Each worker fills its own slice between batches, a little at a time.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/expression_names.h"
#include "engine/field_text.h"
#include "filter/expression.h"
#include "flow/flow_record.h"
#include "flow/flow_shard.h"

namespace pktana::engine {

struct ListingOptions {
  enum class Sort : uint8_t { Bytes, Packets, Start, Last, Duration };
  enum class By : uint8_t { None, Source, Destination, Host, Port, Protocol, Application };

  static constexpr size_t kMaxFlows = 1000;  ///< of an answer
  /// Flows of a worker that talkers are made of; further ones are counted as left out.
  static constexpr size_t kMaxRows = size_t{2} << 20;

  std::string where = {};  ///< flow expression; empty = all
  size_t limit = 100;
  Sort sort = Sort::Bytes;
  By by = By::None;  ///< talkers instead of flows
};

/// One flow as a talker's part.
struct TalkerRow {
  std::array<uint8_t, 16> address{};
  uint32_t number = 0;  ///< port and protocol, or protocol
  uint8_t ip_version = 0;
  const char* application = nullptr;  ///< a literal; null = not known
  uint64_t packets = 0;
  uint64_t bytes = 0;
};

/// Filled by one worker; whoever asked reads it once is_done() says so.
class ListingSlice {
 public:
  ListingSlice(const ListingSlice&) = delete;
  ListingSlice& operator=(const ListingSlice&) = delete;
  ~ListingSlice() { flow::drop_belongings(flows_); }

  /// Takes all memory that it will need for a shard with so many live flows.
  [[nodiscard]] static base::Result<std::shared_ptr<ListingSlice>> create(
      const ListingOptions& options, const RecordContext& context, uint64_t live_flows);

  /// Worker: visits more slots for about `budget_ns`. True: that was all.
  [[nodiscard]] bool step(const flow::FlowShard& shard, int64_t budget_ns) noexcept;
  /// Worker, or whoever stops waiting: there will be no more.
  void finish(bool complete) noexcept;

  [[nodiscard]] bool is_done() const noexcept { return done_.load(std::memory_order_acquire); }
  [[nodiscard]] bool is_complete() const noexcept { return complete_; }
  /// Lifetime: what they refer to (FlowRecord::app) is the slice's.
  [[nodiscard]] const std::vector<flow::FlowRecord>& flows() const noexcept { return flows_; }
  [[nodiscard]] const std::vector<TalkerRow>& rows() const noexcept { return rows_; }
  /// For whoever asked, once it is done.
  [[nodiscard]] const ExpressionNames& names() const noexcept { return names_; }
  [[nodiscard]] uint64_t matched() const noexcept { return matched_; }
  [[nodiscard]] uint64_t left_out() const noexcept { return left_out_; }

 private:
  ListingSlice(const ListingOptions& options, std::optional<filter::Expression> where,
               ExpressionNames names);
  void take(const flow::FlowRecord& record) noexcept;
  void add_flow(const flow::FlowRecord& record) noexcept;
  void add_rows(const flow::FlowRecord& record) noexcept;
  void add_row(const TalkerRow& row) noexcept;

  const ListingOptions options_;
  std::optional<filter::Expression> where_;
  ExpressionNames names_;
  std::vector<flow::FlowRecord> flows_;  ///< a heap, the least in front; capacity reserved
  std::vector<TalkerRow> rows_;          ///< capacity reserved
  flow::Slot cursor_ = 0;
  uint64_t matched_ = 0;
  uint64_t left_out_ = 0;
  bool complete_ = false;  ///< published by done_
  std::atomic<bool> done_{false};
};

struct Talker {
  TalkerRow row;  ///< sums
  uint64_t flows = 0;
};

/// The slices of all workers, put together when they are done.
struct ListingResult {
  /// The first ones, in order. Lifetime: what they refer to is the listing's.
  std::vector<flow::FlowRecord> flows;
  std::vector<Talker> talkers;  ///< likewise, by bytes
  uint64_t matched = 0;
  uint64_t left_out = 0;  ///< matched, but beyond what talkers are made of
  bool complete = true;   ///< false: a worker ended or did not answer
};

class FlowListing {
 public:
  FlowListing(const ListingOptions& options, std::vector<std::shared_ptr<ListingSlice>> slices)
      : options_(options), slices_(std::move(slices)) {}

  [[nodiscard]] bool is_done() const noexcept;
  /// Of the slices that are done.
  [[nodiscard]] ListingResult result() const;
  [[nodiscard]] const ListingOptions& options() const noexcept { return options_; }
  /// Each field of flow expressions that has a value in a flow of result(), in the order of
  /// `pktana fields`. Once it is done.
  [[nodiscard]] std::vector<FieldText> fields_of(const flow::FlowRecord& record) const;

 private:
  ListingOptions options_;
  std::vector<std::shared_ptr<ListingSlice>> slices_;  ///< shared with the workers
};

}  // namespace pktana::engine
