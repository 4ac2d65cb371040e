// SPDX-License-Identifier: Apache-2.0
// What a flow record costs as a line: formatted, and all the way through queue, sink thread and
// output. Each case checks what it wrote before it gives a figure.
#include "sink/eve_writer.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <simdjson.h>

#include "sink/sink.h"

namespace pktana::bench {
namespace {

constexpr size_t kRecords = 1024;
constexpr size_t kBundle = 32;
constexpr uint64_t kSinkRecords = 512 * kRecords;  ///< as EVE a file of some 400 MB

void fill_random(std::array<uint8_t, 16>& address, std::mt19937& random) {
  for (uint8_t& byte : address)
    byte = static_cast<uint8_t>(random());
}

/// Closed TCP connections between random hosts, 100 us apart.
std::vector<flow::FlowRecord> make_records(uint8_t ip_version) {
  std::mt19937 random(1);
  std::vector<flow::FlowRecord> records(kRecords);
  for (flow::FlowRecord& record : records) {
    const auto index = &record - records.data();
    record.flow_id = random() * uint64_t{1'000'003};
    record.start_ns = 1'700'000'000'000'000'000 + index * 100'000;
    record.end_ns = record.start_ns + random() % 100'000'000;
    record.totals[0] = {
        .packets = 4 + random() % 20, .bytes = random() % 5000, .payload_bytes = 400};
    record.totals[1] = {
        .packets = 4 + random() % 20, .bytes = random() % 90000, .payload_bytes = 4000};
    fill_random(record.src, random);
    fill_random(record.dst, random);
    record.src_port = static_cast<uint16_t>(random());
    record.dst_port = 443;
    record.ip_version = ip_version;
    record.protocol = 6;
    record.end_reason = flow::EndReason::Closed;
    record.state = flow::FlowState::Closed;
    record.tcp_state = flow::TcpState::Closed;
    record.initiator_basis = flow::InitiatorBasis::Syn;
    record.tcp_flags = {0x1B, 0x1B};
    record.totals[0].ip_bytes = record.totals[0].bytes;
    record.totals[1].ip_bytes = record.totals[1].bytes;
    record.conn_state = flow::ConnState::SF;
    std::string_view("ShADadfF").copy(record.history.data(), record.history.size());
  }
  return records;
}

const base::NameTable& names() {
  static base::NameTable table;
  static const auto first = table.add("capture.pcap");
  (void)first;
  return table;
}

/// Where a JSON format has the bytes that went to the client; null: no JSON.
const char* place_of_bytes(sink::Format format) {
  switch (format) {
    case sink::Format::Eve:
      return "/flow/bytes_toclient";
    case sink::Format::Zeek:
      return "/resp_ip_bytes";
    case sink::Format::Ecs:
      return "/destination/bytes";
    case sink::Format::Ocsf:
      return "/traffic/bytes_in";
    default:
      return nullptr;
  }
}

/// Whether another parser finds in the line what the record holds.
bool is_right(std::string_view line, const flow::FlowRecord& record, const char* place) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(line.data(), line.size()).get(root) != simdjson::SUCCESS) return false;
  uint64_t bytes = 0;
  return root.at_pointer(place).get(bytes) == simdjson::SUCCESS &&
         bytes == record.totals[flow::kToClient].bytes;
}

