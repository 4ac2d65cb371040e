// SPDX-License-Identifier: Apache-2.0
#include "query/group_table.h"

#include <algorithm>

#include "support/catch.h"

namespace pktana::query {
namespace {

TEST_CASE("groups: keys that would read alike in a row are told apart") {
  GroupTable table(0, 100);
  ++table.find({"a", "bc"}).count;
  ++table.find({"ab", "c"}).count;
  ++table.find({std::nullopt, "c"}).count;
  ++table.find({"", "c"}).count;
  ++table.find({"a", "bc"}).count;
  const auto groups = table.take();
  REQUIRE(groups.size() == 4);
  CHECK(std::count_if(groups.begin(), groups.end(), [](const Group& group) {
          return group.count == 2 && group.keys[0] == "a";
        }) == 1);
}

TEST_CASE("groups: beyond the bound they share one without keys, known ones go on") {
  GroupTable table(1, 2);
  for (const char* key : {"a", "b", "c", "d", "a"}) {
    Group& group = table.find({key});
    ++group.count;
    group.values[0].add(10, false);
  }
  CHECK(table.lines_beyond() == 2);
  const auto groups = table.take();
  REQUIRE(groups.size() == 3);
  CHECK(groups.back().keys.empty());
  CHECK(groups.back().count == 2);
  CHECK(groups.back().values[0].sum() == 20);
}

TEST_CASE("groups: merging two tables adds what they have in common, within the bound") {
  GroupTable one(0, 2);
  GroupTable two(0, 2);
  ++one.find({"a"}).count;
  for (const char* key : {"a", "b", "c"})
    ++two.find({key}).count;
  one.merge(two);
  CHECK(one.lines_beyond() == 1);
  uint64_t lines = 0;
  for (const Group& group : one.take())
    lines += group.count;
  CHECK(lines == 4);
}

}  // namespace
}  // namespace pktana::query
