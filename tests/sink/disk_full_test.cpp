// SPDX-License-Identifier: Apache-2.0
// A disk that is really full: a tmpfs of 256 KiB.
#include "sample_records.h"
#include "sink/sink.h"
#include "support/catch.h"
#include "support/skip.h"
#include "test_files.h"

namespace pktana::sink {
namespace {

void hand_over(Sink& sink, flow::RecordHandoff& producer, size_t count) {
  const std::vector<flow::FlowRecord> records(count, tcp_record());
  producer.hand_over(records);
  sink.drain();
}

/// Whole lines all, as far as they go.
size_t count_whole_lines(const std::string& text) {
  size_t count = 0;
  for (const std::string& line : lines_of(text)) {
    CHECK(JsonLine(line).text("/event_type") == "flow");
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("disk full: what does not fit is dropped and counted, no line is torn in the middle") {
  const bool io_uring = GENERATE(true, false);
  const auto disk = open_small_disk("256k");
  if (!disk) {
    support::skip_case("no right to make a small tmpfs");
    return;
  }
  const std::string path = path_of(*disk) + "/eve.json";
  auto sink =
      Sink::start({.outputs = {{.path = path, .io_uring = io_uring}}, .wait_when_full = true});
  REQUIRE(sink);
  const auto producer = (*sink)->make_producer();
  hand_over(**sink, *producer, 100);
  CHECK((*sink)->totals().written == 100);
  {
    const Filler filler(path_of(*disk) + "/filler");
    hand_over(**sink, *producer, 1000);
    const SinkTotals full = (*sink)->totals();
    CHECK(full.dropped_disk_full > 900);
    CHECK(full.written + full.dropped_disk_full == 1100);
    hand_over(**sink, *producer, 10);
    CHECK((*sink)->totals().dropped_disk_full == full.dropped_disk_full + 10);
  }
  hand_over(**sink, *producer, 20);  // there is room again
  hand_over(**sink, *producer, 20);
  const auto finished = (*sink)->finish();
  REQUIRE_FALSE(finished);
  CHECK(finished.error().code == std::errc::no_space_on_device);

  const SinkTotals totals = (*sink)->totals();
  CHECK(totals.written + totals.dropped_disk_full == 1150);
  CHECK(totals.in_flight == 0);
  const std::string text = content_of(path);
  CHECK(text.size() == totals.bytes_written);
  CHECK(count_whole_lines(text) == totals.written);
}

TEST_CASE("disk full: a torn last line is the end of the file, and its record counts as dropped") {
  const bool io_uring = GENERATE(true, false);
  const auto disk = open_small_disk("64k");
  if (!disk) {
    support::skip_case("no right to make a small tmpfs");
    return;
  }
  const std::string path = path_of(*disk) + "/eve.json";
  auto sink =
      Sink::start({.outputs = {{.path = path, .io_uring = io_uring}}, .wait_when_full = true});
  REQUIRE(sink);
  const auto producer = (*sink)->make_producer();
  hand_over(**sink, *producer, 500);
  hand_over(**sink, *producer, 500);
  CHECK_FALSE((*sink)->finish());
  const SinkTotals totals = (*sink)->totals();
  CHECK(totals.written + totals.dropped_disk_full == 1000);
  std::string text = content_of(path);
  text.resize(text.rfind('\n') + 1);
  CHECK(count_whole_lines(text) == totals.written);
}

}  // namespace pktana::sink
