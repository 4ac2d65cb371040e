// SPDX-License-Identifier: Apache-2.0
// Faults that a log lives through, with the figures of docs/reliability.md.
#include <csignal>
#include <cstdlib>
#include <random>

#include <sys/wait.h>

#include "log_lines.h"
#include "sink/queued_delivery.h"
#include "sink/stream_target.h"
#include "support/skip.h"

namespace pktana::sink {
namespace {

using namespace std::chrono_literals;

/// A disk that takes one line at a time, each after a while; everything once it is let go.
class SlowTarget final : public LineTarget {
 public:
  SlowTarget(std::string& content, std::atomic<bool>& fast) : content_(content), fast_(fast) {}

  Progress put(const LineBuffer& buffer, size_t from) noexcept override {
    if (!fast_) std::this_thread::sleep_for(5ms);
    const size_t lines = buffer.records_within(from) + 1;
    const size_t end = fast_ ? buffer.bytes().size() : buffer.end_of(lines);
    content_.append(buffer.bytes().data() + from, end - from);
    return {end, 0};
  }
  base::Result<void> close() override { return {}; }
  [[nodiscard]] OutputHealth health() const override { return {.method = "slow"}; }

 private:
  std::string& content_;
  std::atomic<bool>& fast_;
};

/// Writes records and rotates until it is killed; says so once the first are in the file.
[[noreturn]] void write_until_killed(const std::string& path, const Pipe& begun) {
  auto sink = Sink::start({.outputs = {log_output(path, {.rotate_bytes = 300'000})}, .live = true});
  if (!sink) ::_exit(1);
  const auto producer = (*sink)->make_producer();
  const std::vector<flow::FlowRecord> records(200, udp_record());
  for (bool told = false;;) {
    producer->hand_over(records);
    if (!told && (*sink)->totals().written > 0) told = ::write(begun.write_end.get(), "x", 1) == 1;
  }
}

}  // namespace

TEST_CASE("fault: a full disk loses nothing while memory lasts, and writing resumes in a second") {
  const bool io_uring = GENERATE(true, false);
  const auto disk = open_small_disk("1m");
  if (!disk) {
    support::skip_case("no right to make a small tmpfs");
    return;
  }
  OutputOptions output = log_output(path_of(*disk) + "/eve.json");
  output.io_uring = io_uring;
  auto sink = Sink::start({.outputs = {output}, .live = true});
  REQUIRE(sink);
  const auto producer = (*sink)->make_producer();
  hand_over(*producer, 100);
  const auto outputs = [&] { return (*sink)->totals().outputs[0]; };
  wait_until([&] { return outputs().written == 100; }, 2s);
  {
    const Filler filler(path_of(*disk) + "/filler");
    hand_over(*producer, 500);
    CHECK(wait_until([&] { return !outputs().health.trouble.empty(); }, 2s) < 2s);
    CHECK(outputs().health.trouble == "No space left on device");
    CHECK(outputs().written < 600);
  }
  const auto resumed = wait_until([&] { return outputs().written == 600; }, 3s);
  INFO("resumed after " << resumed.count() << " ms");
  CHECK(resumed < 1s);
  CHECK(outputs().health.trouble.empty());
  CHECK((*sink)->finish());
  CHECK(is_one_to(all_seqs(output.path), 600));
}

TEST_CASE("fault: what a full disk has no memory left for is counted, and a gap in the numbers") {
  const auto disk = open_small_disk("8m");
  if (!disk) {
    support::skip_case("no right to make a small tmpfs");
    return;
  }
  OutputOptions output = log_output(path_of(*disk) + "/eve.json");
  output.memory_bytes = 2 << 20;
  auto sink = Sink::start({.outputs = {output}, .queue_records = 32'768, .live = true});
  REQUIRE(sink);
  const auto producer = (*sink)->make_producer();
  const auto outputs = [&] { return (*sink)->totals().outputs[0]; };
  {
    const Filler filler(path_of(*disk) + "/filler");
    hand_over(*producer, 100);
    wait_until([&] { return !outputs().health.trouble.empty(); }, 2s);
    hand_over(*producer, 10'000);
    wait_until([&] { return outputs().dropped_disk_full > 5'000; }, 3s);
  }
  wait_until([&] { return outputs().health.trouble.empty(); }, 3s);
  hand_over(*producer, 100);
  CHECK_FALSE((*sink)->finish());  // records were lost
  const SinkTotals totals = (*sink)->totals();
  CHECK(totals.dropped_disk_full > 5'000);
  CHECK(totals.written + totals.dropped_disk_full == 10'200);
  CHECK(totals.in_flight == 0);
  const auto seqs = all_seqs(output.path);
  CHECK(seqs.size() == totals.written);
  REQUIRE_FALSE(seqs.empty());
  CHECK(seqs.back() == 10'200);
  CHECK(std::is_sorted(seqs.begin(), seqs.end()));
}

TEST_CASE("fault: a slow disk holds nobody up; memory is bounded and what is lost is counted") {
  std::string content;
  std::atomic<bool> fast{false};
  const QueuedDelivery::Options options{.path = "slow", .memory_bytes = 3 << 20};
  auto memory = QueuedDelivery::make_memory(options);
  REQUIRE(memory);
  auto delivery = QueuedDelivery::start(options, std::move(*memory),
                                        std::make_unique<SlowTarget>(content, fast));
  REQUIRE(delivery);
  const std::string line(1023, 'x');
  const auto begin = std::chrono::steady_clock::now();
  size_t dropped = 0;
  for (int i = 0; i < 20'000; ++i) {
    if (LineBuffer* buffer = (*delivery)->buffer_for(true)) {
      buffer->commit(put_text(put_text(buffer->next(), line), "\n"));
    } else {
      ++dropped;
      (*delivery)->drop(1);
    }
  }
  CHECK(std::chrono::steady_clock::now() - begin < 1s);
  CHECK(dropped > 15'000);
  CHECK((*delivery)->counts().dropped_output_slow == dropped);
  fast = true;
  CHECK((*delivery)->close());
  const DeliveryCounts counts = (*delivery)->counts();
  CHECK(counts.written + counts.dropped_output_slow == 20'000);
  CHECK(content.size() == counts.written * 1024);
}

TEST_CASE("fault: close() gives a stuck output up after its patience") {
  const QueuedDelivery::Options options{.path = "slow", .patience_ns = 100 * base::kNsPerMs};
  auto memory = QueuedDelivery::make_memory(options);
  REQUIRE(memory);
  const Pipe pipe = Pipe::open();
  auto target = StreamTarget::open(path_of(pipe.write_end), "");
  REQUIRE(target);
  auto delivery = QueuedDelivery::start(options, std::move(*memory), std::move(*target));
  REQUIRE(delivery);
  for (int i = 0; i < 500; ++i) {
    LineBuffer* buffer = (*delivery)->buffer_for(true);
    REQUIRE(buffer != nullptr);
    buffer->commit(put_text(buffer->next(), std::string(1023, 'y') + "\n"));
  }
  (*delivery)->send();
  const auto begin = std::chrono::steady_clock::now();
  CHECK((*delivery)->close());
  CHECK(std::chrono::steady_clock::now() - begin < 1s);
  const DeliveryCounts counts = (*delivery)->counts();
  CHECK(counts.written == 64);  // what a pipe holds
  CHECK(counts.dropped_output_slow == 500 - 64);
}

TEST_CASE("fault: SIGKILL at random moments: a torn line each at most, none doubled") {
  const support::TempDir dir;
  const std::string path = dir.path() + "/eve.json";
  std::mt19937 random(7);
  std::uniform_int_distribution<int> moment_us(0, 12'000);
  const char* wanted = std::getenv("PKTANA_KILLS");  // 100 for docs/reliability.md
  const int kills = wanted != nullptr ? std::atoi(wanted) : 20;
  for (int i = 0; i < kills; ++i) {
    const Pipe begun = Pipe::open();
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) write_until_killed(path, begun);
    char byte = 0;
    if (i % 10 != 0) REQUIRE(::read(begun.read_end.get(), &byte, 1) == 1);  // else at once
    std::this_thread::sleep_for(std::chrono::microseconds(moment_us(random)));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
  }
  { const auto sink = start_log(path); }  // ends the last torn line
  uint64_t torn = 0;
  uint64_t lines = 0;
  std::set<std::string> streams;
  uint64_t next = 0;
  for (const std::string& file : log_paths(path)) {
    const std::string text = content_of(file);
    if (text.empty()) continue;
    CHECK(text.back() == '\n');
    for (const std::string& line : lines_of(text)) {
      if (!line.ends_with("}}")) {
        ++torn;
        continue;
      }
      const JsonLine json(line);
      if (json.text("/event_type") == "file_header") {
        if (streams.insert(json.text("/pktana/stream")).second) next = 1;
        CHECK(json.number("/pktana/first_seq") == next);
        continue;
      }
      ++lines;
      CHECK(json.number("/pktana/seq") == next++);
    }
  }
  INFO(lines << " lines of " << streams.size() << " processes, " << torn << " torn");
  CHECK(torn <= static_cast<uint64_t>(kills));
  CHECK(lines > 100);
}

}  // namespace pktana::sink
