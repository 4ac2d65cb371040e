// SPDX-License-Identifier: Apache-2.0
#include "sink/escape.h"

#include <algorithm>
#include <random>
#include <string>

#include <simdjson.h>

#include "support/catch.h"

namespace pktana::sink {
namespace {

std::string escaped(std::string_view text, QuoteStyle style = QuoteStyle::Json,
                    size_t limit = kMaxNameBytes) {
  std::string out(limit, '\0');
  const char* end = put_escaped(out.data(), text, style, limit);
  out.resize(static_cast<size_t>(end - out.data()));
  return out;
}

unsigned hex_value(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); }

/// What a reader of a line does to have the bytes back.
std::string unescaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
    } else if (text[i + 1] == 'u') {
      out += static_cast<char>(hex_value(text[i + 4]) << 4 | hex_value(text[i + 5]));
      i += 5;
    } else {
      out += text[++i];
    }
  }
  return out;
}

}  // namespace

TEST_CASE("escape: plain ASCII and well-formed UTF-8 stay as they are") {
  const std::string text = "eth0 /var/tmp/Zürich-東京-😀.pcap {[:,]}";
  CHECK(escaped(text) == text);
}

TEST_CASE("escape: quotes and backslashes follow the style") {
  CHECK(escaped(R"(a"b\c)") == R"(a\"b\\c)");
  CHECK(escaped(R"(a"b\c)", QuoteStyle::Csv) == R"(a""b\\c)");
}

TEST_CASE("escape: controls, DEL and C1 controls never get out as they are") {
  CHECK(escaped("a\nb\x1b[31m\t\x7f") == R"(a\u000ab\u001b[31m\u0009\u007f)");
  CHECK(escaped("\xc2\x9b"
                "31m") == R"(\u00c2\u009b31m)");
  CHECK(escaped(std::string_view("\0", 1)) == R"(\u0000)");
}

TEST_CASE("escape: each byte that is no UTF-8 becomes an escape of its own") {
  CHECK(escaped("\xff\xfe") == R"(\u00ff\u00fe)");
  CHECK(escaped("\xe9t\xe9") == R"(\u00e9t\u00e9)");  // Latin-1
  CHECK(escaped("\xe2\x82") == R"(\u00e2\u0082)");    // cut
  CHECK(escaped("\xc0\xaf") == R"(\u00c0\u00af)");    // overlong
  CHECK(escaped("\xe0\x80\xaf") == R"(\u00e0\u0080\u00af)");
  CHECK(escaped("\xed\xa0\x80") == R"(\u00ed\u00a0\u0080)");  // surrogate
  CHECK(escaped("\xf4\x90\x80\x80") == R"(\u00f4\u0090\u0080\u0080)");
  CHECK(escaped("\xf0\x8f\xbf\xbf") == R"(\u00f0\u008f\u00bf\u00bf)");
}

TEST_CASE("escape: every special byte is found at every place of a long text") {
  for (const char special : {'"', '\\', '\n', '\x1f', '\x7f', '\x80', '\xff', '\0'}) {
    for (size_t place = 0; place < 24; ++place) {
      std::string text(24, 'x');
      text[place] = special;
      const std::string out = escaped(text);
      REQUIRE(out.size() > text.size());
      REQUIRE(unescaped(out) == text);
    }
  }
}

TEST_CASE("escape: any bytes can be had back from the line, and a JSON parser takes it") {
  std::mt19937_64 random(4);
  simdjson::dom::parser parser;
  for (int i = 0; i < 5000; ++i) {
    std::string text(random() % 40, '\0');
    for (char& c : text)
      c = static_cast<char>((random() & 1) != 0 ? random() : 'a' + random() % 26);
    const std::string out = escaped(text);
    REQUIRE(unescaped(out) == text);
    const std::string json = "[\"" + out + "\"]";
    REQUIRE(parser.parse(json).error() == simdjson::SUCCESS);
  }
}

TEST_CASE("escape: a text that is too long is cut between two escapes") {
  CHECK(escaped("ab\xff", QuoteStyle::Json, 7) == "ab");
  CHECK(escaped("ab\xff", QuoteStyle::Json, 8) == "ab\\u00ff");
  CHECK(escaped("aé", QuoteStyle::Json, 2) == "a");
  CHECK(escaped(std::string(100, 'x'), QuoteStyle::Json, 13) == std::string(13, 'x'));
}

TEST_CASE("escape: a plain text of any length is cut at the limit, and not written beyond") {
  const std::string text = "abcdefghijklmnopqrstuvwxyz";
  for (size_t length = 0; length <= text.size(); ++length) {
    for (size_t limit = 0; limit <= text.size(); ++limit) {
      std::string out(text.size() + 8, '#');
      const char* end = put_escaped(out.data(), std::string_view(text).substr(0, length),
                                    QuoteStyle::Json, limit);
      const auto written = static_cast<size_t>(end - out.data());
      REQUIRE(written == std::min(length, limit));
      REQUIRE(out == text.substr(0, written) + std::string(out.size() - written, '#'));
    }
  }
}

}  // namespace pktana::sink
