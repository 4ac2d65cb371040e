// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include <simdjson.h>

#include "engine/frames.h"
#include "engine/run.h"
#include "engine/run_lines.h"
#include "engine/run_support.h"
#include "support/catch.h"
#include "support/temp_file.h"

using namespace pktana;
using engine::comparable;
using engine::lines_of;
using engine::options_for;
using engine::run;
using support::udp_capture;

TEST_CASE("file run: each flow leaves one line, the stats event is last, seq has no gaps") {
  const support::TempFile capture(udp_capture(1000, 21, true).octets());
  const support::TempFile output;
  const auto report = run({capture.path()}, options_for(output.path()));
  CHECK(report.input_errors.empty());
  CHECK_FALSE(report.output_error.has_value());

  const auto lines = lines_of(output.path());
  REQUIRE(lines.size() == 22);
  simdjson::dom::parser parser;
  uint64_t seq = 0;
  for (const std::string& line : lines) {
    simdjson::dom::element event = parser.parse(line);
    const uint64_t number = event["pktana"]["seq"];
    CHECK(number == ++seq);
    const std::string_view type = event["event_type"];
    CHECK(type == (seq < 22 ? "flow" : "stats"));
    if (type == "stats") CHECK(uint64_t{event["pktana"]["flow_table"]["room"]} == 10000);
  }
}

TEST_CASE(
    "file run: an output's own expression decides what it gets, and the ledger knows of both") {
  const support::TempFile capture(udp_capture(1000, 20).octets());
  const support::TempFile all;
  const support::TempFile some;
  engine::RunOptions options = options_for(all.path());
  options.sink.outputs.push_back(
      {.path = some.path(), .stats_events = false, .where = "src_port < 20005"});
  const auto report = run({capture.path()}, std::move(options));
  CHECK(lines_of(all.path()).size() == 21);
  const auto& outputs = report.ledger.sink.outputs;
  CHECK(lines_of(some.path()).size() == outputs[1].written);
  CHECK(outputs[1].written == 5);
  CHECK(outputs[1].not_matching == 15);
  CHECK(outputs[0].written == 20);
}

TEST_CASE("file run: a mistake in an output's expression fails the run, with its place") {
  const support::TempFile capture(udp_capture(10, 2).octets());
  engine::RunOptions options = options_for("/dev/null");
  options.sink.outputs[0].where = "no_such_field == 1";
  const std::atomic<bool> stop{false};
  const auto report = engine::run_files({capture.path()}, std::move(options), stop);
  REQUIRE_FALSE(report);
  CHECK(base::to_string(report.error()).find("no_such_field") != std::string::npos);
}

TEST_CASE("file run: the same records for any number of threads") {
  const support::TempFile capture(udp_capture(20000, 333, true).octets());
  const support::TempFile one;
  run({capture.path()}, options_for(one.path(), 1));
  const auto wanted = comparable(one.path());
  CHECK(wanted.size() == 333);
  for (const unsigned threads : {2U, 3U, 4U}) {
    const support::TempFile output;
    run({capture.path()}, options_for(output.path(), threads));
    CHECK(comparable(output.path()) == wanted);
  }
}

TEST_CASE("file run: where one table has room for all flows, those of several workers have too") {
  constexpr unsigned kFlows = 3000;
  const support::TempFile capture(udp_capture(2 * kFlows, kFlows).octets());
  for (const unsigned threads : {1U, 2U, 3U, 5U}) {
    engine::RunOptions options = options_for("/dev/null", threads);
    options.shard.max_flows = kFlows;
    options.app.enabled = false;  // else all flows, between two hosts, would be one worker's
    const auto flows = run({capture.path()}, std::move(options)).ledger.flows;
    CHECK(flows.flows_created == kFlows);
    CHECK(flows.ended[static_cast<size_t>(flow::EndReason::Evicted)] == 0);
  }
}

