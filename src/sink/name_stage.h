// SPDX-License-Identifier: Apache-2.0
// Names flows by DNS answers: what a client was told an address is called, is what its next flows
// to that address are about. Between the sorters and the outputs, on the sink's thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/counter.h"
#include "base/keyed_hash.h"
#include "flow/encapsulation_table.h"
#include "flow/flow_record.h"
#include "sink/pair_index.h"

namespace pktana::sink {

struct NameStageOptions {
  base::HashSecret secret{};
  /// Takes the references of records that told a name; null = they have none.
  flow::EncapsulationTable* encapsulations = nullptr;
};

/// Bounded: of clients and addresses kMaxPairs, of each the kMaxNames names told last; the pair
/// that was told of the longest ago goes first. One thread, but learned() can be read from any.
class NameStage {
 public:
  static constexpr size_t kMaxPairs = PairIndex::kMaxEntries;
  static constexpr size_t kMaxNames = 4;
  static constexpr size_t kMaxBulk = 256;  ///< records of one pass()
  /// Hosts use an answer beyond its time to live: a name holds for so long at least.
  static constexpr int64_t kLeastHoldNs = 3'600'000'000'000;

  explicit NameStage(const NameStageOptions& options);

  /// Takes out the records that tell a name, and gives the others back, with a name where a flow
  /// has no better one and an answer from before its beginning has one.
  /// @param records at most kMaxBulk, whose references pass to what is returned.
  /// @return Lifetime: until the next call.
  [[nodiscard]] std::span<const flow::FlowRecord> pass(
      std::span<const flow::FlowRecord> records) noexcept;

  /// Records that told a name.
  [[nodiscard]] uint64_t learned() const noexcept { return learned_.get(); }

 private:
  struct Pair {
    uint8_t ip_version = 0;
    std::array<uint8_t, 16> client{};
    std::array<uint8_t, 16> server{};
    bool operator==(const Pair&) const = default;
  };
  /// A name, and when it was told first and last.
  struct Told {
    std::string name;
    int64_t first_ns = 0;
    int64_t last_ns = 0;
    uint32_t ttl_s = 0;
  };
  /// Of a pair. All of them are in a ring, in the order in which they were told of last.
  struct Known {
    Pair pair;
    uint32_t hash = 0;
    uint32_t newer = 0;  ///< numbers of entries; of the newest: the oldest
    uint32_t older = 0;
    std::vector<Told> names;
  };

  /// Whom a record tells a name of, or which it wants the name of.
  [[nodiscard]] static Pair pair_of(const flow::FlowRecord& record) noexcept;
  [[nodiscard]] uint32_t hash_of(const Pair& pair) const noexcept;
  [[nodiscard]] uint32_t find(const Pair& pair, uint32_t hash) const noexcept;
  void learn(const flow::FlowRecord& record, uint32_t hash);
  void name(flow::FlowRecord& record, uint32_t hash) const;
  [[nodiscard]] Known& known(const Pair& pair, uint32_t hash);
  [[nodiscard]] uint32_t entry_for_new();
  void take_out(uint32_t entry) noexcept;
  void make_newest(uint32_t entry) noexcept;

  const NameStageOptions options_;
  std::vector<Known> entries_;
  uint32_t newest_ = PairIndex::kNone;
  PairIndex index_;
  std::vector<flow::FlowRecord> out_;        ///< capacity reserved
  std::array<uint32_t, kMaxBulk> hashes_{};  ///< of the records of one pass()
  base::Counter learned_;
};

}  // namespace pktana::sink
