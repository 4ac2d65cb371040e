// SPDX-License-Identifier: Apache-2.0
#include "sink/text.h"

#include <array>
#include <ctime>
#include <limits>
#include <random>
#include <string>

#include <arpa/inet.h>

#include "support/catch.h"

namespace pktana::sink {
namespace {

std::string decimal(uint64_t value) {
  char text[32];
  return {text, put_decimal(text, value)};
}

std::string ipv6(const char* address) {
  std::array<uint8_t, 16> bytes{};
  REQUIRE(::inet_pton(AF_INET6, address, bytes.data()) == 1);
  char text[64];
  return {text, put_ipv6(text, bytes.data())};
}

std::string timestamp(int64_t ns) {
  char text[64];
  return {text, TimestampText().put(text, ns)};
}

/// The time as the C library says it, to hold ours against.
std::string reference_timestamp(int64_t ns) {
  const int64_t second = floor_seconds(ns);
  const auto time = static_cast<time_t>(second);
  tm parts{};
  ::gmtime_r(&time, &parts);
  char text[64];
  const size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  const auto micro = static_cast<unsigned>((ns - second * 1'000'000'000) / 1000);
  char fraction[16];
  (void)std::snprintf(fraction, sizeof fraction, ".%06u+0000", micro);
  return std::string(text, length) + fraction;
}

}  // namespace

TEST_CASE("text: every number of digits is written as the standard library writes it") {
  uint64_t power = 1;
  for (int digits = 1; digits <= 20; ++digits) {
    for (const uint64_t value : {power - 1, power, power + 1, power * 9 + 7})
      CHECK(decimal(value) == std::to_string(value));
    power *= 10;
  }
  CHECK(decimal(std::numeric_limits<uint64_t>::max()) == "18446744073709551615");
}

TEST_CASE("text: random numbers of all sizes are written as the standard library writes them") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const uint64_t value = random() >> (random() & 63);
    REQUIRE(decimal(value) == std::to_string(value));
  }
}

TEST_CASE("text: every octet of an IPv4 address has its decimal text") {
  for (unsigned value = 0; value < 256; ++value) {
    const auto octet = static_cast<uint8_t>(value);
    const std::array<uint8_t, 4> address{octet, 0, 255, octet};
    char text[20];
    const std::string number = std::to_string(value);
    CHECK(std::string(text, put_ipv4(text, address.data())) == number + ".0.255." + number);
  }
}

TEST_CASE("text: IPv6 addresses follow RFC 5952") {
  CHECK(ipv6("::") == "::");
  CHECK(ipv6("::1") == "::1");
  CHECK(ipv6("1::") == "1::");
  CHECK(ipv6("2001:0DB8:0000:0000:0000:0000:0002:0001") == "2001:db8::2:1");
  CHECK(ipv6("2001:db8:0:1:1:1:1:1") == "2001:db8:0:1:1:1:1:1");  // a single zero stays
  CHECK(ipv6("2001:0:0:1:0:0:0:1") == "2001:0:0:1::1");           // the longest run
  CHECK(ipv6("2001:db8:0:0:1:0:0:1") == "2001:db8::1:0:0:1");     // the first of equals
  CHECK(ipv6("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff") ==
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
  CHECK(ipv6("::ffff:192.0.2.1") == "::ffff:192.0.2.1");
}

TEST_CASE("text: random IPv6 addresses are written as inet_ntop writes them") {
  std::mt19937_64 random(2);
  for (int i = 0; i < 20000; ++i) {
    std::array<uint8_t, 16> address{};
    address[0] = 0x20;  // away from ::/96, where inet_ntop has a notation of its own
    for (size_t k = 1; k < address.size(); ++k)
      address[k] = (random() & 3) != 0 ? 0 : static_cast<uint8_t>(random());
    char expected[INET6_ADDRSTRLEN];
    REQUIRE(::inet_ntop(AF_INET6, address.data(), expected, sizeof expected) != nullptr);
    char text[64];
    REQUIRE(std::string(text, put_ipv6(text, address.data())) == expected);
  }
}

TEST_CASE("text: a timestamp is ISO 8601 in UTC with microseconds, cut, not rounded") {
  CHECK(timestamp(1'491'603'877'251'547'999) == "2017-04-07T22:24:37.251547+0000");
  CHECK(timestamp(0) == "1970-01-01T00:00:00.000000+0000");
  CHECK(timestamp(-1) == "1969-12-31T23:59:59.999999+0000");
  CHECK(timestamp(951'827'696'000'000'000) == "2000-02-29T12:34:56.000000+0000");
  CHECK(timestamp(std::numeric_limits<int64_t>::max()) == "2262-04-11T23:47:16.854775+0000");
  CHECK(timestamp(std::numeric_limits<int64_t>::min()) == "1677-09-21T00:12:43.145224+0000");
}

TEST_CASE("text: timestamps of any order come out of one cache as the C library says them") {
  std::mt19937_64 random(3);
  TimestampText cache;
  int64_t ns = 1'491'603'877'000'000'000;
  for (int i = 0; i < 20000; ++i) {
    ns += static_cast<int64_t>(random() % 3'000'000'000) - 1'000'000'000;
    if (i % 1000 == 0) ns = static_cast<int64_t>(random() % 9'000'000'000'000'000'000U);
    char text[64];
    REQUIRE(std::string(text, cache.put(text, ns)) == reference_timestamp(ns));
  }
}

}  // namespace pktana::sink
