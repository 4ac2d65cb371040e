// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include <array>
#include <cstdint>

#include "support/catch.h"

namespace pktana::base {
namespace {

constexpr std::array<uint8_t, 9> kBytes{0xEE, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0xF8};

TEST_CASE("bytes: big-endian loads put the first byte highest") {
  CHECK(load_be<uint8_t>(&kBytes[1]) == 0x01);
  CHECK(load_be<uint16_t>(&kBytes[1]) == 0x0102);
  CHECK(load_be<uint32_t>(&kBytes[1]) == 0x01020304);
  CHECK(load_be<uint64_t>(&kBytes[1]) == 0x01020304050607F8);
}

TEST_CASE("bytes: little-endian loads put the first byte lowest") {
  CHECK(load_le<uint8_t>(&kBytes[1]) == 0x01);
  CHECK(load_le<uint16_t>(&kBytes[1]) == 0x0201);
  CHECK(load_le<uint32_t>(&kBytes[1]) == 0x04030201);
  CHECK(load_le<uint64_t>(&kBytes[1]) == 0xF807060504030201);
}

TEST_CASE("bytes: every offset of a buffer can be loaded from, aligned or not") {
  alignas(8) std::array<uint8_t, 16> buffer{};
  for (size_t i = 0; i < buffer.size(); ++i)
    buffer[i] = static_cast<uint8_t>(i);
  for (size_t i = 0; i + 4 <= buffer.size(); ++i) {
    const auto first = static_cast<uint32_t>(i);
    CHECK(load_be<uint32_t>(&buffer[i]) ==
          (first << 24 | (first + 1) << 16 | (first + 2) << 8 | (first + 3)));
  }
}

TEST_CASE("bytes: what store_be writes load_be reads back, at any offset and no byte beyond") {
  std::array<uint8_t, 12> buffer{};
  store_be<uint64_t>(&buffer[3], 0x1122334455667788);
  CHECK(load_be<uint64_t>(&buffer[3]) == 0x1122334455667788);
  CHECK(buffer[2] == 0);
  CHECK(buffer[3] == 0x11);
  CHECK(buffer[11] == 0);
  store_be<uint16_t>(&buffer[0], 0xABCD);
  CHECK(buffer[0] == 0xAB);
  CHECK(buffer[1] == 0xCD);
}

TEST_CASE("bytes: load_raw keeps the bytes in their order in memory") {
  const auto value = load_raw<uint32_t>(&kBytes[1]);
  std::array<uint8_t, 4> copy{};
  std::memcpy(copy.data(), &value, copy.size());
  CHECK(copy == std::array<uint8_t, 4>{0x01, 0x02, 0x03, 0x04});
}

}  // namespace
}  // namespace pktana::base
