// SPDX-License-Identifier: Apache-2.0
#include "sink/sink.h"

#include <chrono>
#include <csignal>
#include <thread>

#include "sample_records.h"
#include "support/catch.h"
#include "support/temp_file.h"
#include "test_files.h"

namespace pktana::sink {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<Sink> started(const SinkOptions& options) {
  auto sink = Sink::start(options);
  REQUIRE(sink);
  return std::move(*sink);
}

/// Files: waits for room, EVE lines into `path`.
SinkOptions to_file(const std::string& path) {
  return {.outputs = {{.path = path}}, .wait_when_full = true};
}

std::vector<flow::FlowRecord> numbered(uint64_t first, size_t count) {
  std::vector<flow::FlowRecord> records(count, udp_record());
  for (size_t i = 0; i < count; ++i)
    records[i].flow_id = first + i;
  return records;
}

void hand_over_numbered(Sink& sink, uint64_t first, uint64_t count) {
  const auto producer = sink.make_producer();
  for (uint64_t i = 0; i < count; i += 25)
    producer->hand_over(numbered(first + i, 25));
}

/// Reads a pipe to its end, slowly at first.
std::string slowly_read(const base::Fd& read_end) {
  std::string text;
  std::vector<char> buffer(65'536);
  while (true) {
    const ssize_t count = ::read(read_end.get(), buffer.data(), buffer.size());
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<size_t>(count));
    if (text.size() < 2'000'000) std::this_thread::sleep_for(1ms);
  }
}

bool has_content(const std::string& path, std::chrono::milliseconds patience) {
  for (; patience > 0ms; patience -= 5ms) {
    if (!content_of(path).empty()) return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

}  // namespace

TEST_CASE("sink: records come out in order, every one, and the last stats event is the last line") {
  const bool io_uring = GENERATE(true, false);
  const support::TempFile file;
  SinkOptions options = to_file(file.path());
  options.outputs[0].io_uring = io_uring;
  const auto sink = started(options);
  hand_over_numbered(*sink, 0, 20'000);
  sink->drain();
  const SinkTotals totals = sink->totals();
  CHECK(totals.accepted == 20'000);
  CHECK(totals.written == 20'000);
  CHECK(totals.in_flight == 0);
  sink->submit({});
  CHECK(sink->finish());

  const auto lines = lines_of(content_of(file.path()));
  REQUIRE(lines.size() == 20'001);
  for (size_t i = 0; i < 20'000; i += 997) {
    CHECK(JsonLine(lines[i]).number("/flow_id") == i);
    CHECK(JsonLine(lines[i]).number("/pktana/seq") == i + 1);
  }
  CHECK(JsonLine(lines.back()).text("/event_type") == "stats");
  CHECK(JsonLine(lines.back()).number("/pktana/seq") == 20'001);
  CHECK(sink->totals().bytes_written == content_of(file.path()).size());
}

TEST_CASE("sink: sorted, two producers' records come out by start time once all are there") {
  const bool fold = GENERATE(false, true);
  const support::TempFile file;
  SinkOptions options = to_file(file.path());
  options.sort = true;
  if (fold) options.scans = ScanStageOptions{.detector = {}, .fold = true};
  const auto sink = started(options);
  const auto first = sink->make_producer();
  const auto second = sink->make_producer();
  for (int64_t i = 999; i >= 0; --i) {
    flow::FlowRecord record = udp_record();
    record.flow_id = static_cast<uint64_t>(i);
    record.start_ns = i * 1000;
    (i % 3 == 0 ? first : second)->hand_over({&record, 1});
  }
  sink->settle();
  const auto lines = lines_of(content_of(file.path()));
  REQUIRE(lines.size() == 1000);
  for (uint64_t i = 0; i < lines.size(); ++i) {
    const JsonLine line(lines[i]);
    CHECK(line.number("/flow_id") == i);
    CHECK(line.number("/pktana/seq") == i + 1);
  }
  CHECK(sink->totals().written == 1000);
}

TEST_CASE("sink: a stats event comes after the records handed over before it") {
  const support::TempFile file;
  const auto sink = started(to_file(file.path()));
  const auto producer = sink->make_producer();
  for (int i = 0; i < 20; ++i) {
    producer->hand_over(numbered(0, 7));
    sink->submit({});
  }
  CHECK(sink->finish());
  uint64_t flows = 0;
  uint64_t events = 0;
  for (const std::string& line : lines_of(content_of(file.path()))) {
    if (JsonLine(line).text("/event_type") == "flow")
      ++flows;
    else
      CHECK(flows >= 7 * ++events);
  }
  CHECK(flows == 140);
  CHECK(events == 20);
}

TEST_CASE("sink: live, a full queue drops exactly what is missing from the output") {
  Pipe pipe = Pipe::open();
  const auto sink =
      started({.outputs = {{.path = path_of(pipe.write_end)}}, .queue_records = 500, .live = true});
  pipe.write_end.reset();
  const auto producer = sink->make_producer();
  for (uint64_t i = 0; i < 200; ++i)
    producer->hand_over(numbered(i * 32, 32));
  std::string text;
  std::thread reader([&] { text = slowly_read(pipe.read_end); });
  CHECK(sink->finish());
  reader.join();
  const SinkTotals totals = sink->totals();
  CHECK(totals.handed_over == 6400);
  CHECK(totals.dropped_queue_full > 5000);  // 500 in the queue, and some 100 in the pipe
  CHECK(totals.written == lines_of(text).size());
  CHECK(totals.handed_over == totals.written + totals.dropped_queue_full);
}

TEST_CASE("sink: waiting for room, two producers and a slow output lose nothing") {
  Pipe pipe = Pipe::open();
  SinkOptions options = to_file(path_of(pipe.write_end));
  options.queue_records = 100;
  const auto sink = started(options);
  pipe.write_end.reset();
  std::string text;
  std::thread reader([&] { text = slowly_read(pipe.read_end); });
  std::thread other([&] { hand_over_numbered(*sink, 1'000'000, 10'000); });
  hand_over_numbered(*sink, 0, 10'000);
  other.join();
  CHECK(sink->finish());
  reader.join();
  uint64_t next[2] = {0, 1'000'000};
  for (const std::string& line : lines_of(text)) {
    const uint64_t id = JsonLine(line).number("/flow_id");
    REQUIRE(id == next[id >= 1'000'000]++);
  }
  CHECK(next[0] == 10'000);
  CHECK(next[1] == 1'010'000);
  CHECK(sink->totals().written == 20'000);
  CHECK(sink->totals().dropped_queue_full == 0);
}

TEST_CASE("sink: each output has the application events that it wants, the ledger the others") {
  const support::TempFile all;
  const support::TempFile one;
  SinkOptions options = to_file(all.path());
  options.outputs.push_back({.path = one.path(), .app_event_names = {"tls"}});
  options.outputs.push_back({.path = "/dev/null", .format = Format::Zeek});
  const auto sink = started(options);
  const auto producer = sink->make_producer();
  for (const char* name : {"dns", "tls"}) {
    flow::FlowRecord record = tcp_record();
    auto event = std::make_unique<flow::AppEvent>();
    event->name = name;
    record.event = event.release();
    producer->hand_over({&record, 1});
  }
  const flow::FlowRecord flow = tcp_record();
  producer->hand_over({&flow, 1});
  sink->drain();
  const auto lines = lines_of(content_of(all.path()));
  REQUIRE(lines.size() == 3);
  CHECK(JsonLine(lines[0]).text("/event_type") == "dns");
  CHECK(lines_of(content_of(one.path())).size() == 2);
  const SinkTotals totals = sink->totals();
  CHECK(totals.outputs[0].written == 3);
  CHECK(totals.outputs[1].not_wanted == 1);
  CHECK(totals.outputs[2].written == 1);
  CHECK(totals.outputs[2].not_wanted == 2);
  CHECK(totals.in_flight == 0);
}

TEST_CASE("sink: names learned from DNS name sorted flows, whoever told of them first") {
  const support::TempFile file;
  SinkOptions options = to_file(file.path());
  options.sort = true;
  options.names.emplace();
  const auto sink = started(options);
  const auto first = sink->make_producer();
  const auto second = sink->make_producer();
  const flow::FlowRecord flow = tcp_record();
  first->hand_over({&flow, 1});
  flow::FlowRecord told = udp_record();
  told.ip_version = flow.ip_version;
  told.src = flow.src;
  told.end_ns = flow.start_ns - 1;
  auto event = std::make_unique<flow::AppEvent>();
  event->learned =
      flow::LearnedName{.ip_version = 4, .address = flow.dst, .name = "www.example", .ttl_s = 60};
  told.event = event.release();
  second->hand_over({&told, 1});
  sink->settle();
  const auto lines = lines_of(content_of(file.path()));
  REQUIRE(lines.size() == 1);
  CHECK(JsonLine(lines[0]).text("/pktana/name") == "www.example");
  CHECK(sink->totals().learned == 1);
  CHECK(sink->totals().in_flight == 0);
}

TEST_CASE("sink: what no output will ever see gives back what it refers to") {
  // Under a leak checker this is the test.
  const auto sink = started({.outputs = {}, .wait_when_full = true});
  const auto producer = sink->make_producer();
  CHECK(sink->finish());
  flow::FlowRecord record = tcp_record();
  record.event = new flow::AppEvent();
  record.app = new flow::AppSummary();
  producer->hand_over({&record, 1});
  CHECK(sink->totals().dropped_sink_down == 1);
}

TEST_CASE("sink: a closed pipe ends quietly, the rest is counted") {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe pipe = Pipe::open();
  const auto sink = started(to_file(path_of(pipe.write_end)));
  pipe.write_end.reset();
  CHECK_FALSE(sink->is_down());
  pipe.read_end.reset();
  hand_over_numbered(*sink, 0, 5000);
  sink->drain();
  CHECK(sink->is_down());
  hand_over_numbered(*sink, 0, 5000);
  const auto finished = sink->finish();
  REQUIRE_FALSE(finished);
  CHECK(finished.error().code == std::errc::broken_pipe);
  const SinkTotals totals = sink->totals();
  CHECK(totals.written == 0);
  CHECK(totals.dropped_sink_down == 10'000);
  CHECK(totals.in_flight == 0);
}

TEST_CASE("sink: a full device drops all, counted, and the error names it") {
  const auto sink = started(to_file("/dev/full"));
  hand_over_numbered(*sink, 0, 5000);
  const auto finished = sink->finish();
  REQUIRE_FALSE(finished);
  CHECK(finished.error().code == std::errc::no_space_on_device);
  CHECK(finished.error().detail == "/dev/full");
  CHECK(sink->totals().dropped_disk_full == 5000);
  CHECK_FALSE(sink->is_down());
}

TEST_CASE("sink: several outputs each get every record, the worst speaks for all") {
  const support::TempFile eve;
  const support::TempFile csv;
  SinkOptions options = to_file(eve.path());
  options.outputs.push_back({.path = csv.path(), .format = Format::Csv});
  options.outputs.push_back({.path = "/dev/full", .format = Format::Table});
  const auto sink = started(options);
  hand_over_numbered(*sink, 0, 1000);
  CHECK_FALSE(sink->finish());
  const SinkTotals totals = sink->totals();
  CHECK(totals.written == 0);
  CHECK(totals.dropped_disk_full == 1000);
  REQUIRE(totals.outputs.size() == 3);
  CHECK(totals.outputs[0].written == 1000);
  CHECK(totals.outputs[1].written == 1000);
  CHECK(totals.outputs[2].path == "/dev/full");
  CHECK(lines_of(content_of(eve.path())).size() == 1000);
  CHECK(lines_of(content_of(csv.path())).size() == 1001);
}

TEST_CASE("sink: records that no output takes are counted as not wanted") {
  const support::TempFile file;
  SinkOptions options = to_file(file.path());
  options.outputs[0].flow_events = false;
  const auto sink = started(options);
  hand_over_numbered(*sink, 0, 100);
  sink->submit({});
  CHECK(sink->finish());
  CHECK(sink->totals().not_wanted == 100);
  CHECK(sink->totals().in_flight == 0);
  CHECK(lines_of(content_of(file.path())).size() == 1);
}

TEST_CASE("sink: an output that takes no stats events gets none") {
  const support::TempFile file;
  SinkOptions options = to_file(file.path());
  options.outputs[0].stats_events = false;
  const auto sink = started(options);
  hand_over_numbered(*sink, 0, 25);
  sink->submit({});
  CHECK(sink->finish());
  CHECK(lines_of(content_of(file.path())).size() == 25);
}

TEST_CASE("sink: live, a line reaches a pipe at once") {
  Pipe pipe = Pipe::open();
  const auto sink = started({.outputs = {{.path = path_of(pipe.write_end)}}, .live = true});
  sink->make_producer()->hand_over(numbered(7, 1));
  std::string line(kMaxLineBytes, '\0');
  const ssize_t count = ::read(pipe.read_end.get(), line.data(), line.size());
  REQUIRE(count > 0);
  line.resize(static_cast<size_t>(count));
  CHECK(JsonLine(line).number("/flow_id") == 7);
  CHECK(sink->finish());
}

TEST_CASE("sink: a line does not stay in a file's buffer for longer than flush_ms") {
  const bool live = GENERATE(true, false);
  const support::TempFile file;
  SinkOptions options = to_file(file.path());
  options.live = live;
  options.outputs[0].flush_ms = 20;
  const auto sink = started(options);
  sink->make_producer()->hand_over(numbered(0, 1));
  CHECK(has_content(file.path(), 5000ms));
  CHECK(sink->finish());
}

TEST_CASE("sink: what is handed over after the end is counted") {
  const support::TempFile file;
  const auto sink = started(to_file(file.path()));
  const auto producer = sink->make_producer();
  producer->hand_over(numbered(0, 10));
  CHECK(sink->finish());
  producer->hand_over(numbered(10, 5));
  sink->submit({});
  sink->drain();
  CHECK(sink->finish());
  const SinkTotals totals = sink->totals();
  CHECK(totals.handed_over == 15);
  CHECK(totals.written == 10);
  CHECK(totals.dropped_sink_down == 5);
  CHECK(totals.in_flight == 0);
  CHECK(lines_of(content_of(file.path())).size() == 10);
}

TEST_CASE("sink: an output that can't be opened fails the start") {
  const auto sink = Sink::start({.outputs = {{.path = "/nonexistent/eve.json"}}});
  REQUIRE_FALSE(sink);
  CHECK(sink.error().detail == "/nonexistent/eve.json");
}

TEST_CASE("sink: a sink that is let go has written everything") {
  const support::TempFile file;
  {
    const auto sink = started(to_file(file.path()));
    hand_over_numbered(*sink, 0, 100);
  }
  CHECK(lines_of(content_of(file.path())).size() == 100);
}

}  // namespace pktana::sink
