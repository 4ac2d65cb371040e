// SPDX-License-Identifier: Apache-2.0
// Fields of the flow itself: sizes, times, states, how it ended.
#include <algorithm>

#include "filter/field_groups.h"

namespace pktana::filter {
namespace {

using flow::FlowRecord;
using flow::kToClient;
using flow::kToServer;
using Combine = LogPlace::Combine;

constexpr int64_t kSecond = 1'000'000'000;

template <typename T, size_t kCount>
std::array<std::string_view, kCount> words_of() noexcept {
  std::array<std::string_view, kCount> words;
  for (size_t i = 0; i < kCount; ++i)
    words[i] = flow::to_string(static_cast<T>(i));
  return words;
}
constexpr size_t kFlowStates = static_cast<size_t>(flow::FlowState::Closed) + 1;
constexpr size_t kInitiatorBases = static_cast<size_t>(flow::InitiatorBasis::FirstPacket) + 1;
constexpr size_t kConnStates = static_cast<size_t>(flow::ConnState::Oth) + 1;
const auto kStateWords = words_of<flow::FlowState, kFlowStates>();
const auto kEndReasonWords = words_of<flow::EndReason, flow::kEndReasonCount>();
const auto kBasisWords = words_of<flow::InitiatorBasis, kInitiatorBases>();
const auto kConnStateWords = words_of<flow::ConnState, kConnStates>();

int64_t duration_ns(const FlowRecord& record) noexcept {
  int64_t duration = 0;
  if (__builtin_sub_overflow(record.end_ns, record.start_ns, &duration)) return INT64_MAX;
  return std::max<int64_t>(duration, 0);
}

int64_t floor_second(int64_t ns) noexcept { return ns / kSecond - (ns % kSecond < 0 ? 1 : 0); }

/// As EVE has it: the difference of the whole seconds of both ends.
int64_t age_ns(const FlowRecord& record) noexcept {
  const int64_t seconds = floor_second(record.end_ns) - floor_second(record.start_ns);
  return std::clamp<int64_t>(seconds, 0, INT64_MAX / kSecond) * kSecond;
}

// PERF NOTE: free functions, not one function with a switch: a step of an expression holds the
// pointer, so that a value costs one indirect call.
void get_bytes(const RecordView& view, Values& out) {
  out.add_count(view.record.totals[kToServer].bytes + view.record.totals[kToClient].bytes);
}
void get_bytes_toserver(const RecordView& view, Values& out) {
  out.add_count(view.record.totals[kToServer].bytes);
}
void get_bytes_toclient(const RecordView& view, Values& out) {
  out.add_count(view.record.totals[kToClient].bytes);
}
void get_pkts(const RecordView& view, Values& out) {
  out.add_count(view.record.totals[kToServer].packets + view.record.totals[kToClient].packets);
}
void get_pkts_toserver(const RecordView& view, Values& out) {
  out.add_count(view.record.totals[kToServer].packets);
}
void get_pkts_toclient(const RecordView& view, Values& out) {
  out.add_count(view.record.totals[kToClient].packets);
}
void get_payload(const RecordView& view, Values& out) {
  out.add_count(view.record.totals[kToServer].payload_bytes +
                view.record.totals[kToClient].payload_bytes);
}
void get_payload_toserver(const RecordView& view, Values& out) {
  out.add_count(view.record.totals[kToServer].payload_bytes);
}
void get_payload_toclient(const RecordView& view, Values& out) {
  out.add_count(view.record.totals[kToClient].payload_bytes);
}
void get_duration(const RecordView& view, Values& out) { out.add_number(duration_ns(view.record)); }
void get_age(const RecordView& view, Values& out) { out.add_number(age_ns(view.record)); }
void get_start(const RecordView& view, Values& out) { out.add_number(view.record.start_ns); }
void get_end(const RecordView& view, Values& out) { out.add_number(view.record.end_ns); }
void get_flow_id(const RecordView& view, Values& out) { out.add_count(view.record.flow_id); }
void get_state(const RecordView& view, Values& out) {
  out.add_number(static_cast<int64_t>(view.record.state));
}
void get_end_reason(const RecordView& view, Values& out) {
  out.add_number(static_cast<int64_t>(view.record.end_reason));
}
void get_basis(const RecordView& view, Values& out) {
  out.add_number(static_cast<int64_t>(view.record.initiator_basis));
}
void get_conn_state(const RecordView& view, Values& out) {
  out.add_number(static_cast<int64_t>(view.record.conn_state));
}
void get_history(const RecordView& view, Values& out) {
  const flow::History& history = view.record.history;
  const auto end = std::find(history.begin(), history.end(), '\0');
  out.add_text({history.data(), static_cast<size_t>(end - history.begin())});
}
void get_truncated(const RecordView& view, Values& out) {
  out.add_number(view.record.truncated_packets);
}
void get_continuation(const RecordView& view, Values& out) {
  out.add_number(view.record.continuation);
}
void get_icmp_errors(const RecordView& view, Values& out) {
  out.add_number(view.record.icmp_errors.count);
}

// clang-format off
const std::array kFields{
    Field{"bytes", FieldType::Size, "both directions, whole frames", {{"flow.bytes_toserver", "flow.bytes_toclient"}, Combine::Sum}, get_bytes},
    Field{"bytes_toserver", FieldType::Size, "from the initiator", {{"flow.bytes_toserver"}}, get_bytes_toserver},
    Field{"bytes_toclient", FieldType::Size, "back to the initiator", {{"flow.bytes_toclient"}}, get_bytes_toclient},
    Field{"pkts", FieldType::Number, "packets of both directions", {{"flow.pkts_toserver", "flow.pkts_toclient"}, Combine::Sum}, get_pkts},
    Field{"pkts_toserver", FieldType::Number, "packets from the initiator", {{"flow.pkts_toserver"}}, get_pkts_toserver},
    Field{"pkts_toclient", FieldType::Number, "packets back to the initiator", {{"flow.pkts_toclient"}}, get_pkts_toclient},
    Field{"payload_bytes", FieldType::Size, "transport payload of both directions", {{"pktana.payload_bytes_toserver", "pktana.payload_bytes_toclient"}, Combine::Sum}, get_payload},
    Field{"payload_bytes_toserver", FieldType::Size, "transport payload from the initiator", {{"pktana.payload_bytes_toserver"}}, get_payload_toserver},
    Field{"payload_bytes_toclient", FieldType::Size, "transport payload back", {{"pktana.payload_bytes_toclient"}}, get_payload_toclient},
    Field{"duration", FieldType::Duration, "from the first packet to the last", {{"pktana.duration_ns"}}, get_duration},
    Field{"age", FieldType::Duration, "EVE's age: whole seconds", {{"flow.age"}, Combine::First, kSecond}, get_age},
    Field{"start", FieldType::Time, "first packet", {{"flow.start"}}, get_start},
    Field{"end", FieldType::Time, "last packet", {{"flow.end"}}, get_end},
    Field{"flow_id", FieldType::Number, "the same in every event of the flow", {{"flow_id"}}, get_flow_id},
    Field{"state", FieldType::Word, "state of the flow", {{"flow.state"}}, get_state, kStateWords},
    Field{"end_reason", FieldType::Word, "why the record was written", {{"pktana.end_reason"}}, get_end_reason, kEndReasonWords},
    Field{"initiator_basis", FieldType::Word, "how the initiator was told", {{"pktana.initiator_basis"}}, get_basis, kBasisWords},
    Field{"conn_state", FieldType::Word, "the connection in Zeek's words", {{"pktana.conn_state", "conn_state"}}, get_conn_state, kConnStateWords},
    Field{"history", FieldType::Text, "Zeek's history letters", {{"pktana.history", "history"}}, get_history},
    Field{"truncated_packets", FieldType::Number, "packets not captured whole", {{"pktana.truncated_packets"}}, get_truncated},
    Field{"continuation", FieldType::Number, "part of a flow split by the active timeout", {{"pktana.continuation"}}, get_continuation},
    Field{"icmp_errors", FieldType::Number, "ICMP errors that quoted the flow", {{"pktana.icmp_errors.count"}}, get_icmp_errors},
};
// clang-format on

}  // namespace

std::span<const Field> flow_fields() noexcept { return kFields; }

}  // namespace pktana::filter
