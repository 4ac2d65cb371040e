// SPDX-License-Identifier: Apache-2.0
#include "app/stream.h"

#include <string>
#include <string_view>

#include "support/catch.h"

namespace pktana::app {
namespace {

constexpr uint32_t kBegin = 0xFFFFFFF0U;  // wraps within the tests

class Reader {
 public:
  Reader() { stream_.begin(kBegin); }

  void segment(uint32_t place, std::string_view text) {
    const std::span bytes(reinterpret_cast<const uint8_t*>(text.data()), text.size());
    append(stream_.accept(kBegin + place, bytes));
    drain();
  }
  void drain() {
    std::vector<uint8_t> early;
    while (stream_.take_next_early(early))
      append(early);
  }
  uint64_t gap(uint32_t acked_place) {
    const uint64_t missing = stream_.take_gap(kBegin + acked_place);
    drain();
    return missing;
  }
  Stream& stream() { return stream_; }
  MemoryBudget& budget() { return budget_; }
  const std::string& text() const { return text_; }

 private:
  void append(std::span<const uint8_t> bytes) {
    text_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }

  MemoryBudget budget_{1 << 20};
  Stream stream_{budget_};
  std::string text_;
};

TEST_CASE("stream: segments in order pass, over the wrap of sequence numbers", "[stream]") {
  Reader reader;
  reader.segment(0, "0123456789");
  reader.segment(10, "abcdefghij");
  reader.segment(20, "xyz");
  CHECK(reader.text() == "0123456789abcdefghijxyz");
}

TEST_CASE("stream: segments in any order come out in order", "[stream]") {
  Reader reader;
  reader.segment(9, "jkl");
  reader.segment(6, "ghi");
  reader.segment(3, "def");
  CHECK(reader.text().empty());
  CHECK(reader.budget().used() == 9);
  reader.segment(0, "abc");
  CHECK(reader.text() == "abcdefghijkl");
  CHECK(reader.budget().used() == 0);
}

TEST_CASE("stream: a retransmission brings nothing, or only its new end", "[stream]") {
  Reader reader;
  reader.segment(0, "abcdef");
  reader.segment(0, "ABCDEF");
  reader.segment(3, "DEFghi");
  CHECK(reader.text() == "abcdefghi");
}

TEST_CASE("stream: early segments that overlap give each byte once", "[stream]") {
  Reader reader;
  reader.segment(4, "efgh");
  reader.segment(6, "ghij");
  reader.segment(4, "ef");
  reader.segment(0, "abcd");
  CHECK(reader.text() == "abcdefghij");
}

TEST_CASE("stream: what was acknowledged and never seen is a gap", "[stream]") {
  Reader reader;
  reader.segment(0, "abc");
  reader.segment(8, "ijk");
  CHECK(reader.gap(3) == 0);
  CHECK(reader.gap(7) == 0);
  CHECK(reader.gap(11) == 5);
  CHECK(reader.text() == "abcijk");
  CHECK(reader.gap(11) == 0);
}

TEST_CASE("stream: with too many early segments the first of them closes the gap", "[stream]") {
  Reader reader;
  for (uint32_t i = 0; i <= StreamLimits{}.early_segments; ++i)
    reader.segment(10 + 2 * i, "x");
  CHECK(reader.text().empty());
  CHECK(reader.stream().take_gap_if_full() == 10);
  CHECK(reader.stream().take_gap_if_full() == 0);
}

TEST_CASE("stream: no more is kept than the budget has", "[stream]") {
  MemoryBudget budget(4);
  Stream stream(budget);
  stream.begin(0);
  const uint8_t bytes[3] = {1, 2, 3};
  CHECK(stream.accept(10, bytes).empty());
  CHECK(budget.used() == 3);
  CHECK(stream.accept(20, bytes).empty());
  CHECK(budget.used() == 3);
  CHECK(stream.take_gap_if_full() == 10);
}

TEST_CASE("stream: it has ended when all before the FIN has come", "[stream]") {
  Reader reader;
  reader.stream().set_end(kBegin + 6);
  reader.segment(3, "def");
  CHECK_FALSE(reader.stream().ended());
  reader.segment(0, "abc");
  CHECK(reader.stream().ended());
}

}  // namespace
}  // namespace pktana::app
