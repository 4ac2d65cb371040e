// SPDX-License-Identifier: Apache-2.0
#include "flow/encapsulation_table.h"

#include <bit>
#include <cassert>
#include <utility>

#include "base/bytes.h"

namespace pktana::flow {
namespace {

bool is_list(uint32_t number) noexcept {
  return number != EncapsulationTable::kNone && number != EncapsulationTable::kNoRoom;
}

TunnelLayer turned(TunnelLayer layer) noexcept {
  std::swap(layer.src, layer.dst);
  return layer;
}

}  // namespace

base::Result<std::unique_ptr<EncapsulationTable>> EncapsulationTable::create(
    const base::HashSecret& secret, uint32_t max_layers) {
  if (max_layers == 0 || max_layers > kMaxLayers)
    return base::fail_input("encapsulation table", "must have room for 1 to 1048576 layers");
  std::unique_ptr<EncapsulationTable> table(new EncapsulationTable(secret, max_layers));
  const uint32_t buckets = std::bit_ceil(max_layers);
  table->bucket_mask_ = buckets - 1;
  auto nodes = base::Mapping::anonymous(size_t{max_layers} * sizeof(Node));
  if (!nodes) return base::Unexpected(nodes.error());
  table->nodes_ = std::move(*nodes);
  auto heads = base::Mapping::anonymous(size_t{buckets} * sizeof(uint32_t));
  if (!heads) return base::Unexpected(heads.error());
  table->buckets_ = std::move(*heads);
  return table;
}

uint32_t EncapsulationTable::acquire(const Encapsulation& encapsulation, bool turn) noexcept {
  const std::lock_guard lock(mutex_);
  uint32_t number = kNone;
  for (unsigned i = 0; i < encapsulation.count; ++i) {
    const TunnelLayer& layer = encapsulation.layer[i];
    number = inside(number, turn ? turned(layer) : layer);
    if (number != kNoRoom) continue;
    ++refused_;
    return kNoRoom;
  }
  return number;
}

void EncapsulationTable::add_reference(uint32_t number) noexcept {
  if (!is_list(number)) return;
  const std::lock_guard lock(mutex_);
  assert(node(number).references > 0);
  ++node(number).references;
}

void EncapsulationTable::release(uint32_t number) noexcept {
  if (!is_list(number)) return;
  const std::lock_guard lock(mutex_);
  drop(number);
}

void EncapsulationTable::release(std::span<const FlowRecord> records) noexcept {
  std::unique_lock lock(mutex_, std::defer_lock);
  for (const FlowRecord& record : records) {
    if (!is_list(record.encapsulation)) continue;
    if (!lock.owns_lock()) lock.lock();
    drop(record.encapsulation);
  }
}

void EncapsulationTable::read(uint32_t number, Encapsulation& out) const noexcept {
  out.count = 0;
  if (!is_list(number)) return;
  // A node that is referred to does not change, and its number came with it from another thread.
  for (uint32_t at = number; at != kNone; at = node(at).outer)
    ++out.count;
  unsigned i = out.count;
  for (uint32_t at = number; at != kNone; at = node(at).outer)
    out.layer[--i] = node(at).layer;
}

uint32_t EncapsulationTable::layers_in_use() const noexcept {
  const std::lock_guard lock(mutex_);
  return in_use_;
}

uint64_t EncapsulationTable::refused() const noexcept {
  const std::lock_guard lock(mutex_);
  return refused_;
}

uint32_t& EncapsulationTable::bucket_of(const TunnelLayer& layer, uint32_t outer) noexcept {
  using base::load_raw;
  const uint64_t head = uint64_t{layer.id} << 16 | uint64_t{layer.ip_version} << 8 | layer.type;
  const uint64_t hash = base::keyed_hash(
      secret_, {load_raw<uint64_t>(&layer.src[0]), load_raw<uint64_t>(&layer.src[8]),
                load_raw<uint64_t>(&layer.dst[0]), load_raw<uint64_t>(&layer.dst[8]), head, outer});
  return static_cast<uint32_t*>(buckets_.data())[hash & bucket_mask_];
}

uint32_t EncapsulationTable::inside(uint32_t outer, const TunnelLayer& layer) noexcept {
  uint32_t& head = bucket_of(layer, outer);
  for (uint32_t at = head; at != kNone; at = node(at).next) {
    if (node(at).outer != outer || !(node(at).layer == layer)) continue;
    ++node(at).references;
    if (outer != kNone) drop(outer);  // the node that was found has its own
    return at;
  }
  const uint32_t made = allocate();
  if (made == kNone) {
    if (outer != kNone) drop(outer);
    return kNoRoom;
  }
  node(made) = {.layer = layer, .outer = outer, .references = 1, .next = head};
  head = made;
  return made;
}

uint32_t EncapsulationTable::allocate() noexcept {
  uint32_t number = free_head_;
  if (number != kNone)
    free_head_ = node(number).next;
  else if (used_ < max_layers_)
    number = ++used_;
  in_use_ += number != kNone;
  return number;
}

void EncapsulationTable::drop(uint32_t number) noexcept {
  while (number != kNone) {
    assert(node(number).references > 0);
    if (--node(number).references > 0) return;
    unlink(number);
    const uint32_t outer = node(number).outer;
    node(number).next = free_head_;
    free_head_ = number;
    --in_use_;
    number = outer;
  }
}

void EncapsulationTable::unlink(uint32_t number) noexcept {
  uint32_t* link = &bucket_of(node(number).layer, node(number).outer);
  while (*link != number)
    link = &node(*link).next;
  *link = node(number).next;
}

void release(std::span<const FlowRecord> records, EncapsulationTable* encapsulations) noexcept {
  drop_belongings(records);
  if (encapsulations != nullptr) encapsulations->release(records);
}

}  // namespace pktana::flow
