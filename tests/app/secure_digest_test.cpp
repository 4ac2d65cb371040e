// SPDX-License-Identifier: Apache-2.0
#include "app/secure/digest.h"
#include "app/secure/range_buffer.h"
#include "app/secure_bytes.h"
#include "support/catch.h"

namespace pktana::app::secure {

TEST_CASE("digest: MD5, SHA-1 and SHA-256 of \"abc\" are those of their standards") {
  const Octets abc = octets("abc");
  CHECK(to_hex(md5(abc)) == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(to_hex(sha1(abc)) == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(to_hex(sha256(abc)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("digest: hex with colons in both cases") {
  CHECK(to_colon_hex(from_hex("0aff00"), true) == "0A:FF:00");
  CHECK(to_colon_hex(from_hex("0aff00"), false) == "0a:ff:00");
  CHECK(to_colon_hex({}, false).empty());
}

TEST_CASE("range buffer: pieces in any order make the stream, the first of doubled bytes counts") {
  RangeBuffer buffer(100);
  CHECK(buffer.insert(4, octets("efgh")));
  CHECK(buffer.contiguous().empty());
  CHECK(buffer.insert(2, octets("cdXX")));
  CHECK(buffer.insert(10, octets("kl")));
  CHECK(buffer.insert(0, octets("abYYYYYYij")));
  CHECK(text_of(buffer.contiguous()) == "abcdefghijkl");
}

TEST_CASE("range buffer: what lies beyond the limit is refused") {
  RangeBuffer buffer(8);
  CHECK_FALSE(buffer.insert(6, octets("abc")));
  CHECK_FALSE(buffer.insert(UINT64_MAX, octets("a")));
  CHECK(buffer.insert(6, octets("ab")));
  CHECK(buffer.empty() == false);
}

TEST_CASE("range buffer: no more pieces than it has room for") {
  RangeBuffer buffer;
  for (size_t i = 0; i < RangeBuffer::kMaxRanges; ++i)
    CHECK(buffer.insert(i * 2 + 1, octets("x")));
  CHECK_FALSE(buffer.insert(1000, octets("x")));
  CHECK(buffer.insert(0, octets("y")));
  CHECK(text_of(buffer.contiguous()) == "yx");
}

}  // namespace pktana::app::secure
