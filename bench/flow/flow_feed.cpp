// SPDX-License-Identifier: Apache-2.0
#include "flow_feed.h"

#include <numeric>
#include <random>

namespace pktana::bench {

std::vector<uint32_t> numbers_in_order(uint32_t count) {
  std::vector<uint32_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0U);
  return numbers;
}

std::vector<uint32_t> random_numbers(uint32_t limit, size_t length) {
  std::mt19937 random(1);
  std::vector<uint32_t> numbers(length);
  for (uint32_t& number : numbers)
    number = static_cast<uint32_t>(random() % limit);
  return numbers;
}

}  // namespace pktana::bench
