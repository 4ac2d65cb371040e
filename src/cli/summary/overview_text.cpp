// SPDX-License-Identifier: Apache-2.0
#include "cli/summary/overview_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/clock.h"
#include "cli/clock_text.h"
#include "cli/terminal.h"
#include "sink/human_text.h"

namespace pktana::cli {
namespace {

constexpr std::string_view kBold = "\033[1m";
constexpr std::string_view kBar = "\033[36m";
constexpr std::string_view kPlain = "\033[0m";
constexpr size_t kRows = 10;         ///< of a section; the rest is one row
constexpr size_t kNameColumns = 16;  ///< at least
constexpr size_t kMaxName = 40;
constexpr size_t kNumberColumns = 8;
constexpr size_t kLeastBar = 8;
constexpr size_t kMostBar = 50;
constexpr unsigned kNarrow = 60;

using Row = std::pair<std::string, Share>;

std::string right(std::string_view text, size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + std::string(text);
}

std::string left(std::string_view text, size_t width) {
  return std::string(text) + std::string(width - std::min(width, text.size()), ' ');
}

std::string heading(std::string_view text, bool color) {
  return color ? std::string(kBold) + std::string(text) + std::string(kPlain) : std::string(text);
}

/// The largest first, and what is left as one row of its own.
std::vector<Row> largest(const std::map<std::string, Share>& shares) {
  std::vector<Row> rows(shares.begin(), shares.end());
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.second.bytes > b.second.bytes; });
  if (rows.size() <= kRows + 1) return rows;
  Row rest{std::to_string(rows.size() - kRows) + " more", {}};
  for (size_t i = kRows; i < rows.size(); ++i) {
    rest.second.flows += rows[i].second.flows;
    rest.second.packets += rows[i].second.packets;
    rest.second.bytes += rows[i].second.bytes;
  }
  rows.resize(kRows);
  rows.push_back(std::move(rest));
  return rows;
}

std::string bar(double share, size_t width, bool color) {
  auto cells = static_cast<size_t>(share * static_cast<double>(width) + 0.5);
  if (share > 0 && cells == 0) cells = 1;
  const std::string text(std::min(cells, width), '#');
  return color ? std::string(kBar) + text + std::string(kPlain) : text;
}

std::string percent(double share) {
  const auto tenths = static_cast<uint64_t>(share * 1000 + 0.5);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "%";
}

void add_shares(std::string_view title, const std::map<std::string, Share>& shares, uint64_t whole,
                const OverviewOptions& options, std::string& text) {
  if (shares.empty()) return;
  const std::vector<Row> rows = largest(shares);
  size_t width = kNameColumns;
  for (const Row& row : rows)
    width = std::max(width, std::min(kMaxName, printable(row.first).size()));
  const size_t taken = 2 + width + 3 * kNumberColumns + 8;
  const size_t room = options.columns > taken + 1 ? options.columns - taken - 1 : 0;
  const size_t cells = options.columns < kNarrow || room < kLeastBar ? 0 : std::min(room, kMostBar);
  text += heading(left(title, 2 + width) + right("flows", kNumberColumns) +
                      right("packets", kNumberColumns) + right("bytes", kNumberColumns),
                  options.color) +
          "\n";
  for (const auto& [name, share] : rows) {
    const double part =
        whole == 0 ? 0 : static_cast<double>(share.bytes) / static_cast<double>(whole);
    text += "  " + left(printable(name).substr(0, kMaxName), width);
    text += right(sink::human_count(share.flows).view(), kNumberColumns);
    text += right(sink::human_count(share.packets).view(), kNumberColumns);
    text += right(sink::human_bytes(share.bytes).view(), kNumberColumns) + right(percent(part), 8);
    if (cells > 0) text += " " + bar(part, cells, options.color);
    text += "\n";
  }
}

