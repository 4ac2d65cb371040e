// SPDX-License-Identifier: Apache-2.0
#include "base/process_memory.h"

#include <cstring>
#include <thread>

#include "base/cpu_affinity.h"
#include "base/mapping.h"
#include "support/catch.h"

namespace {

using namespace pktana;

TEST_CASE("memory: resident and huge pages are read from smaps_rollup") {
  const auto memory = base::parse_smaps_rollup(
      "5a-7f ---p 00000000 00:00 0    [rollup]\nRss:                1676 kB\nPss:     198 kB\n"
      "Anonymous:           116 kB\nAnonHugePages:      2048 kB\nSwap:    0 kB\n");
  REQUIRE(memory);
  CHECK(memory->resident_bytes == 1676 * 1024);
  CHECK(memory->huge_page_bytes == 2048 * 1024);
}

TEST_CASE("memory: a text without one of the lines says nothing") {
  CHECK_FALSE(base::parse_smaps_rollup(""));
  CHECK_FALSE(base::parse_smaps_rollup("x\nRss:   1676 kB\n"));
  CHECK_FALSE(base::parse_smaps_rollup("x\nAnonHugePages:   0 kB\nRss: kB\n"));
}

TEST_CASE("memory: what this process touches is resident") {
  constexpr size_t kBytes = size_t{16} << 20;
  const auto before = base::process_memory();
  const auto mapping = base::Mapping::anonymous(kBytes);
  REQUIRE(mapping);
  std::memset(mapping->data(), 1, kBytes);
  const auto after = base::process_memory();
  REQUIRE(before);
  REQUIRE(after);
  CHECK(after->resident_bytes >= before->resident_bytes + kBytes / 2);
  CHECK(after->huge_page_bytes <= after->resident_bytes);
}

TEST_CASE("affinity: a thread that is pinned may run on that CPU only") {
  const auto cpus = base::usable_cpu_list();
  REQUIRE(cpus);
  REQUIRE_FALSE(cpus->empty());
  bool pinned = false;
  std::vector<unsigned> left;
  std::thread([&] {
    pinned = base::pin_this_thread(cpus->back()).has_value();
    left = base::usable_cpu_list().value_or(std::vector<unsigned>());
  }).join();
  CHECK(pinned);
  CHECK(left == std::vector<unsigned>{cpus->back()});
  CHECK(base::usable_cpu_list().value_or(std::vector<unsigned>()) == *cpus);
}

TEST_CASE("affinity: a CPU that is not there is an error") {
  CHECK_FALSE(base::pin_this_thread(1U << 20));
}

}  // namespace