void format_line(benchmark::State& state, sink::Format format, uint8_t ip_version) {
  const auto records = make_records(ip_version);
  auto writer = sink::make_writer(format, {.source_names = &names()});
  std::vector<char> out(2 * sink::kMaxLineBytes);
  if (!writer) return state.SkipWithError("no writer");
  for (const flow::FlowRecord& record : records) {
    const char* end = (*writer)->put_flow(out.data(), record, 0);
    const std::string_view line(out.data(), static_cast<size_t>(end - out.data()));
    if (const char* place = place_of_bytes(format);
        place != nullptr && !is_right(line, record, place))
      return state.SkipWithError("wrong line");
  }
  uint64_t bytes = 0;
  size_t next = 0;
  for (auto _ : state) {
    (void)_;
    const char* end = (*writer)->put_flow(out.data(), records[next++ % kRecords], 0);
    bytes += static_cast<uint64_t>(end - out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
  state.SetBytesProcessed(static_cast<int64_t>(bytes));
}

BENCHMARK_CAPTURE(format_line, eve_ipv4, sink::Format::Eve, uint8_t{4});
BENCHMARK_CAPTURE(format_line, eve_ipv6, sink::Format::Eve, uint8_t{6});
BENCHMARK_CAPTURE(format_line, zeek_ipv4, sink::Format::Zeek, uint8_t{4});
BENCHMARK_CAPTURE(format_line, ecs_ipv4, sink::Format::Ecs, uint8_t{4});
BENCHMARK_CAPTURE(format_line, ecs_ipv6, sink::Format::Ecs, uint8_t{6});
BENCHMARK_CAPTURE(format_line, ocsf_ipv4, sink::Format::Ocsf, uint8_t{4});
BENCHMARK_CAPTURE(format_line, ocsf_ipv6, sink::Format::Ocsf, uint8_t{6});
BENCHMARK_CAPTURE(format_line, csv_ipv4, sink::Format::Csv, uint8_t{4});
BENCHMARK_CAPTURE(format_line, table_ipv4, sink::Format::Table, uint8_t{4});

/// The part of an EVE or CSV line that is not formatting.
void community_id(benchmark::State& state, uint8_t ip_version) {
  const auto records = make_records(ip_version);
  auto id = sink::CommunityId::create(0);
  if (!id) return state.SkipWithError("no SHA-1");
  std::array<char, sink::CommunityId::kTextBytes> out{};
  size_t next = 0;
  for (auto _ : state) {
    (void)_;
    id->put(out.data(), records[next++ % kRecords]);
    benchmark::DoNotOptimize(out);
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(community_id, ipv4, uint8_t{4});
BENCHMARK_CAPTURE(community_id, ipv6, uint8_t{6});

uint64_t count_lines(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return static_cast<uint64_t>(std::count(std::istreambuf_iterator<char>(file), {}, '\n'));
}

/// From the worker's hand_over() to the output: wall clock time of both threads together.
void through_sink(benchmark::State& state, const sink::OutputOptions& output) {
  const auto records = make_records(4);
  const bool regular = output.path != "/dev/null";
  auto sink =
      sink::Sink::start({.outputs = {output}, .wait_when_full = true, .source_names = &names()});
  if (!sink) return state.SkipWithError("no sink");
  const auto producer = (*sink)->make_producer();
  for (auto _ : state) {
    (void)_;
    for (uint64_t i = 0; i < kSinkRecords; i += kBundle)
      producer->hand_over(std::span(records).subspan(i % kRecords, kBundle));
    (*sink)->drain();
  }
  const uint64_t handed_over = static_cast<uint64_t>(state.iterations()) * kSinkRecords;
  const auto finished = (*sink)->finish();
  const bool complete = finished && (*sink)->totals().written == handed_over;
  if (!complete || (regular && count_lines(output.path) != handed_over))
    state.SkipWithError("records are missing");
  state.SetItemsProcessed(static_cast<int64_t>(handed_over));
  state.SetBytesProcessed(static_cast<int64_t>((*sink)->totals().bytes_written));
  if (regular) std::filesystem::remove(output.path);
}

std::string scratch_file() {
  const char* chosen = std::getenv("TMPDIR");
  return std::string(chosen == nullptr ? "/tmp" : chosen) + "/pktana_eve_writer_bench.json";
}

BENCHMARK_CAPTURE(through_sink, dev_null, sink::OutputOptions{.path = "/dev/null"})
    ->Iterations(1)
    ->UseRealTime();
BENCHMARK_CAPTURE(through_sink, file_io_uring, sink::OutputOptions{.path = scratch_file()})
    ->Iterations(1)
    ->UseRealTime();
BENCHMARK_CAPTURE(through_sink, file_pwrite,
                  sink::OutputOptions{.path = scratch_file(), .io_uring = false})
    ->Iterations(1)
    ->UseRealTime();

}  // namespace
}  // namespace pktana::bench

BENCHMARK_MAIN();
