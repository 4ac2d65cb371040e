// SPDX-License-Identifier: Apache-2.0
// The sets against the plainest way to say the same.
#include <algorithm>
#include <random>
#include <set>
#include <string>

#include "filter/address_set.h"
#include "filter/number_set.h"
#include "filter/text_set.h"
#include "support/catch.h"

namespace pktana::filter {
namespace {

AddressRange range(std::string_view text) { return *parse_address_range(text); }

TEST_CASE("address set: joins what overlaps or touches") {
  const AddressSet set({range("10.0.0.0/25"), range("10.0.0.128/25"), range("10.0.0.7"),
                        range("2001:db8::/64"), range("2001:db8:0:1::/64")});
  CHECK(set.size() == 2);
  CHECK(set.contains(*parse_address("10.0.0.255")));
  CHECK_FALSE(set.contains(*parse_address("10.0.1.0")));
  CHECK(set.contains(*parse_address("2001:db8:0:1:ffff:ffff:ffff:ffff")));
  CHECK_FALSE(set.contains(*parse_address("2001:db8:0:2::")));
}

TEST_CASE("address set: the ends of the address space") {
  const AddressSet set({range("0.0.0.0"), range("255.255.255.255"), range("::"),
                        range("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")});
  CHECK(set.contains(*parse_address("0.0.0.0")));
  CHECK(set.contains(*parse_address("255.255.255.255")));
  CHECK(set.contains(*parse_address("::")));
  CHECK(set.contains(*parse_address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")));
  CHECK_FALSE(set.contains(*parse_address("0.0.0.1")));
  CHECK_FALSE(set.contains(*parse_address("::1")));
  CHECK(AddressSet({range("::/0")}).contains(*parse_address("10.0.0.1")));
}

TEST_CASE("address set: agrees with a walk over all ranges") {
  std::mt19937 random(3);
  std::vector<AddressRange> ranges;
  for (int i = 0; i < 500; ++i) {
    const auto first = static_cast<uint32_t>(random());
    const uint32_t last =
        first +
        std::min(UINT32_MAX - first, static_cast<uint32_t>(random() % (1U << (random() % 22))));
    ranges.push_back({Address::ipv4(first), Address::ipv4(last)});
  }
  const AddressSet set(ranges);
  unsigned wrong = 0;
  for (int i = 0; i < 20000; ++i) {
    const AddressRange& near = ranges[random() % ranges.size()];
    const auto address = Address::ipv4(static_cast<uint32_t>(near.last.low + random() % 3 - 1));
    const bool expected = std::any_of(ranges.begin(), ranges.end(), [&](const AddressRange& one) {
      return one.contains(address);
    });
    wrong += set.contains(address) != expected;
  }
  CHECK(wrong == 0);
}

TEST_CASE("address: texts that are none are refused") {
  for (const char* text : {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "1..3.4",
                           ":::", "12345::", "1.2.3.4/33", "::/129", "10.0.0.0/", "10.0.0.0/-1",
                           "10.0.0.9..10.0.0.1", "10.0.0.1..", "::1%lo"})
    CHECK_FALSE(parse_address_range(text));
}

TEST_CASE("number set: agrees with a walk over all ranges") {
  std::mt19937 random(5);
  std::vector<NumberRange> ranges{{INT64_MIN, -5000}, {9000, INT64_MAX}, {9500, INT64_MAX}};
  for (int i = 0; i < 200; ++i) {
    const auto first = static_cast<int64_t>(random() % 8000) - 4000;
    ranges.push_back({first, first + static_cast<int64_t>(random() % 10)});
  }
  const NumberSet set(ranges);
  unsigned wrong = 0;
  for (int64_t number = -6000; number < 10000; ++number)
    wrong +=
        set.contains(number) != std::any_of(ranges.begin(), ranges.end(),
                                            [&](const auto& one) { return one.contains(number); });
  CHECK(wrong == 0);
}

TEST_CASE("text set: holds what was put in, and nothing else") {
  std::vector<std::string> texts{""};
  for (int i = 0; i < 5000; ++i)
    texts.push_back("host" + std::to_string(i) + ".example");
  std::vector<std::string_view> views(texts.begin(), texts.end());
  views.push_back(texts[7]);
  const TextSet set(views);
  CHECK(set.size() == texts.size());
  CHECK(std::all_of(texts.begin(), texts.end(),
                    [&](const auto& text) { return set.contains(text); }));
  CHECK_FALSE(set.contains("host5000.example"));
  CHECK_FALSE(set.contains("host1.exampl"));
  CHECK_FALSE(TextSet({}).contains(""));
}

}  // namespace
}  // namespace pktana::filter
