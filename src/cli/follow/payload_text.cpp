// SPDX-License-Identifier: Apache-2.0
#include "cli/follow/payload_text.h"

#include <algorithm>

#include "cli/terminal.h"
#include "flow/protocol_name.h"

namespace pktana::cli {
namespace {

constexpr size_t kMaxTurnBytes = size_t{64} * 1024;
constexpr size_t kHexBytes = 16;
constexpr std::string_view kColors[] = {"\033[36m", "\033[33m"};  ///< by Direction
constexpr std::string_view kPlain = "\033[0m";
constexpr std::string_view kArrows[] = {">>> ", "<<< "};
constexpr std::string_view kIndent = "  ";

std::string_view as_text(base::Bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void put_end(Line& line, const uint8_t* address, const flow::FlowRecord& record, uint16_t port) {
  const bool bracket = record.ip_version == 6;
  line.text(bracket ? "[" : "").address(address, record.ip_version).text(bracket ? "]" : "");
  line.text(":").number(port);
}

char printable_or_dot(uint8_t byte) noexcept {
  return byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '.';
}

}  // namespace

PayloadText::PayloadText(const Options& options, LineOutput& output, const PayloadText*& speaker)
    : options_(options),
      output_(output),
      speaker_(speaker),
      clock_(options.time_zone, ClockText::Style::TimeOfDay),
      full_clock_(options.time_zone, ClockText::Style::DateAndNanos) {}

void PayloadText::begin(const flow::FlowRecord& record) {
  std::array<char, Line::kMaxLineBytes> text;
  Line line(text.data());
  line.text("=== flow ").number(record.flow_id).text(" ");
  line.text(flow::protocol_name(record.protocol)).text(" ");
  put_end(line, record.src.data(), record, record.src_port);
  line.text(" > ");
  put_end(line, record.dst.data(), record, record.dst_port);
  line.text(" ");
  full_clock_.put(line, record.start_ns);
  head_.assign(text.data(), line.text("\n").end());
  if (options_.format != FollowFormat::Raw) speak();
}

void PayloadText::speak() {
  if (speaker_ != this) output_.write(head_);
  speaker_ = this;
}

void PayloadText::on_payload(flow::Direction direction, int64_t ts_ns, base::Bytes bytes,
                             bool whole) {
  if (options_.format == FollowFormat::Raw) return output_.write(as_text(bytes));
  if (whole || direction != direction_ || turn_.size() + bytes.size() > kMaxTurnBytes) end_turn();
  if (turn_.empty()) turn_ns_ = ts_ns;
  direction_ = direction;
  bytes_[direction] += bytes.size();
  turn_.insert(turn_.end(), bytes.begin(), bytes.end());
  if (whole) end_turn();
}

void PayloadText::on_gap(flow::Direction direction, int64_t ts_ns, uint64_t bytes) {
  missing_[direction] += bytes;
  if (options_.format == FollowFormat::Raw) return;
  end_turn();
  mark(direction, ts_ns, bytes, " bytes are missing in the capture");
  shown_[direction] += bytes;
}

void PayloadText::end_turn() {
  if (turn_.empty()) return;
  mark(direction_, turn_ns_, turn_.size(), turn_.size() == 1 ? " byte" : " bytes");
  if (options_.format == FollowFormat::Hex)
    put_hex(turn_);
  else
    put_lines(turn_);
  shown_[direction_] += turn_.size();
  turn_.clear();
  if (output_.is_terminal()) output_.flush();
}

void PayloadText::mark(flow::Direction direction, int64_t ts_ns, uint64_t bytes,
                       std::string_view what) {
  speak();
  Line line(output_.room(Line::kMaxLineBytes));
  if (options_.color) line.text(kColors[direction]);
  line.text(kArrows[direction]);
  clock_.put(line, ts_ns);
  line.text(" ").number(bytes).text(what);
  if (options_.color) line.text(kPlain);
  output_.commit(line.text("\n").end());
}

/// Each line two columns in, so that no payload can pass for a mark.
void PayloadText::put_lines(base::Bytes bytes) {
  std::string_view rest = as_text(bytes);
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    output_.write(kIndent);
    while (!line.empty()) {
      const size_t tab = std::min(line.find('\t'), line.size());
      output_.write(printable(line.substr(0, tab)));
      if (tab < line.size()) output_.write("\t");
      line.remove_prefix(std::min(tab + 1, line.size()));
    }
    output_.write("\n");
  }
}

void PayloadText::put_hex(base::Bytes bytes) {
  for (size_t at = 0; at < bytes.size(); at += kHexBytes) {
    const base::Bytes row = bytes.subspan(at, std::min(kHexBytes, bytes.size() - at));
    const uint64_t place = shown_[direction_] + at;
    Line line(output_.room(Line::kMaxLineBytes));
    line.text(kIndent);
    for (int shift = 24; shift >= 0; shift -= 8)
      line.hex_byte(static_cast<uint8_t>(place >> shift));
    line.text(" ");
    for (size_t i = 0; i < kHexBytes; ++i) {
      line.text(" ");
      if (i < row.size())
        line.hex_byte(row[i]);
      else
        line.text("  ");
    }
    line.text("  ");
    for (const uint8_t byte : row)
      line.text({std::array{printable_or_dot(byte)}.data(), 1});
    output_.commit(line.text("\n").end());
  }
}

void PayloadText::end() {
  end_turn();
  if (options_.format == FollowFormat::Raw) return;
  speak();
  Line line(output_.room(Line::kMaxLineBytes));
  line.text("=== ").number(bytes_[0]).text(" bytes to the server, ");
  line.number(bytes_[1]).text(" to the client");
  if (const uint64_t missing = missing_[0] + missing_[1]; missing > 0)
    line.text(", ").number(missing).text(" missing");
  output_.commit(line.text("\n").end());
}

}  // namespace pktana::cli
