// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_index.h"

#include <random>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "support/catch.h"

namespace pktana::flow {
namespace {

FlowIndex index_for(uint32_t max_flows) {
  auto index = FlowIndex::create(max_flows);
  REQUIRE(index);
  return std::move(*index);
}

Slot find_slot(const FlowIndex& index, uint64_t hash, Slot slot) {
  return index.find(hash, [slot](Slot candidate) { return candidate == slot; });
}

/// How many slots a look-up that nothing satisfies has to compare.
unsigned candidates(const FlowIndex& index, uint64_t hash) {
  unsigned count = 0;
  (void)index.find(hash, [&count](Slot) {
    ++count;
    return false;
  });
  return count;
}

/// Hash with `tag` whose home is the lowest bucket (`high` = 0) or one further up.
constexpr uint64_t hash_of(uint32_t high, uint16_t tag) { return uint64_t{high} << 32 | tag; }

TEST_CASE("flow index: finds what was inserted until it is erased") {
  FlowIndex index = index_for(10);
  CHECK(find_slot(index, hash_of(0, 7), 3) == kNoSlot);
  index.insert(hash_of(0, 7), 3);
  CHECK(find_slot(index, hash_of(0, 7), 3) == 3);
  CHECK(find_slot(index, hash_of(0, 8), 3) == kNoSlot);
  index.erase(hash_of(0, 7), 3);
  CHECK(find_slot(index, hash_of(0, 7), 3) == kNoSlot);
}

TEST_CASE("flow index: equal hashes are told apart by the caller's comparison") {
  FlowIndex index = index_for(100);
  for (Slot slot = 0; slot < 50; ++slot)
    index.insert(hash_of(1, 7), slot);
  for (Slot slot = 0; slot < 50; ++slot)
    CHECK(find_slot(index, hash_of(1, 7), slot) == slot);
  CHECK(candidates(index, hash_of(1, 7)) == 50);
}

TEST_CASE("flow index: a hash whose tag bits are zero is found like any other") {
  FlowIndex index = index_for(10);
  index.insert(hash_of(0, 0), 5);
  CHECK(find_slot(index, hash_of(0, 0), 5) == 5);
  CHECK(find_slot(index, hash_of(0, 1), 5) == 5);  // 0 stands for "empty" and is kept as 1
  index.erase(hash_of(0, 0), 5);
  CHECK(candidates(index, hash_of(0, 1)) == 0);
}

TEST_CASE("flow index: what differs in any of ten bits of the hash is not compared") {
  FlowIndex index = index_for(10);
  index.insert(hash_of(0, 7), 3);
  index.insert(hash_of(0, 7 | 0x200), 4);
  for (const unsigned bit : {0U, 3U, 7U, 8U}) {
    CHECK(candidates(index, hash_of(0, static_cast<uint16_t>(7 ^ 1U << bit))) == 0);
    CHECK(index.guess(hash_of(0, static_cast<uint16_t>(7 ^ 1U << bit))) == kNoSlot);
  }
  CHECK(candidates(index, hash_of(0, 7)) == 1);
  CHECK(index.guess(hash_of(0, 7 | 0x200)) == 4);
  index.erase(hash_of(0, 7), 3);
  CHECK(find_slot(index, hash_of(0, 7 | 0x200), 4) == 4);
}

TEST_CASE("flow index: the highest slot there can be is given back whole") {
  FlowIndex index = index_for(10);
  const Slot highest = (Slot{1} << FlowIndex::kSlotBits) - 1;
  index.insert(hash_of(0, 0x3FF), highest);
  CHECK(index.guess(hash_of(0, 0x3FF)) == highest);
  CHECK(find_slot(index, hash_of(0, 0x3FF), highest) == highest);
}

TEST_CASE("flow index: takes 8 bytes a flow") {
  CHECK(index_for(1'000'000).size_bytes() <= 8'000'064);
}

TEST_CASE("flow index: the guess is a slot of the home bucket with the tag, or none") {
  FlowIndex index = index_for(10);
  CHECK(index.guess(hash_of(0, 7)) == kNoSlot);
  index.insert(hash_of(0, 7), 3);
  CHECK(index.guess(hash_of(0, 7)) == 3);
  CHECK(index.guess(hash_of(0, 8)) == kNoSlot);
}

TEST_CASE("flow index: entries beyond a full bucket lie in the next ones, round the end") {
  FlowIndex index = index_for(80);
  const uint32_t last = ~uint32_t{0};  // home of the last bucket
  for (Slot slot = 0; slot < 30; ++slot)
    index.insert(hash_of(last, 7), slot);
  for (Slot slot = 0; slot < 30; ++slot)
    CHECK(find_slot(index, hash_of(last, 7), slot) == slot);
  for (Slot slot = 0; slot < 30; slot += 2)
    index.erase(hash_of(last, 7), slot);
  for (Slot slot = 0; slot < 30; ++slot)
    CHECK((find_slot(index, hash_of(last, 7), slot) == slot) == (slot % 2 == 1));
}

TEST_CASE("flow index: after an overflow is erased look-ups stop at the home bucket again") {
  FlowIndex index = index_for(80);
  for (Slot slot = 0; slot < 20; ++slot)
    index.insert(hash_of(0, 7), slot);
  // A neighbour in the second bucket with the same tag: met only by who probes past the first.
  const uint64_t neighbour = hash_of(uint32_t{1} << 28, 7);
  index.insert(neighbour, 99);
  for (Slot slot = 0; slot < 20; ++slot)
    index.erase(hash_of(0, 7), slot);
  CHECK(find_slot(index, neighbour, 99) == 99);
  CHECK(candidates(index, hash_of(0, 7)) == 0);
}

TEST_CASE("flow index: holds max_flows entries whatever their hashes") {
  for (const uint32_t max_flows : {1U, 5U, 127U, 128U, 1000U}) {
    FlowIndex index = index_for(max_flows);
    for (Slot slot = 0; slot < max_flows; ++slot)
      index.insert(hash_of(12345, 9), slot);
    CHECK(candidates(index, hash_of(12345, 9)) == max_flows);
    for (Slot slot = 0; slot < max_flows; ++slot)
      index.erase(hash_of(12345, 9), slot);
    CHECK(candidates(index, hash_of(12345, 9)) == 0);
  }
}

/// Random inserts, look-ups and erasures on an index and on a model of it.
class Model {
 public:
  Model(uint32_t max_flows, uint64_t hash_mask)
      : index_(index_for(max_flows)), hash_mask_(hash_mask) {
    for (Slot slot = 0; slot < max_flows; ++slot)
      free_.push_back(max_flows - 1 - slot);
  }

