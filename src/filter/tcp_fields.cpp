// SPDX-License-Identifier: Apache-2.0
// Fields of TCP: state, flags and how well it went (docs/tcp-quality.md defines the numbers).
#include "filter/field_groups.h"
#include "flow/icmp_pairs.h"

namespace pktana::filter {
namespace {

using flow::kToClient;
using flow::kToServer;
using flow::TcpSide;
using Combine = LogPlace::Combine;

constexpr int64_t kMicrosecond = 1000;
constexpr size_t kTcpStates = static_cast<size_t>(flow::TcpState::Closed) + 1;

std::array<std::string_view, kTcpStates> state_words() noexcept {
  std::array<std::string_view, kTcpStates> words;
  for (size_t i = 0; i < kTcpStates; ++i)
    words[i] = flow::to_string(static_cast<flow::TcpState>(i));
  return words;
}
const auto kStateWords = state_words();

bool is_tcp(const RecordView& view) noexcept { return view.record.protocol == flow::kProtocolTcp; }

void get_state(const RecordView& view, Values& out) {
  if (is_tcp(view)) out.add_number(static_cast<int64_t>(view.record.tcp_state));
}
void get_flags(const RecordView& view, Values& out) {
  if (is_tcp(view)) out.add_number(view.record.tcp_flags[0] | view.record.tcp_flags[1]);
}
template <flow::Direction kDirection>
void get_flags_of(const RecordView& view, Values& out) {
  if (is_tcp(view)) out.add_number(view.record.tcp_flags[kDirection]);
}

/// A counter of both sides together.
template <auto kCounter>
void get_sum(const RecordView& view, Values& out) {
  if (!is_tcp(view)) return;
  const auto& side = view.record.tcp.side;
  out.add_count(uint64_t{side[kToServer].*kCounter} + side[kToClient].*kCounter);
}
template <auto kCounter, flow::Direction kDirection>
void get_side(const RecordView& view, Values& out) {
  if (is_tcp(view)) out.add_count(view.record.tcp.side[kDirection].*kCounter);
}
/// A time in microseconds, which may be unknown.
template <auto kTime>
void get_time(const RecordView& view, Values& out) {
  const uint32_t time_us = view.record.tcp.*kTime;
  if (is_tcp(view) && time_us != flow::kUnknownUs) out.add_number(time_us * kMicrosecond);
}
template <flow::Direction kDirection>
void get_mss(const RecordView& view, Values& out) {
  const uint16_t mss = view.record.tcp.side[kDirection].mss;
  if (is_tcp(view) && mss != 0) out.add_number(mss);
}
template <flow::Direction kDirection>
void get_average_rtt(const RecordView& view, Values& out) {
  const flow::RttSamples& rtt = view.record.tcp.side[kDirection].rtt;
  if (is_tcp(view) && rtt.count != 0)
    out.add_count(rtt.sum_us * uint64_t{kMicrosecond} / rtt.count);
}
void get_gaps_may_be_ours(const RecordView& view, Values& out) {
  if (is_tcp(view)) out.add_number(view.record.tcp.gaps_may_be_ours ? 1 : 0);
}

// clang-format off
const std::array kFields{
    Field{"tcp.state", FieldType::Word, "state of the connection, both sides together", {{"tcp.state"}}, get_state, kStateWords},
    Field{"tcp.flags", FieldType::TcpFlags, "flags seen in either direction", {{"tcp.tcp_flags"}}, get_flags},
    Field{"tcp.flags_toserver", FieldType::TcpFlags, "flags that the initiator sent", {{"tcp.tcp_flags_ts"}}, get_flags_of<kToServer>},
    Field{"tcp.flags_toclient", FieldType::TcpFlags, "flags that the responder sent", {{"tcp.tcp_flags_tc"}}, get_flags_of<kToClient>},
    Field{"tcp.retransmits", FieldType::Number, "segments sent again, both sides", {{"pktana.tcp.retransmits_toserver", "pktana.tcp.retransmits_toclient"}, Combine::Sum}, get_sum<&TcpSide::retransmits>},
    Field{"tcp.retransmits_toserver", FieldType::Number, "segments that the initiator sent again", {{"pktana.tcp.retransmits_toserver"}}, get_side<&TcpSide::retransmits, kToServer>},
    Field{"tcp.retransmits_toclient", FieldType::Number, "segments that the responder sent again", {{"pktana.tcp.retransmits_toclient"}}, get_side<&TcpSide::retransmits, kToClient>},
    Field{"tcp.fast_retransmits", FieldType::Number, "of those, after duplicate ACKs", {{"pktana.tcp.fast_retransmits_toserver", "pktana.tcp.fast_retransmits_toclient"}, Combine::Sum}, get_sum<&TcpSide::fast_retransmits>},
    Field{"tcp.spurious_retransmits", FieldType::Number, "of those, of data already acknowledged", {{"pktana.tcp.spurious_retransmits_toserver", "pktana.tcp.spurious_retransmits_toclient"}, Combine::Sum}, get_sum<&TcpSide::spurious_retransmits>},
    Field{"tcp.out_of_order", FieldType::Number, "segments out of order, both sides", {{"pktana.tcp.out_of_order_toserver", "pktana.tcp.out_of_order_toclient"}, Combine::Sum}, get_sum<&TcpSide::out_of_order>},
    Field{"tcp.out_of_order_toserver", FieldType::Number, "of those, from the initiator", {{"pktana.tcp.out_of_order_toserver"}}, get_side<&TcpSide::out_of_order, kToServer>},
    Field{"tcp.out_of_order_toclient", FieldType::Number, "of those, from the responder", {{"pktana.tcp.out_of_order_toclient"}}, get_side<&TcpSide::out_of_order, kToClient>},
    Field{"tcp.duplicate_acks", FieldType::Number, "duplicate ACKs, both sides", {{"pktana.tcp.duplicate_acks_toserver", "pktana.tcp.duplicate_acks_toclient"}, Combine::Sum}, get_sum<&TcpSide::duplicate_acks>},
    Field{"tcp.zero_windows", FieldType::Number, "segments that announced a closed window", {{"pktana.tcp.zero_windows_toserver", "pktana.tcp.zero_windows_toclient"}, Combine::Sum}, get_sum<&TcpSide::zero_windows>},
    Field{"tcp.keep_alives", FieldType::Number, "keep-alive segments, both sides", {{"pktana.tcp.keep_alives_toserver", "pktana.tcp.keep_alives_toclient"}, Combine::Sum}, get_sum<&TcpSide::keep_alives>},
    Field{"tcp.lost_bytes", FieldType::Size, "holes in the sequence space, both sides", {{"pktana.tcp.lost_bytes_toserver", "pktana.tcp.lost_bytes_toclient"}, Combine::Sum}, get_sum<&TcpSide::lost_bytes>},
    Field{"tcp.lost_bytes_toserver", FieldType::Size, "of those, from the initiator", {{"pktana.tcp.lost_bytes_toserver"}}, get_side<&TcpSide::lost_bytes, kToServer>},
    Field{"tcp.lost_bytes_toclient", FieldType::Size, "of those, from the responder", {{"pktana.tcp.lost_bytes_toclient"}}, get_side<&TcpSide::lost_bytes, kToClient>},
    Field{"tcp.mss_toserver", FieldType::Size, "MSS option of the initiator's SYN", {{"pktana.tcp.mss_toserver"}}, get_mss<kToServer>},
    Field{"tcp.mss_toclient", FieldType::Size, "MSS option of the responder's SYN", {{"pktana.tcp.mss_toclient"}}, get_mss<kToClient>},
    Field{"tcp.handshake_rtt", FieldType::Duration, "SYN to the ACK that ends the handshake", {{"pktana.tcp.handshake_rtt_us"}, Combine::First, kMicrosecond}, get_time<&flow::TcpQuality::handshake_us>},
    Field{"tcp.syn_to_synack", FieldType::Duration, "of that, the server's side", {{"pktana.tcp.syn_to_synack_us"}, Combine::First, kMicrosecond}, get_time<&flow::TcpQuality::syn_to_synack_us>},
    Field{"tcp.synack_to_ack", FieldType::Duration, "of that, the client's side", {{"pktana.tcp.synack_to_ack_us"}, Combine::First, kMicrosecond}, get_time<&flow::TcpQuality::synack_to_ack_us>},
    Field{"tcp.first_response", FieldType::Duration, "first payload to the first one back", {{"pktana.tcp.first_response_us"}, Combine::First, kMicrosecond}, get_time<&flow::TcpQuality::first_response_us>},
    Field{"tcp.server_rtt", FieldType::Duration, "average, initiator's data to the ACK", {{"pktana.tcp.server_rtt_us.avg"}, Combine::First, kMicrosecond}, get_average_rtt<kToServer>},
    Field{"tcp.client_rtt", FieldType::Duration, "average, responder's data to the ACK", {{"pktana.tcp.client_rtt_us.avg"}, Combine::First, kMicrosecond}, get_average_rtt<kToClient>},
    Field{"tcp.gaps_may_be_ours", FieldType::Flag, "our ring dropped packets meanwhile", {{"pktana.tcp.gaps_may_be_ours"}}, get_gaps_may_be_ours},
};
// clang-format on

}  // namespace

std::span<const Field> tcp_fields() noexcept { return kFields; }

}  // namespace pktana::filter
