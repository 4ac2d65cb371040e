// SPDX-License-Identifier: Apache-2.0
#include "daemon/vitals.h"

#include "base/clock.h"
#include "daemon/reload.h"
#include "support/catch.h"

namespace pktana::daemon {
namespace {

sink::SinkTotals sink_with(uint64_t accepted, uint64_t in_flight) {
  sink::SinkTotals totals;
  totals.accepted = accepted;
  totals.in_flight = in_flight;
  return totals;
}

TEST_CASE("pulse: every worker must have moved on since the last sign of life") {
  Pulse pulse;
  CHECK(pulse.feel({1, 1}, {}));
  CHECK_FALSE(pulse.feel({2, 1}, {}));
  CHECK_FALSE(pulse.feel({3, 1}, {}));
  CHECK(pulse.feel({2, 2}, {}));
}

TEST_CASE("pulse: a sink that has work must have done some of it") {
  Pulse pulse;
  CHECK(pulse.feel({1}, sink_with(10, 5)));
  CHECK_FALSE(pulse.feel({2}, sink_with(12, 7)));
  CHECK(pulse.feel({2}, sink_with(12, 6)));
  CHECK(pulse.feel({3}, sink_with(12, 0)));
  CHECK(pulse.feel({4}, sink_with(12, 0)));
}

TEST_CASE("rates: the status line speaks of the time since the last one") {
  Rates rates;
  engine::Ledger ledger;
  ledger.kernel = ring::RingStatistics{};
  (void)rates.line(ledger, base::kNsPerSecond);
  ledger.packets.captured = 2400;
  ledger.packets.captured_bytes = 250'000;
  ledger.kernel = ring::RingStatistics{.packets = 2500, .drops = 100};
  ledger.live_flows = 7;
  CHECK(rates.line(ledger, 3 * base::kNsPerSecond) ==
        "1.2 kpps, 1.0 Mbit/s, 4.00% dropped, 7 flows");
  CHECK(rates.line(ledger, 4 * base::kNsPerSecond) == "0 pps, 0 bit/s, 0.00% dropped, 7 flows");
}

TEST_CASE("reload: keys that differ are told apart by whether they can change now") {
  const auto parse = [](const char* text) { return parse_config(text, {.path = "c.toml"}); };
  const LoadedConfig before = parse("[stats]\ninterval = '1s'\n[flow]\nmax_flows = 10\n");
  CHECK(compare(before, before).live.empty());
  CHECK(compare(before, before).restart.empty());
  const ConfigChange change =
      compare(before, parse("[stats]\ninterval = '2s'\n[capture]\nring_size = '1MiB'\n[flow]\n"
                            "max_flows = 10\n[[output]]\n[[output]]\npath = '/x'\n"));
  CHECK(change.live == std::vector<std::string>{"stats.interval"});
  CHECK(change.restart == std::vector<std::string>{"output", "capture.ring_size"});
}

}  // namespace
}  // namespace pktana::daemon
