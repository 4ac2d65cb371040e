// SPDX-License-Identifier: Apache-2.0
#include "daemon/vitals.h"

#include <array>

#include <fmt/format.h>

#include "base/clock.h"

namespace pktana::daemon {

bool Pulse::feel(const std::vector<uint64_t>& beats, const sink::SinkTotals& sink) {
  const uint64_t done = sink.accepted - sink.in_flight;
  const bool sink_moves = sink.in_flight == 0 || done != last_done_;
  bool all = sink_moves;
  for (size_t i = 0; i < beats.size(); ++i)
    all &= i >= last_beats_.size() || beats[i] != last_beats_[i];
  if (!all) return false;
  last_beats_ = beats;
  last_done_ = done;
  return true;
}

std::string short_count(double value) {
  constexpr std::array kUnits = {"", "k", "M", "G", "T"};
  size_t unit = 0;
  while (value >= 1000 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  if (unit == 0) return fmt::format("{:.0f} ", value);
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string Rates::line(const engine::Ledger& ledger, int64_t now_ns) {
  const uint64_t seen = ledger.kernel ? ledger.kernel->packets : ledger.packets.captured;
  const uint64_t drops = ledger.kernel ? ledger.kernel->drops : 0;
  const double seconds =
      last_ns_ == 0 ? 0 : static_cast<double>(now_ns - last_ns_) / base::kNsPerSecond;
  const auto rate = [&](uint64_t now, uint64_t before) {
    return seconds <= 0 || now < before ? 0 : static_cast<double>(now - before) / seconds;
  };
  const double seen_rate = rate(seen, last_seen_);
  const double dropped = seen_rate > 0 ? 100 * rate(drops, last_drops_) / seen_rate : 0;
  const std::string text =
      fmt::format("{}pps, {}bit/s, {:.2f}% dropped, {} flows",
                  short_count(rate(ledger.packets.captured, last_packets_)),
                  short_count(8 * rate(ledger.packets.captured_bytes, last_bytes_)), dropped,
                  ledger.live_flows);
  last_ns_ = now_ns;
  last_packets_ = ledger.packets.captured;
  last_bytes_ = ledger.packets.captured_bytes;
  last_seen_ = seen;
  last_drops_ = drops;
  return text;
}

}  // namespace pktana::daemon
