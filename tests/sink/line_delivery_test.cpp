// SPDX-License-Identifier: Apache-2.0
#include "sink/line_delivery.h"

#include <cerrno>
#include <deque>

#include "support/catch.h"

namespace pktana::sink {
namespace {

/// An output that takes what the script says, then everything.
class ScriptedOutput final : public Output {
 public:
  struct Step {
    size_t bytes;
    int error;
  };

  ScriptedOutput(std::string& content, std::deque<Step> script)
      : content_(content), script_(std::move(script)) {}

  void start(std::span<const char> bytes) noexcept override {
    written_ = {.bytes = bytes.size(), .error = 0};
    if (!script_.empty()) {
      written_ = {.bytes = std::min(script_.front().bytes, bytes.size()),
                  .error = script_.front().error};
      script_.pop_front();
    }
    content_.append(bytes.data(), written_.bytes);
  }
  Written wait() noexcept override { return written_; }
  base::Result<void> close() override { return {}; }
  [[nodiscard]] const char* method() const noexcept override { return "script"; }

 private:
  std::string& content_;
  std::deque<Step> script_;
  Written written_;
};

/// Leaves what fills no block to the next write, as io_uring's does, and fails one write for want
/// of room when told to.
class BlockOutput final : public Output {
 public:
  BlockOutput(std::string& content, unsigned failing) : content_(content), failing_(failing) {}

  void start(std::span<const char> bytes) noexcept override { write(bytes, bytes.size()); }
  void start_of_more(std::span<const char> bytes) noexcept override {
    write(bytes, bytes.size() - (content_.size() + bytes.size()) % kBlock);
  }
  Written wait() noexcept override { return written_; }
  base::Result<void> close() override { return {}; }
  [[nodiscard]] size_t lead() const noexcept override {
    return (content_.size() + given_ - written_.bytes) % kBlock;
  }
  [[nodiscard]] const char* method() const noexcept override { return "blocks"; }
  static constexpr size_t kBlock = 4096;

 private:
  void write(std::span<const char> bytes, size_t count) noexcept {
    const bool fails = ++writes_ == failing_;
    given_ = bytes.size();
    written_ = {.bytes = fails ? 0 : count, .error = fails ? ENOSPC : 0};
    content_.append(bytes.data(), written_.bytes);
  }

  std::string& content_;
  unsigned failing_;
  unsigned writes_ = 0;
  size_t given_ = 0;
  Written written_;
};

struct Scripted {
  std::string content = {};
  std::unique_ptr<LineDelivery> lines = {};

  explicit Scripted(std::deque<ScriptedOutput::Step> script) {
    start(std::make_unique<ScriptedOutput>(content, std::move(script)));
  }
  Scripted(std::string& to, unsigned failing) { start(std::make_unique<BlockOutput>(to, failing)); }
  void start(std::unique_ptr<Output> output) {
    auto memory = base::Mapping::anonymous(2 * LineDelivery::kBufferBytes);
    REQUIRE(memory);
    lines = std::make_unique<LineDelivery>("scripted", std::move(*memory), std::move(output));
  }

