// SPDX-License-Identifier: Apache-2.0
#include "cli/hex_input.h"

#include "support/catch.h"

namespace pktana::cli {
namespace {

using Frames = std::vector<Octets>;

Frames parsed(std::string_view text) {
  auto frames = parse_hex(text);
  INFO((frames ? "" : frames.error().detail));
  REQUIRE(frames);
  return *frames;
}

std::string refusal(std::string_view text) {
  const auto frames = parse_hex(text);
  REQUIRE_FALSE(frames);
  return frames.error().detail;
}

TEST_CASE("hex input: digits with blanks, colons, commas, 0x and \\x are one frame") {
  const Frames expected{{0x45, 0x00, 0x1a}};
  for (const char* text : {"45001A", "45 00 1a", "45:00:1a", "45-00-1a", "0x45, 0x00, 0x1a",
                           "\\x45\\x00\\x1a", "4500\n1a\n", "4500 1a"})
    CHECK(parsed(text) == expected);
}

TEST_CASE("hex input: a dump of tcpdump -xx; each offset 0 begins a frame") {
  const Frames frames = parsed(
      "12:00:00.000000 IP 10.0.0.1 > 10.0.0.2: ICMP echo request\n"
      "\t0x0000:  0001 0203 0405 0607 0809 0a0b 0c0d 0e0f\n"
      "\t0x0010:  10\n"
      "12:00:01.000000 IP 10.0.0.1 > 10.0.0.2: ICMP echo request\n"
      "\t0x0000:  aabb\n");
  REQUIRE(frames.size() == 2);
  CHECK(frames[0].size() == 17);
  CHECK(frames[0][16] == 0x10);
  CHECK(frames[1] == Octets{0xaa, 0xbb});
}

TEST_CASE("hex input: the characters of xxd, hexdump -C and Wireshark are left") {
  Octets sixteen;
  for (uint8_t i = 0; i < 16; ++i)
    sixteen.push_back(static_cast<uint8_t>(0x61 + i));
  CHECK(parsed("00000000: 6162 6364 6566 6768 696a 6b6c 6d6e 6f70  abcdefghijklmnop\n")[0] ==
        sixteen);
  CHECK(parsed("00000000  61 62 63 64 65 66 67 68  69 6a 6b 6c 6d 6e 6f 70  |abcdefghijklmnop|\n"
               "00000010\n")[0] == sixteen);
  CHECK(parsed("0000   61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70   abcdefghijklmnop\n")[0] ==
        sixteen);
  CHECK(parsed("00000000: 6162                                     ab\n")[0] == Octets{0x61, 0x62});
}

TEST_CASE("hex input: what is wrong is said with its line") {
  CHECK(refusal("45 0g") == "line 1: 'g' in column 5 is no hex digit");
  CHECK(refusal("4500\n123") == "line 2: an odd number of hex digits");
  CHECK(refusal("4 5") == "line 1: a single hex digit before column 2");
  CHECK(refusal(" \n") == "there are no hex digits");
  CHECK(refusal("0x0000:  0001\n0x0010:  02\n") ==
        "line 2: offset 16 behind 2 bytes: lines are missing");
}

}  // namespace
}  // namespace pktana::cli
