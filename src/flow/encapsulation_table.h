// SPDX-License-Identifier: Apache-2.0
// The encapsulations of a run's flows, each kept once: a flow and a record hold a number. Shards
// take references when a tunnelled flow begins, the sink gives those of records back when they are
// written or dropped; packets never come here.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

#include "base/keyed_hash.h"
#include "base/mapping.h"
#include "base/result.h"
#include "flow/encapsulation.h"
#include "flow/flow_record.h"

namespace pktana::flow {

/// Lists of layers with reference counts. A list is the path from its innermost layer outwards:
/// lists that begin with the same layers share them. Any thread, save where it says otherwise.
/// Memory is bounded: 64 bytes a layer, taken as layers come.
class EncapsulationTable {
 public:
  static constexpr uint32_t kMaxLayers = uint32_t{1} << 20;
  /// No encapsulation.
  static constexpr uint32_t kNone = 0;
  /// There was one, but the table had no room for it: counted.
  static constexpr uint32_t kNoRoom = 0xFFFFFFFFU;

  [[nodiscard]] static base::Result<std::unique_ptr<EncapsulationTable>> create(
      const base::HashSecret& secret, uint32_t max_layers = kMaxLayers);

  /// The number of this list, with one reference more; kNone for an empty one, kNoRoom when the
  /// table is full.
  /// @param turn source and destination of every layer change places: a packet of the responder
  ///        tells what lies around the initiator's.
  [[nodiscard]] uint32_t acquire(const Encapsulation& encapsulation, bool turn) noexcept;
  void add_reference(uint32_t number) noexcept;
  void release(uint32_t number) noexcept;
  /// The references of these records.
  void release(std::span<const FlowRecord> records) noexcept;

  /// The list behind a number; empty for kNone and kNoRoom. The caller holds a reference: no lock.
  void read(uint32_t number, Encapsulation& out) const noexcept;

  [[nodiscard]] uint32_t layers_in_use() const noexcept;
  /// Lists that found no room.
  [[nodiscard]] uint64_t refused() const noexcept;

 private:
  struct Node {
    TunnelLayer layer;
    uint32_t outer;  ///< number of the list around this layer
    uint32_t references;
    uint32_t next;  ///< in the bucket, or among the free ones
  };

  EncapsulationTable(const base::HashSecret& secret, uint32_t max_layers) noexcept
      : secret_(secret), max_layers_(max_layers) {}

  [[nodiscard]] Node& node(uint32_t number) noexcept {
    return static_cast<Node*>(nodes_.data())[number - 1];
  }
  [[nodiscard]] const Node& node(uint32_t number) const noexcept {
    return static_cast<const Node*>(nodes_.data())[number - 1];
  }
  [[nodiscard]] uint32_t& bucket_of(const TunnelLayer& layer, uint32_t outer) noexcept;
  /// The list `layer` inside of `outer`, whose reference passes to it. Under the lock, as the rest.
  [[nodiscard]] uint32_t inside(uint32_t outer, const TunnelLayer& layer) noexcept;
  [[nodiscard]] uint32_t allocate() noexcept;
  void drop(uint32_t number) noexcept;
  void unlink(uint32_t number) noexcept;

  const base::HashSecret secret_;
  const uint32_t max_layers_;
  uint32_t bucket_mask_ = 0;
  base::Mapping nodes_;
  base::Mapping buckets_;  ///< uint32_t each: number of the first node, 0 = none

  mutable std::mutex mutex_;  ///< guards all below and what the mappings hold
  uint32_t used_ = 0;         ///< nodes ever used
  uint32_t free_head_ = kNone;
  uint32_t in_use_ = 0;
  uint64_t refused_ = 0;
};

/// Gives back all that these records refer to: nobody will read them again.
/// @param encapsulations null = the records refer to none.
void release(std::span<const FlowRecord> records, EncapsulationTable* encapsulations) noexcept;

}  // namespace pktana::flow
