// SPDX-License-Identifier: Apache-2.0
// Lines about TCP, UDP and SCTP.
#include "cli/packet_line.h"
#include "parse/sctp.h"
#include "parse/tcp.h"
#include "parse/tcp_options.h"
#include "parse/udp.h"

namespace pktana::cli {
namespace {

struct FlagLetter {
  uint8_t bit;
  char letter;
};

// In tcpdump's order.
constexpr FlagLetter kFlagLetters[] = {
    {parse::kTcpFin, 'F'}, {parse::kTcpSyn, 'S'}, {parse::kTcpRst, 'R'}, {parse::kTcpPsh, 'P'},
    {parse::kTcpAck, '.'}, {parse::kTcpUrg, 'U'}, {parse::kTcpEce, 'E'}, {parse::kTcpCwr, 'W'}};

void put_flags(Line& line, uint8_t flags) noexcept {
  line.text("Flags [");
  if (flags == 0) line.text("none");
  for (const FlagLetter& one : kFlagLetters)
    if ((flags & one.bit) != 0) line.text({&one.letter, 1});
  line.text("]");
}

void put_seq(Line& line, const parse::Packet& packet) noexcept {
  constexpr uint8_t kCounted = parse::kTcpSyn | parse::kTcpFin | parse::kTcpRst;
  if (packet.payload_len == 0 && (packet.tcp_flags & kCounted) == 0) return;
  line.text(", seq ").number(packet.tcp_seq);
  if (packet.payload_len > 0) line.text(":").number(packet.tcp_seq + packet.payload_len);
}

void put_sack(Line& line, const parse::TcpOption& option) noexcept {
  line.text("sack ").number(option.sack_block_count()).text(" ");
  for (unsigned i = 0; i < option.sack_block_count(); ++i) {
    const parse::SackBlock block = option.sack_block(i);
    line.text("{").number(block.left).text(":").number(block.right).text("}");
  }
}

void put_option(Line& line, const parse::TcpOption& option) noexcept {
  if (option.kind == parse::kTcpOptionNop)
    line.text("nop");
  else if (const auto mss = option.as_mss())
    line.text("mss ").number(*mss);
  else if (const auto scale = option.as_window_scale())
    line.text("wscale ").number(*scale);
  else if (option.kind == parse::kTcpOptionSackPermitted)
    line.text("sackOK");
  else if (option.sack_block_count() > 0)
    put_sack(line, option);
  else if (const auto stamps = option.as_timestamps())
    line.text("TS val ").number(stamps->value).text(" ecr ").number(stamps->echo_reply);
  else
    line.text("unknown-").number(option.kind).text(" 0x").hex(option.data);
}

void put_options(Line& line, base::Bytes options) noexcept {
  bool any = false;
  for (const parse::TcpOption& option : parse::TcpOptions(options)) {
    put_option(line.text(any ? "," : ", options ["), option);
    any = true;
  }
  if (any) line.text("]");
}

std::string_view chunk_name(uint8_t type) noexcept {
  static constexpr std::string_view kNames[] = {
      "DATA",        "INIT",       "INIT ACK", "SACK",         "HB REQ",
      "HB ACK",      "ABORT",      "SHUTDOWN", "SHUTDOWN ACK", "OP ERR",
      "COOKIE ECHO", "COOKIE ACK", "ECN ECHO", "CWR",          "SHUTDOWN COMPLETE"};
  return type < std::size(kNames) ? kNames[type] : std::string_view();
}

}  // namespace

void put_tcp(Line& line, const parse::Packet& packet) noexcept {
  if (packet.transport.size() < parse::TcpView::kMinHeaderLen) {
    line.text("TCP, header cut, length ").number(packet.payload_len);
    return;
  }
  put_flags(line, packet.tcp_flags);
  put_seq(line, packet);
  if ((packet.tcp_flags & parse::kTcpAck) != 0) line.text(", ack ").number(packet.tcp_ack);
  line.text(", win ").number(packet.tcp_window);
  if ((packet.tcp_flags & parse::kTcpUrg) != 0) {
    constexpr size_t kUrgentPointer = 18;
    const uint8_t* urgent = packet.transport.data() + kUrgentPointer;
    line.text(", urg ").number(base::load_be<uint16_t>(urgent));
  }
  put_options(line, packet.tcp_options);
  line.text(", length ").number(packet.payload_len);
}

void put_udp(Line& line, const parse::Packet& packet) noexcept {
  const bool cut = packet.transport.size() < parse::UdpView::kHeaderLen;
  line.text(cut ? "UDP, header cut, length " : "UDP, length ").number(packet.payload_len);
}

void put_sctp(Line& line, const parse::Packet& packet) noexcept {
  line.text("SCTP");
  if (!packet.payload.empty()) {
    const uint8_t type = packet.payload[0];
    line.text(" [");
    if (chunk_name(type).empty())
      line.text("chunk ").number(type);
    else
      line.text(chunk_name(type));
    line.text("]");
  }
  line.text(", length ").number(packet.payload_len);
}

}  // namespace pktana::cli
