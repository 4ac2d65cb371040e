// SPDX-License-Identifier: Apache-2.0
#include "sink/human_text.h"

#include <limits>

#include "support/catch.h"

namespace pktana::sink {

TEST_CASE("human text: counts have three digits and a unit, and are never rounded up") {
  CHECK(human_count(0).view() == "0");
  CHECK(human_count(999).view() == "999");
  CHECK(human_count(1000).view() == "1.0k");
  CHECK(human_count(1999).view() == "1.9k");
  CHECK(human_count(10'000).view() == "10k");
  CHECK(human_count(999'999).view() == "999k");
  CHECK(human_count(1'200'000).view() == "1.2M");
  CHECK(human_count(std::numeric_limits<uint64_t>::max()).view() == "18E");
  CHECK(human_bytes(999).view() == "999B");
  CHECK(human_bytes(34'500'000'000).view() == "34GB");
}

TEST_CASE("human text: durations from nothing to years") {
  constexpr uint64_t kSecond = 1'000'000'000;
  CHECK(human_duration(5).view() == "0us");
  CHECK(human_duration(850'999).view() == "850us");
  CHECK(human_duration(12'000'000).view() == "12ms");
  CHECK(human_duration(3'141'592'653).view() == "3.141s");
  CHECK(human_duration(125 * kSecond).view() == "2m05s");
  CHECK(human_duration(11'220 * kSecond).view() == "3h07m");
  CHECK(human_duration(1'051'200 * kSecond).view() == "12d04h");
  CHECK(human_duration(std::numeric_limits<uint64_t>::max()).view() == "213503d23h");
}

}  // namespace pktana::sink
