// SPDX-License-Identifier: Apache-2.0
#include "sink/table_writer.h"

#include <algorithm>
#include <cstring>
#include <ctime>

#include "base/clock.h"
#include "flow/icmp_pairs.h"
#include "flow/protocol_name.h"
#include "sink/escape.h"
#include "sink/eve_app.h"
#include "sink/human_text.h"
#include "sink/text.h"

namespace pktana::sink {
namespace {

using flow::FlowRecord;

// Columns at which a field begins, or ends when it is right-aligned.
constexpr size_t kDurationEnd = 21;
constexpr size_t kProtocol = 22;
constexpr size_t kEndpoints = 28;
constexpr size_t kNarrowEndpoints = 15;
constexpr size_t kNarrowCounts = 62;
constexpr size_t kState = 75;
constexpr size_t kStateWidth = 11;
constexpr size_t kPacketsWidth = 6;
constexpr size_t kBytesWidth = 6;
constexpr size_t kConnWidth = 6;
constexpr size_t kRttWidth = 7;
constexpr size_t kRetransmitsWidth = 8;

/// Spaces up to `column`; one at least, unless the line is still empty.
char* pad_to(char* out, const char* line, size_t column) noexcept {
  const auto length = static_cast<size_t>(out - line);
  const size_t spaces = column > length ? column - length : 1;
  std::memset(out, ' ', spaces);
  return out + spaces;
}

/// Puts a space and `text`, right-aligned in `width`.
char* put_right(char* out, std::string_view text, size_t width) noexcept {
  const size_t spaces = 1 + (width > text.size() ? width - text.size() : 0);
  std::memset(out, ' ', spaces);
  return put_text(out + spaces, text);
}

char* put_endpoint(char* out, const FlowRecord& record, flow::Direction side) noexcept {
  const uint8_t* address = (side == flow::kToServer ? record.src : record.dst).data();
  const uint16_t port = side == flow::kToServer ? record.src_port : record.dst_port;
  const bool has_port = record.protocol == flow::kProtocolTcp ||
                        record.protocol == flow::kProtocolUdp ||
                        record.protocol == flow::kProtocolSctp;
  const bool brackets = has_port && record.ip_version == 6;
  if (brackets) *out++ = '[';
  out = put_address(out, address, record.ip_version);
  if (brackets) *out++ = ']';
  if (!has_port) return out;
  *out++ = ':';
  return put_decimal(out, port);
}

/// ICMPv6 has a shorter name here than in EVE.
std::string_view short_protocol_name(uint8_t protocol) noexcept {
  return protocol == flow::kProtocolIcmpv6 ? "ICMP6" : flow::protocol_name(protocol);
}

/// How it ended; the state, when the flow just fell silent or the capture ended.
std::string_view state_text(const FlowRecord& record) noexcept {
  const bool plain_end =
      record.end_reason == flow::EndReason::Idle || record.end_reason == flow::EndReason::Shutdown;
  return plain_end ? flow::to_string(record.state) : flow::to_string(record.end_reason);
}

std::string_view state_color(const FlowRecord& record) noexcept {
  switch (record.end_reason) {
    case flow::EndReason::Reset:
      return "\033[31m";  // red
    case flow::EndReason::Evicted:
    case flow::EndReason::TupleReuse:
      return "\033[33m";  // yellow
    default:
      return record.state == flow::FlowState::New ? "\033[2m" : "\033[32m";  // dim, green
  }
}

constexpr char kHeaderText[] =
    "START        DURATION PROTO SOURCE -> DESTINATION"
    "                          STATE         PKTS  BYTES";
constexpr char kNarrowHeaderText[] =
    "START    PROTO SOURCE -> DESTINATION                            PKTS  BYTES";
constexpr char kWideHeaderText[] = " CONN      RTT  RETRANS   LOST";

/// Both sides' round trips together are that of the whole way; nothing where one has no sample.
char* put_round_trip(char* out, const flow::TcpQuality& tcp) noexcept {
  const auto& [server, client] = tcp.side;
  if (server.rtt.count == 0 || client.rtt.count == 0) return put_right(out, "-", kRttWidth);
  const uint64_t us = server.rtt.sum_us / server.rtt.count + client.rtt.sum_us / client.rtt.count;
  return put_right(out, human_duration(us * 1000).view(), kRttWidth);
}

char* put_tcp_columns(char* out, const FlowRecord& record) noexcept {
  const auto& [server, client] = record.tcp.side;
  const std::string_view state = flow::to_string(record.conn_state);
  *out++ = ' ';
  out = put_text(out, state);
  if (record.protocol != flow::kProtocolTcp) return out;
  const size_t spaces = kConnWidth - std::min(state.size(), kConnWidth);
  std::memset(out, ' ', spaces);
  out = put_round_trip(out + spaces, record.tcp);
  const uint64_t again = uint64_t{server.retransmits} + client.retransmits;
  out = put_right(out, human_count(again).view(), kRetransmitsWidth);
  return put_right(out, human_bytes(server.lost_bytes + client.lost_bytes).view(), kBytesWidth);
}

/// Where the application stands on a line, and how much of it.
struct AppPlace {
  const char* line;
  size_t column;
  size_t width;
};

/// The protocol and the server's name, as much as fits.
char* put_app(char* out, const FlowRecord& record, const AppPlace& place) noexcept {
  const std::string_view app_proto = known_app_proto(record);
  const std::string_view name = name_of(record);
  if (app_proto.empty() && name.empty()) return out;
  out = pad_to(out, place.line, place.column);
  const char* const end = out + place.width;
  out = put_escaped(out, app_proto, QuoteStyle::Json, place.width);
  if (name.empty() || static_cast<size_t>(end - out) < 2) return out;
  if (!app_proto.empty()) *out++ = ' ';
  return put_escaped(out, name, QuoteStyle::Json, static_cast<size_t>(end - out));
}

}  // namespace

char* TableWriter::put_header(char* out) {
  if (color_) out = put_literal(out, "\033[1m");
  out = narrow_ ? put_literal(out, kNarrowHeaderText) : put_literal(out, kHeaderText);
  if (wide_) out = put_literal(out, kWideHeaderText);
  if (app_columns_ > 0) out = put_literal(out, "  APPLICATION");
  return color_ ? put_literal(out, "\033[0m\n") : put_literal(out, "\n");
}

char* TableWriter::put_flow(char* out, const FlowRecord& record, int64_t /*now_ns*/) noexcept {
  if (record.update.index > 0) return out;
  const auto& [server, client] = record.totals;
  out = put_date_line(out, record.start_ns);
  if (narrow_) return put_narrow(out, record);
  const char* const line = out;
  out = put_time(out, record.start_ns);
  const HumanText duration = human_duration(duration_ns(record.start_ns, record.end_ns));
  out = pad_to(out, line, kDurationEnd - std::min(duration.size(), kDurationEnd));
  out = put_text(out, duration.view());
  out = put_text(pad_to(out, line, kProtocol), short_protocol_name(record.protocol));
  out = put_endpoint(pad_to(out, line, kEndpoints), record, flow::kToServer);
  out = put_endpoint(put_literal(out, " -> "), record, flow::kToClient);
  out = put_state(pad_to(out, line, kState), record);
  out = put_right(out, human_count(server.packets + client.packets).view(), kPacketsWidth);
  out = put_right(out, human_bytes(server.bytes + client.bytes).view(), kBytesWidth);
  if (wide_) out = put_tcp_columns(out, record);
  if (app_columns_ > 0) out = put_app(out, record, {line, app_column(), app_columns_});
  *out++ = '\n';
  return out;
}

/// The state is told by the colour of the protocol, if there are colours.
char* TableWriter::put_narrow(char* out, const FlowRecord& record) noexcept {
  const auto& [server, client] = record.totals;
  const char* line = out;
  out = put_literal(put_time_of_day(out), " ");
  const char* const before = out;
  if (color_) out = put_text(out, state_color(record));
  line += out - before;  // what takes no column
  out = put_text(out, short_protocol_name(record.protocol));
  const char* const behind = out;
  if (color_) out = put_literal(out, "\033[0m");
  line += out - behind;
  out = put_endpoint(pad_to(out, line, kNarrowEndpoints), record, flow::kToServer);
  out = put_endpoint(put_literal(out, " -> "), record, flow::kToClient);
  const auto length = static_cast<size_t>(out - line);
  if (length < kNarrowCounts) out = pad_to(out, line, kNarrowCounts);
  out = put_right(out, human_count(server.packets + client.packets).view(), kPacketsWidth - 1);
  out = put_right(out, human_bytes(server.bytes + client.bytes).view(), kBytesWidth);
  *out++ = '\n';
  return out;
}

char* TableWriter::put_date_line(char* out, int64_t start_ns) noexcept {
  const int64_t second = floor_seconds(start_ns);
  if (second != second_) set_second(second);
  if (std::strcmp(date_, shown_date_) == 0) return out;
  std::memcpy(shown_date_, date_, sizeof shown_date_);
  out = put_text(put_literal(out, "# "), date_);
  *out++ = '\n';
  return out;
}

char* TableWriter::put_time_of_day(char* out) const noexcept {
  out = put_2_digits(out, second_of_day_ / 3600);
  *out++ = ':';
  out = put_2_digits(out, second_of_day_ / 60 % 60);
  *out++ = ':';
  return put_2_digits(out, second_of_day_ % 60);
}

char* TableWriter::put_time(char* out, int64_t start_ns) const noexcept {
  const uint64_t rest =
      static_cast<uint64_t>(start_ns) - static_cast<uint64_t>(second_) * base::kNsPerSecond;
  const auto ms = static_cast<uint32_t>(rest / base::kNsPerMs);
  out = put_time_of_day(out);
  *out++ = '.';
  *out++ = static_cast<char>('0' + ms / 100);
  return put_2_digits(out, ms % 100);
}

char* TableWriter::put_state(char* out, const FlowRecord& record) const noexcept {
  const std::string_view text = state_text(record);
  if (color_) out = put_text(out, state_color(record));
  out = put_text(out, text);
  if (color_) out = put_literal(out, "\033[0m");
  const size_t spaces = kStateWidth - std::min(text.size(), kStateWidth);
  std::memset(out, ' ', spaces);
  return out + spaces;
}

void TableWriter::set_second(int64_t second) noexcept {
  const time_t time = second;
  tm parts{};
  if (time_zone_ == TimeZone::Utc)
    ::gmtime_r(&time, &parts);
  else
    ::localtime_r(&time, &parts);
  second_ = second;
  second_of_day_ =
      static_cast<uint32_t>(parts.tm_hour * 3600 + parts.tm_min * 60 + std::min(parts.tm_sec, 59));
  const bool utc = time_zone_ == TimeZone::Utc;
  std::strftime(date_, sizeof date_, utc ? "%Y-%m-%d UTC" : "%Y-%m-%d %Z", &parts);
}

}  // namespace pktana::sink