TEST_CASE("file run: the tables of all workers hold max_flows and little more") {
  using engine::flows_of_worker;
  CHECK(flows_of_worker(1'000'000, 1, false) == 1'000'000);
  CHECK(flows_of_worker(1'000'000, 2, false) == 504'243);
  CHECK(flows_of_worker(1'000'000, 16, false) == 64'000);
  CHECK(flows_of_worker(1'000'000, 16, true) == 78'125);
  CHECK(flows_of_worker(10, 4, false) == 10);
  CHECK(flows_of_worker(1, 4, true) == 1);
}

TEST_CASE("file run: a file that is cut short is an input error, what was whole is counted") {
  auto octets = udp_capture(100, 10).octets();
  octets.resize(octets.size() - 5);
  const support::TempFile capture(octets);
  for (const unsigned threads : {1U, 2U}) {
    const auto report = run({capture.path()}, options_for("", threads));
    CHECK(report.ledger.packets.captured == 99);
    REQUIRE(report.input_errors.size() == 1);
    CHECK(base::to_string(report.input_errors[0]).find(capture.path()) != std::string::npos);
  }
}

TEST_CASE("file run: an unreadable file does not keep the others from being read") {
  const support::TempFile capture(udp_capture(100, 10).octets());
  const auto report = run({"/nonexistent/x.pcap", capture.path()}, options_for(""));
  CHECK(report.ledger.packets.captured == 100);
  CHECK(report.input_errors.size() == 1);
}

TEST_CASE("file run: several files are one stream, flows go on over their seam") {
  const support::TempFile capture(udp_capture(100, 10).octets());
  const auto report = run({capture.path(), capture.path()}, options_for(""));
  CHECK(report.ledger.packets.captured == 200);
  CHECK(report.ledger.flows.flows_created == 10);
}

TEST_CASE("file run: merged, two files are read in the order of time") {
  support::PcapWriter ends;
  support::PcapWriter middle;
  for (const uint32_t second : {0, 50})
    ends.add(support::udp_frame(1), {.seconds = 1700000000 + second});
  middle.add(support::udp_frame(1), {.seconds = 1700000025});
  const support::TempFile first(ends.octets());
  const support::TempFile second(middle.octets());
  auto options = options_for("", GENERATE(1U, 2U));
  options.merge = GENERATE(true, false);
  const auto report = run({first.path(), "/no/such/file", second.path()}, options);
  CHECK(report.ledger.packets.captured == 3);
  CHECK(report.input_errors.size() == 1);
  // One after another the flow is silent for 50 s, beyond its timeout of 30.
  CHECK(report.ledger.flows.flows_created == (options.merge ? 1 : 2));
}

TEST_CASE("file run: a wish to stop ends it with the records of what was read") {
  const support::TempFile capture(udp_capture(100, 10).octets());
  const std::atomic<bool> stop{true};
  auto report = engine::run_files({capture.path()}, options_for(""), stop);
  REQUIRE(report.has_value());
  CHECK(report->ledger.packets.captured == 0);
  CHECK(engine::imbalances(report->ledger.lines()).empty());
}

TEST_CASE("file run: an output that cannot be opened is an error before anything is read") {
  const support::TempFile capture(udp_capture(100, 10).octets());
  const std::atomic<bool> stop{false};
  const auto report =
      engine::run_files({capture.path()}, options_for("/nonexistent/dir/out.json"), stop);
  REQUIRE_FALSE(report.has_value());
  CHECK(base::to_string(report.error()).find("/nonexistent/dir/out.json") != std::string::npos);
}

TEST_CASE("file run: progress reaches the size of the files") {
  const support::TempFile capture(udp_capture(5000, 10).octets());
  const std::atomic<bool> stop{false};
  engine::Progress progress;
  const auto report =
      engine::run_files({capture.path(), capture.path()}, options_for(""), stop, &progress);
  REQUIRE(report.has_value());
  CHECK(progress.bytes_done.load() == progress.bytes_total.load());
  CHECK(progress.packets.load() == 10000);
}
