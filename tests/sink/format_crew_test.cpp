// SPDX-License-Identifier: Apache-2.0
// Several formatting threads: the outputs must not be able to tell.
#include "sink/format_crew.h"

#include <random>

#include "flow/app_tape.h"
#include "log_lines.h"
#include "support/temp_file.h"

namespace pktana::sink {
namespace {

class OddPort final : public RecordTest {
 public:
  bool matches(const flow::FlowRecord& record) noexcept override {
    return record.src_port % 2 == 1;
  }
};

flow::FlowRecord event_record(std::mt19937& random) {
  auto event = std::make_unique<flow::AppEvent>();
  event->name = "dns";
  flow::TapeWriter(event->tape).text("rrname", std::string(random() % 3000, 'n'));
  flow::FlowRecord record = udp_record();
  record.event = event.release();  // the record holds its one reference
  return record;
}

flow::FlowRecord random_record(std::mt19937& random) {
  flow::FlowRecord record = random() % 8 == 0   ? event_record(random)
                            : random() % 3 == 0 ? ping_record()
                            : random() % 2 == 0 ? udp_record()
                                                : full_tcp_record();
  if (record.event == nullptr && random() % 10 == 0) record.update.index = 1;
  record.flow_id = random();
  record.src_port = static_cast<uint16_t>(random());
  record.start_ns += static_cast<int64_t>(random() % 100) * 1'000'000'007;
  record.end_ns = record.start_ns + static_cast<int64_t>(random());
  return record;
}

/// All files of a log, without the headers, which tell the time.
std::string lines_of_log(const std::string& path) {
  std::string all;
  for (const std::string& file : log_paths(path)) {
    const std::string text = content_of(file);
    all += text.substr(text.find('\n') + 1) + "--\n";
  }
  return all;
}

/// What the outputs hold after the same records, in bundles of all sizes, with stats events among
/// them.
std::vector<std::string> written_by(unsigned threads, uint32_t seed) {
  const support::TempDir dir;
  const auto path = [&dir](const char* name) { return dir.path() + "/" + name; };
  OutputOptions odd{.path = path("odd.json"), .update_events = true};
  odd.test = std::make_shared<OddPort>();
  OutputOptions log = log_output(path("log.json"), {.rotate_bytes = 150'000});
  auto sink = Sink::start({.outputs = {{.path = path("all.json")},
                                       odd,
                                       {.path = path("all.csv"), .format = Format::Csv},
                                       log},
                           .wait_when_full = true,
                           .format_threads = threads});
  REQUIRE(sink);
  const auto producer = (*sink)->make_producer();
  std::mt19937 random(seed);
  for (int bundle = 0; bundle < 40; ++bundle) {
    std::vector<flow::FlowRecord> records;
    for (size_t count = bundle % 4 == 0 ? random() % 500 : random() % 9; count > 0; --count)
      records.push_back(random_record(random));
    producer->hand_over(records);
    if (bundle % 5 != 4) continue;
    (*sink)->submit({});
    (*sink)->drain();
  }
  CHECK((*sink)->finish());
  const SinkTotals totals = (*sink)->totals();
  CHECK(totals.in_flight == 0);
  for (const OutputTotals& output : totals.outputs)
    CHECK(output.written + output.not_wanted + output.not_matching == totals.accepted);
  return {content_of(path("all.json")), content_of(odd.path), content_of(path("all.csv")),
          lines_of_log(log.path)};
}

}  // namespace

TEST_CASE("format crew: two and three threads write what one does, byte by byte") {
  const auto seed = GENERATE(1U, 2U);
  const auto expected = written_by(1, seed);
  CHECK(expected[0].size() > 500'000);
  CHECK(expected[3].find("--\n") != expected[3].rfind("--\n"));  // the log has rotated
  for (const unsigned threads : {2U, 3U}) {
    const auto written = written_by(threads, seed);
    for (size_t i = 0; i < expected.size(); ++i) {
      INFO("output " << i << ", threads " << threads);
      CHECK((written[i] == expected[i]));  // doubled brackets: else megabytes are shown
    }
  }
}

TEST_CASE("format crew: every record of an output that fails is accounted for") {
  const bool closed_pipe = GENERATE(true, false);
  const support::TempFile good;
  Pipe pipe = Pipe::open();
  const std::string bad = closed_pipe ? path_of(pipe.write_end) : std::string("/dev/full");
  auto sink = Sink::start({.outputs = {{.path = bad}, {.path = good.path()}},
                           .wait_when_full = true,
                           .format_threads = 3});
  REQUIRE(sink);
  if (closed_pipe) pipe.read_end.reset();
  const auto producer = (*sink)->make_producer();
  for (int i = 0; i < 100; ++i)
    hand_over(*producer, 97);
  const auto finished = (*sink)->finish();
  REQUIRE_FALSE(finished);
  CHECK(finished.error().code ==
        (closed_pipe ? std::errc::broken_pipe : std::errc::no_space_on_device));
  const SinkTotals totals = (*sink)->totals();
  const OutputTotals& failed = totals.outputs[0];
  CHECK(failed.written + failed.dropped_disk_full + failed.dropped_sink_down == 9'700);
  CHECK((closed_pipe ? failed.dropped_sink_down : failed.dropped_disk_full) > 0);
  CHECK(totals.outputs[1].written == 9'700);
  CHECK(totals.in_flight == 0);
}

TEST_CASE("format crew: what a slow output has no room for is dropped, its numbers with it") {
  const support::TempDir dir;
  const support::TempFile good;
  Pipe pipe = Pipe::open();
  auto sink = Sink::start(
      {.outputs = {{.path = path_of(pipe.write_end), .own_thread = true, .memory_bytes = 2 << 20},
                   {.path = good.path()}},
       .wait_when_full = true,
       .format_threads = 2});
  REQUIRE(sink);
  const auto producer = (*sink)->make_producer();
  for (int i = 0; i < 100; ++i)
    hand_over(*producer, 100);
  (*sink)->drain();
  const OutputTotals slow = (*sink)->totals().outputs[0];
  CHECK(slow.dropped_output_slow > 1000);
  pipe.read_end.reset();
  (void)(*sink)->finish();
  const SinkTotals totals = (*sink)->totals();
  CHECK(totals.outputs[0].written + totals.outputs[0].dropped_output_slow +
            totals.outputs[0].dropped_sink_down ==
        10'000);
  CHECK(totals.outputs[1].written == 10'000);
}

}  // namespace pktana::sink
