// SPDX-License-Identifier: Apache-2.0
#include "flow/flow_store.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "support/catch.h"

namespace pktana::flow {
namespace {

FlowStore store_for(uint32_t max_flows) {
  auto store = FlowStore::create(max_flows);
  REQUIRE(store);
  return std::move(*store);
}

bool is_blank(const FlowStore& store, Slot slot) {
  FlowEntry blank{};
  blank.hot.live = true;
  const TailEntry tail{};
  return std::memcmp(&store.entry(slot), &blank, sizeof blank) == 0 &&
         std::memcmp(&store.tail(slot), &tail, sizeof tail) == 0;
}

TEST_CASE("flow store: hands out every slot once, then none") {
  for (const uint32_t max_flows : {1U, 63U, 64U, 65U, 1000U}) {
    FlowStore store = store_for(max_flows);
    std::set<Slot> slots;
    for (uint32_t i = 0; i < max_flows; ++i)
      slots.insert(store.allocate());
    CHECK(slots.size() == max_flows);
    CHECK(*slots.rbegin() == max_flows - 1);
    CHECK(store.live() == max_flows);
    CHECK(store.allocate() == kNoSlot);
    CHECK(store.live() == max_flows);
  }
}

TEST_CASE("flow store: a released slot comes back blank") {
  FlowStore store = store_for(2);
  const Slot first = store.allocate();
  const Slot second = store.allocate();
  CHECK(is_blank(store, first));
  store.entry(first).hot.packets = {1, 2};
  store.entry(first).tcp.side[1].flags = kFinKnown;
  store.tail(first).history = 5;
  store.flow(first).odd().continuation = 5;
  store.release(first);
  CHECK(store.live() == 1);
  CHECK(store.allocate() == first);
  CHECK(is_blank(store, first));
  CHECK(store.flow(first).view().continuation() == 0);
  CHECK(store.flow(first).odd().continuation == 0);  // the block that was given back
  CHECK(store.entry(second).hot.live);
}

TEST_CASE("flow store: entries of a flow are neighbours in memory") {
  FlowStore store = store_for(4);
  CHECK(reinterpret_cast<uintptr_t>(&store.entry(1)) % 128 == 0);
  CHECK(reinterpret_cast<uintptr_t>(&store.entry(2)) -
            reinterpret_cast<uintptr_t>(&store.entry(1)) ==
        128);
}

TEST_CASE("flow store: the high water mark bounds what was ever used") {
  FlowStore store = store_for(10);
  CHECK(store.high_water() == 0);
  const Slot slot = store.allocate();
  (void)store.allocate();
  CHECK(store.high_water() == 2);
  store.release(slot);
  (void)store.allocate();
  CHECK(store.high_water() == 2);
}

TEST_CASE("flow store: flows begin expendable and leave the count when kept or released") {
  FlowStore store = store_for(10);
  CHECK(store.next_expendable() == kNoSlot);
  const Slot kept = store.allocate();
  const Slot other = store.allocate();
  CHECK(store.expendable() == 2);
  store.set_expendable(kept, false);
  store.set_expendable(kept, false);
  CHECK(store.expendable() == 1);
  CHECK_FALSE(store.is_expendable(kept));
  CHECK(store.is_expendable(other));
  CHECK_FALSE(store.is_expendable(other + 1));
  CHECK_FALSE(store.is_expendable(1000));
  CHECK(store.next_expendable() == other);
  CHECK(store.next_expendable() == other);
  store.release(other);
  CHECK(store.expendable() == 0);
  CHECK(store.next_expendable() == kNoSlot);
  store.set_expendable(kept, true);
  store.set_expendable(kept, true);
  CHECK(store.expendable() == 1);
  CHECK(store.next_expendable() == kept);
}

TEST_CASE("flow store: the eviction cursor passes each expendable flow once a round") {
  constexpr uint32_t kFlows = 200;
  FlowStore store = store_for(kFlows);
  std::vector<Slot> expected;
  for (uint32_t i = 0; i < kFlows; ++i) {
    const Slot slot = store.allocate();
    if (i % 3 == 0)
      expected.push_back(slot);
    else
      store.set_expendable(slot, false);
  }
  for (int round = 0; round < 3; ++round)
    for (const Slot slot : expected)
      REQUIRE(store.next_expendable() == slot);
}

TEST_CASE("flow store: under a flood the oldest newcomer goes first") {
  constexpr uint32_t kFlows = 100;
  FlowStore store = store_for(kFlows);
  for (uint32_t i = 0; i < kFlows; ++i)
    (void)store.allocate();
  std::map<Slot, int> evictions;
  for (uint32_t i = 0; i < 5 * kFlows; ++i) {
    const Slot victim = store.next_expendable();
    ++evictions[victim];
    store.release(victim);
    REQUIRE(store.allocate() == victim);
  }
  CHECK(evictions.size() == kFlows);
  CHECK(std::all_of(evictions.begin(), evictions.end(), [](auto& one) { return one.second == 5; }));
}

TEST_CASE(
    "flow store: random use agrees with a model, the cursor finds live expendable flows only") {
  constexpr uint32_t kFlows = 300;
  FlowStore store = store_for(kFlows);
  std::map<Slot, bool> model;  // live slot to expendable
  std::mt19937 random(1);
  const auto any = [&] {
    return std::next(model.begin(), static_cast<long>(random() % model.size()));
  };
  for (int i = 0; i < 300'000; ++i) {
    const auto dice = random() % 100;
    if (dice < 40) {
      const Slot slot = store.allocate();
      if ((slot == kNoSlot) != (model.size() == kFlows)) FAIL("a slot too many or too few");
      if (slot != kNoSlot && !model.emplace(slot, true).second) FAIL("a slot given out twice");
    } else if (dice < 75 && !model.empty()) {
      const auto it = any();
      store.release(it->first);
      model.erase(it);
    } else if (dice < 90 && !model.empty()) {
      const auto it = any();
      it->second = random() % 2 == 0;
      store.set_expendable(it->first, it->second);
    } else {
      const Slot slot = store.next_expendable();
      if ((slot == kNoSlot) != (store.expendable() == 0)) FAIL("the cursor missed a flow");
      if (slot != kNoSlot && (model.count(slot) == 0 || !model[slot])) FAIL("a dead or kept slot");
    }
    if (store.live() != model.size()) FAIL("a wrong count of live flows");
  }
  const auto expendable =
      std::count_if(model.begin(), model.end(), [](auto& m) { return m.second; });
  CHECK(store.expendable() == expendable);
}

}  // namespace
}  // namespace pktana::flow
