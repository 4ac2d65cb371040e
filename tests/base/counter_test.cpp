// SPDX-License-Identifier: Apache-2.0
#include "base/counter.h"

#include <thread>

#include "support/catch.h"

namespace pktana::base {
namespace {

TEST_CASE("counter: begins at zero, adds, and can be set") {
  Counter counter;
  CHECK(counter.get() == 0);
  counter.add(3);
  counter.add(uint64_t{1} << 40);
  CHECK(counter.get() == (uint64_t{1} << 40) + 3);
  counter.set(9);
  CHECK(counter.get() == 9);
}

TEST_CASE("counter: a reader on another thread never sees it go down") {
  constexpr uint64_t kCount = 200'000;
  Counter counter;
  bool sank = false;
  std::thread reader([&] {
    for (uint64_t last = 0; last < kCount;) {
      const uint64_t now = counter.get();
      sank = sank || now < last;
      last = now;
    }
  });
  for (uint64_t i = 0; i < kCount; ++i)
    counter.add(1);
  reader.join();
  CHECK_FALSE(sank);
  CHECK(counter.get() == kCount);
}

}  // namespace
}  // namespace pktana::base