  void put(std::string_view line, bool flow = true) const {
    LineBuffer& buffer = *lines->buffer_for(flow);
    buffer.commit(put_text(buffer.next(), line));
  }
  void put_three() const {
    for (const char* line : {"one\n", "two\n", "three\n"})
      put(line);
  }
  /// written, dropped for a full disk, dropped because down
  [[nodiscard]] std::vector<uint64_t> counts() const {
    const DeliveryCounts counts = lines->counts();
    return {counts.written, counts.dropped_disk_full, counts.dropped_sink_down};
  }
};

using Counts = std::vector<uint64_t>;

}  // namespace

TEST_CASE("delivery: lines are written in order and counted once they are") {
  Scripted delivery({});
  delivery.put_three();
  CHECK(delivery.counts() == Counts{0, 0, 0});
  delivery.lines->send();
  delivery.lines->settle();
  CHECK(delivery.counts() == Counts{3, 0, 0});
  CHECK(delivery.content == "one\ntwo\nthree\n");
  CHECK(delivery.lines->close());
}

TEST_CASE("delivery: a full buffer goes off by itself") {
  Scripted delivery({});
  const std::string line(10'000, 'x');
  for (int i = 0; i < 700; ++i)
    delivery.put(line);
  CHECK(delivery.lines->counts().written >= 300);
  CHECK(delivery.lines->close());
  CHECK(delivery.counts() == Counts{700, 0, 0});
  CHECK(delivery.content.size() == 7'000'000);
}

TEST_CASE("delivery: what an output leaves over goes with the next lines, of whatever kind") {
  std::string content;
  std::string expected;
  const Scripted delivery(content, 0);
  for (int i = 0; i < 3000; ++i) {
    const bool flow = i % 1000 != 999;
    const std::string line(static_cast<size_t>(3001 + i % 700), static_cast<char>('a' + i % 26));
    delivery.put(line, flow);
    expected += line;
    if (i == 2500) delivery.lines->collect();
  }
  CHECK(delivery.lines->close());
  CHECK(content == expected);
  CHECK(delivery.counts() == Counts{2997, 0, 0});
}

TEST_CASE("delivery: a line whose rest finds a full disk is completed before anything else") {
  std::string content;
  const Scripted delivery(content, 2);
  const std::string line = std::string(9999, 'x') + '\n';
  unsigned put = 0;
  for (; put < 1200; ++put)
    delivery.put(line);
  CHECK_FALSE(delivery.lines->close());
  const Counts counts = delivery.counts();
  CHECK(counts[1] > 300);
  CHECK(counts[0] + counts[1] == put);
  REQUIRE(content.size() == counts[0] * line.size());
  for (size_t i = 0; i < counts[0]; ++i)
    if (content.compare(i * line.size(), line.size(), line) != 0) FAIL("line " << i << " is torn");
}

TEST_CASE("delivery: lines that are no flow records are written, not counted") {
  Scripted delivery({});
  delivery.put("header\n", false);
  delivery.put("one\n");
  delivery.put("stats\n", false);
  CHECK(delivery.lines->close());
  CHECK(delivery.content == "header\none\nstats\n");
  CHECK(delivery.counts() == Counts{1, 0, 0});
}

TEST_CASE("delivery: a full disk drops what does not fit, counted") {
  Scripted delivery({{4, ENOSPC}, {0, ENOSPC}});
  delivery.put_three();
  delivery.lines->send();
  delivery.lines->settle();
  CHECK(delivery.counts() == Counts{1, 2, 0});
  delivery.put_three();
  delivery.lines->send();
  delivery.lines->settle();
  CHECK(delivery.counts() == Counts{1, 5, 0});
  delivery.put_three();  // there is room again
  const auto closed = delivery.lines->close();
  REQUIRE_FALSE(closed);
  CHECK(closed.error().code == std::errc::no_space_on_device);
  CHECK(delivery.counts() == Counts{4, 5, 0});
  CHECK(delivery.content == "one\none\ntwo\nthree\n");
}

TEST_CASE("delivery: a torn line is completed before anything else is written") {
  Scripted delivery({{6, ENOSPC}, {1, ENOSPC}});
  delivery.put_three();
  delivery.lines->send();
  delivery.lines->settle();  // "one\ntw"
  CHECK(delivery.counts() == Counts{1, 2, 0});
  delivery.put("four\n");
  delivery.lines->send();  // "o", and still no room: "four" is lost
  CHECK(delivery.counts() == Counts{1, 3, 0});
  CHECK(delivery.content == "one\ntwo");
  delivery.put("five\n");
  delivery.lines->send();
  CHECK_FALSE(delivery.lines->close());
  CHECK(delivery.content == "one\ntwo\nfive\n");
  CHECK(delivery.counts() == Counts{3, 2, 0});
}

TEST_CASE("delivery: a torn line that is never completed counts as dropped, and nothing follows") {
  Scripted delivery({{6, ENOSPC}, {0, ENOSPC}, {0, ENOSPC}, {0, ENOSPC}, {0, ENOSPC}});
  delivery.put_three();
  delivery.lines->send();
  delivery.put("four\n");
  CHECK_FALSE(delivery.lines->close());
  CHECK(delivery.content == "one\ntw");
  CHECK(delivery.counts() == Counts{1, 3, 0});
}

TEST_CASE("delivery: a torn line that is no flow record is completed but not counted") {
  Scripted delivery({{3, ENOSPC}});
  delivery.put("stats\n", false);
  delivery.put("one\n");
  CHECK_FALSE(delivery.lines->close());
  CHECK(delivery.content == "stats\n");
  CHECK(delivery.counts() == Counts{0, 1, 0});
}

TEST_CASE("delivery: a failure for good drops the rest, and the first error is kept") {
  Scripted delivery({{5, EPIPE}});
  delivery.put_three();
  delivery.lines->send();
  delivery.lines->settle();
  CHECK(delivery.lines->is_down());
  CHECK(delivery.counts() == Counts{1, 0, 2});
  delivery.put_three();
  const auto closed = delivery.lines->close();
  REQUIRE_FALSE(closed);
  CHECK(closed.error().code == std::errc::broken_pipe);
  CHECK(delivery.counts() == Counts{1, 0, 5});
  CHECK(delivery.content == "one\nt");
}

TEST_CASE("delivery: an output that fails while a torn line waits takes its record along") {
  Scripted delivery({{6, ENOSPC}, {0, EIO}});
  delivery.put_three();
  delivery.lines->send();
  delivery.lines->settle();
  delivery.put("four\n");
  CHECK_FALSE(delivery.lines->close());
  CHECK(delivery.counts() == Counts{1, 1, 2});
}

}  // namespace pktana::sink