  void step(std::mt19937_64& random) {
    const uint64_t dice = random() % 100;
    if (dice < 45 && !free_.empty()) insert(random() & hash_mask_);
    if (dice >= 45 && dice < 80 && !used_.empty()) erase(random() % used_.size());
    if (dice >= 80) check(random() & hash_mask_);
  }

  void erase_all() {
    while (!used_.empty())
      erase(used_.size() - 1);
  }

  void check(uint64_t hash) const {
    std::unordered_set<Slot> seen;
    (void)index_.find(hash, [&seen](Slot slot) { return seen.insert(slot).second && false; });
    const auto [first, last] = model_.equal_range(hash);
    for (auto it = first; it != last; ++it)
      if (seen.count(it->second) != 1) FAIL("an entry was not found");
  }

  [[nodiscard]] const FlowIndex& index() const { return index_; }
  [[nodiscard]] size_t size() const { return model_.size(); }

 private:
  void insert(uint64_t hash) {
    const Slot slot = free_.back();
    free_.pop_back();
    index_.insert(hash, slot);
    model_.emplace(hash, slot);
    used_.emplace_back(hash, slot);
  }

  void erase(size_t which) {
    const auto [hash, slot] = used_[which];
    used_[which] = used_.back();
    used_.pop_back();
    if (find_slot(index_, hash, slot) != slot) FAIL("an entry got lost");
    index_.erase(hash, slot);
    if (find_slot(index_, hash, slot) != kNoSlot) FAIL("an erased entry is still found");
    const auto [first, last] = model_.equal_range(hash);
    for (auto it = first; it != last; ++it) {
      if (it->second != slot) continue;
      model_.erase(it);
      break;
    }
    free_.push_back(slot);
  }

  FlowIndex index_;
  uint64_t hash_mask_;
  std::unordered_multimap<uint64_t, Slot> model_;
  std::vector<std::pair<uint64_t, Slot>> used_;
  std::vector<Slot> free_;
};

TEST_CASE("flow index: millions of random operations agree with a multimap") {
  std::mt19937_64 random(1);
  Model model(2000, ~uint64_t{0});
  for (int i = 0; i < 3'000'000; ++i)
    model.step(random);
  CHECK(model.size() > 1000);
  model.erase_all();
}

TEST_CASE("flow index: a crowded index with colliding hashes agrees with a multimap") {
  std::mt19937_64 random(2);
  // Four homes and four tags: long chains of overflowing buckets all the time.
  Model model(300, 0xC0000000'00000003);
  for (int i = 0; i < 200'000; ++i)
    model.step(random);
  model.erase_all();
  for (const uint32_t home : {0U, 0x40000000U, 0x80000000U, 0xC0000000U})
    for (const uint16_t tag : {uint16_t{1}, uint16_t{2}, uint16_t{3}})
      CHECK(candidates(model.index(), hash_of(home, tag)) == 0);
}

}  // namespace
}  // namespace pktana::flow