std::string time_text(int64_t ns, sink::TimeZone zone) {
  std::array<char, Line::kMaxLineBytes> buffer;
  Line line(buffer.data());
  ClockText(zone, ClockText::Style::DateAndNanos).put(line, ns);
  return {buffer.data(), line.end()};
}

std::string per_second(uint64_t amount, int64_t span_ns) {
  const double seconds = static_cast<double>(span_ns) / static_cast<double>(base::kNsPerSecond);
  return std::string(
      sink::human_count(static_cast<uint64_t>(static_cast<double>(amount) / seconds)).view());
}

void add_span(const engine::Ledger& ledger, const OverviewOptions& options, std::string& text) {
  const engine::PacketTotals& packets = ledger.packets;
  if (packets.captured == 0) return;
  const int64_t span_ns = ledger.last_packet_ns - ledger.first_packet_ns;
  text += heading("capture", options.color) + "\n";
  text += "  first packet    " + time_text(ledger.first_packet_ns, options.time_zone) + "\n";
  text += "  last packet     " + time_text(ledger.last_packet_ns, options.time_zone) + "\n";
  text += "  lasted          ";
  text += sink::human_duration(static_cast<uint64_t>(span_ns)).view();
  text += "\n  packets         " + std::to_string(packets.captured - packets.filtered_out);
  if (span_ns > 0)
    text += "  (" + per_second(packets.captured - packets.filtered_out, span_ns) + " a second)";
  text += "\n  bytes           " + std::to_string(packets.captured_bytes);
  if (span_ns > 0) text += "  (" + per_second(packets.captured_bytes * 8, span_ns) + "bit/s)";
  text += "\n";
}

void add_count(std::string_view label, uint64_t count, uint64_t whole, std::string& text) {
  text += "  " + left(label, 26) + right(std::to_string(count), 12);
  if (whole > 0) text += right(percent(static_cast<double>(count) / static_cast<double>(whole)), 8);
  text += "\n";
}

void add_health(const TcpHealth& tcp, const OverviewOptions& options, std::string& text) {
  if (tcp.flows == 0) return;
  text += heading("TCP health", options.color) + "\n";
  add_count("connections", tcp.flows, 0, text);
  add_count("  opened and closed", tcp.completed, tcp.flows, text);
  add_count("  reset", tcp.reset, tcp.flows, text);
  add_count("  refused", tcp.refused, tcp.flows, text);
  add_count("  without an answer", tcp.unanswered, tcp.flows, text);
  add_count("segments", tcp.segments, 0, text);
  add_count("  sent again", tcp.retransmits, tcp.segments, text);
  add_count("  out of order", tcp.out_of_order, tcp.segments, text);
  add_count("  closed window", tcp.zero_windows, tcp.segments, text);
  add_count("bytes never seen", tcp.lost_bytes, 0, text);
  if (tcp.handshakes > 0) {
    const auto time = [](uint64_t us) {
      return std::string(sink::human_duration(us * 1000).view());
    };
    text += "  handshake, on average     " + right(time(tcp.handshake_us / tcp.handshakes), 12) +
            ", slowest " + time(tcp.slowest_us) + "\n";
  }
  if (tcp.incomplete > 0) add_count("counted in part only", tcp.incomplete, tcp.flows, text);
}

}  // namespace

std::string overview_text(const engine::Ledger& ledger, const FlowSums& sums,
                          const OverviewOptions& options) {
  std::string text;
  add_span(ledger, options, text);
  const uint64_t whole = sums.all().bytes;
  add_shares("protocols", sums.protocols(), whole, options, text);
  add_shares("applications", sums.applications(), whole, options, text);
  add_shares("talkers", sums.hosts(), whole, options, text);
  if (sums.hosts_left_out() > 0)
    text += "  (hosts beyond " + std::to_string(FlowSums::kMaxHosts) + " are left out)\n";
  add_shares("ports", sums.ports(), whole, options, text);
  add_health(sums.tcp(), options, text);
  return text;
}

}  // namespace pktana::cli
