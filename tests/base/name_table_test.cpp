// SPDX-License-Identifier: Apache-2.0
#include "base/name_table.h"

#include <thread>
#include <vector>

#include "support/catch.h"

namespace pktana::base {
namespace {

TEST_CASE("name table: numbers are given in order from 0 and lead back to the names") {
  NameTable table;
  CHECK(table.add("eth0") == 0);
  CHECK(table.add("eth1") == 1);
  CHECK(table.add("eth0") == 2);
  CHECK(table.at(0) == "eth0");
  CHECK(table.at(1) == "eth1");
  CHECK(table.at(2) == "eth0");
}

TEST_CASE("name table: an unknown number has the empty name") {
  NameTable table;
  CHECK(table.at(0).empty());
  (void)table.add("eth0");
  CHECK(table.at(1).empty());
  CHECK(table.at(65535).empty());
}

TEST_CASE("name table: a name stays where it is while others are added") {
  NameTable table;
  (void)table.add("a");
  const std::string_view first = table.at(0);
  for (int i = 0; i < 10'000; ++i)
    (void)table.add("name " + std::to_string(i));
  CHECK(first == "a");
  CHECK(first.data() == table.at(0).data());
}

TEST_CASE("name table: when it is full every further name gets the last number") {
  NameTable table;
  for (unsigned i = 0; i < NameTable::kMaxNames; ++i)
    (void)table.add("x");
  CHECK(table.add("y") == NameTable::kMaxNames - 1);
  CHECK(table.add("z") == NameTable::kMaxNames - 1);
  CHECK(table.at(NameTable::kMaxNames - 1) == "x");
}

TEST_CASE("name table: threads may add and look up at the same time") {
  NameTable table;
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&table, t] {
      const std::string name = "thread " + std::to_string(t);
      for (int i = 0; i < 2000; ++i) {
        if (table.at(table.add(name)) != name) std::abort();
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  CHECK(table.at(3999).starts_with("thread "));
}

}  // namespace
}  // namespace pktana::base
