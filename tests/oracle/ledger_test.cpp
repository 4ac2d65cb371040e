// SPDX-License-Identifier: Apache-2.0
// Whole runs over every capture, broken ones among them: each ends soon, says what was wrong, and
// accounts for every packet and every record.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <set>
#include <string>

#include "engine/run.h"
#include "oracle/corpus.h"
#include "oracle/replay.h"
#include "support/catch.h"

using namespace pktana;
using oracle::Capture;

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(2);

/// The captures that can't be read to their end.
const std::set<std::string>& unreadable() {
  static const std::set<std::string> kAll = {
      "malformed/suricata_fuzz.pcap",                     // a record of 1.4 GB
      "pcap-format/libpcap_pcap-invalid-version-1.pcap",  // pcap version 1.4
      "pcapng/gopacket_be-test901.pcapng",                // a later section of version 2.0
  };
  return kAll;
}

engine::RunOptions options_with(bool output) {
  engine::RunOptions options;
  options.shard = oracle::fixed_shard_options();
  if (output) options.sink.outputs = {{.path = "/dev/null"}};
  return options;
}

engine::RunReport run(const Capture& capture, engine::RunOptions options) {
  const std::atomic<bool> stop{false};
  auto report = engine::run_files({capture.path.string()}, std::move(options), stop);
  if (!report) FAIL(base::to_string(report.error()));
  return std::move(*report);
}

void check_balanced(const engine::RunReport& report) {
  const auto lines = report.ledger.lines();
  CHECK(lines.size() == 5);
  for (const std::string& imbalance : engine::imbalances(lines))
    FAIL_CHECK(imbalance);
  CHECK_FALSE(report.output_error);
}

}  // namespace

TEST_CASE("oracle: the ledger balances over every capture") {
  for (const Capture& capture : oracle::captures()) {
    INFO(capture.name);
    for (const bool output : {false, true}) {
      CAPTURE(output);
      check_balanced(run(capture, options_with(output)));
    }
  }
}

TEST_CASE("oracle: every capture is read within two seconds") {
  for (const Capture& capture : oracle::captures()) {
    const auto began = Clock::now();
    (void)run(capture, options_with(false));
    INFO(capture.name);
    CHECK(Clock::now() - began < kPatience);
  }
}

TEST_CASE("oracle: exactly the broken captures end with an error, and it says something") {
  std::set<std::string> failed;
  for (const Capture& capture : oracle::captures()) {
    const auto report = run(capture, options_with(false));
    INFO(capture.name);
    CHECK(report.input_errors.size() <= 1);
    for (const base::Error& error : report.input_errors) {
      CHECK_FALSE(error.operation.empty());
      CHECK_FALSE(error.detail.empty());
      failed.insert(capture.name);
      std::printf("  %s\n", base::to_string(error).c_str());
    }
  }
  std::fflush(stdout);
  if (!oracle::captures().empty()) CHECK(failed == unreadable());
}
