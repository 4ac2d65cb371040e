// SPDX-License-Identifier: Apache-2.0
// Writes lines of every kind in one format to standard output, for validate_records.py.
// Usage: record_sample eve|zeek|ecs|ocsf live|files
#include <cstdio>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "flow/app_tape.h"
#include "flow/icmp_pairs.h"
#include "sink/file_header.h"
#include "sink/sample_records.h"
#include "sink/sink.h"

namespace pktana::sink {
namespace {

std::vector<flow::FlowRecord> all_protocols() {
  std::vector<flow::FlowRecord> records;
  for (unsigned protocol = 0; protocol < 256; ++protocol) {
    flow::FlowRecord record = plain_record(static_cast<uint8_t>(protocol));
    records.push_back(record);
    set_addresses(record, "2001:db8::1", "ff02::fb");
    record.icmp_type = 128;
    record.has_icmp_response = true;
    record.vlan_id = {10, 20, 30};
    record.vlan_count = static_cast<uint8_t>(1 + protocol % 3);
    record.spi = protocol == flow::kProtocolEsp ? 0xFFFFFFFF : 0;
    records.push_back(record);
  }
  return records;
}

std::vector<flow::FlowRecord> all_states() {
  std::vector<flow::FlowRecord> records;
  for (unsigned i = 0; i < 256; ++i) {
    flow::FlowRecord record = tcp_record();
    record.tcp_flags = {static_cast<uint8_t>(i), static_cast<uint8_t>(~i)};
    record.tcp_state = static_cast<flow::TcpState>(i % 11);
    record.end_reason = static_cast<flow::EndReason>(i % flow::kEndReasonCount);
    record.state = static_cast<flow::FlowState>(i % 3);
    record.initiator_basis = static_cast<flow::InitiatorBasis>(i % 5);
    record.at_shutdown = i % 2 == 0;
    record.continuation = i % 4;
    record.conn_state = static_cast<flow::ConnState>(i % 13);
    if (i % 5 == 0) record.icmp_errors = {.count = i + 1, .type = 3, .code = 1};
    if (i % 3 == 0) record.history = full_tcp_record().history;
    record.source_id = static_cast<uint16_t>(i % 3);
    record.tcp.side[i % 2].lost_bytes = i % 3;
    record.tcp.gaps_may_be_ours = i % 5 == 0;
    record.start_ns = i == 7 ? std::numeric_limits<int64_t>::min() : record.start_ns;
    records.push_back(record);
  }
  return records;
}

/// Whatever the application layer may say of a flow.
std::vector<flow::FlowRecord> with_applications() {
  std::vector<flow::FlowRecord> records;
  for (unsigned i = 0; i < 24; ++i) {
    auto app = std::make_unique<flow::AppSummary>();
    if (i % 2 == 0) app->app_proto_before = "smtp";
    if (i % 3 == 0) app->app_proto_guess = "mysql";
    app->name = i % 5 == 0 ? "" : "caf\xc3\xa9\xff.example";
    app->name_source = static_cast<flow::NameSource>(1 + i % 5);
    app->name_age_s = i;
    app->name_ambiguous = i % 2 == 1;
    if (i % 4 != 0) app->fingerprints = {{"ja3", "0123"}, {"ja4", "t13d"}};
    flow::FlowRecord record = i % 2 == 0 ? tcp_record() : udp_record();
    record.app_proto = i % 3 == 0 ? "failed" : "tls";
    record.app_basis = static_cast<flow::AppBasis>(i % 4);
    record.app = app.release();
    records.push_back(record);
  }
  return records;
}

flow::FlowRecord dns_event(bool cut) {
  auto event = std::make_unique<flow::AppEvent>();
  event->name = "dns";
  event->cut = cut;
  event->to_client = true;
  flow::TapeWriter tape(event->tape);
  tape.number("version", 3);
  tape.text("type", "response");
  tape.array_begin("queries");
  tape.object_begin(nullptr);
  tape.text("rrname", "\xff\n\"");
  tape.end();
  tape.end();
  flow::TapeWriter(event->beside).number("tx_id", 1);
  flow::FlowRecord record = udp_record();
  record.event = event.release();
  return record;
}

StatsRecord stats() {
  StatsRecord record;
  record.time_ns = kSampleStartNs;
  record.uptime_ns = 1'000'000'000;
  record.kernel_packets = 10;
  record.kernel_drops = 0;
  record.decoder = {{"pkts", 10}, {"bytes", 1000}, {"ipv4", 10}, {"tcp", 10}};
  record.flow = {{"total", 3}, {"tcp", 3}, {"active", 0}};
  record.ledger.push_back({.name = "parse",
                           .total_name = "captured",
                           .total = 10,
                           .parts = {{"in_flows", 10}},
                           .balanced = true});
  return record;
}

std::optional<Format> format_of(std::string_view name) {
  if (name == "eve") return Format::Eve;
  if (name == "zeek") return Format::Zeek;
  if (name == "ecs") return Format::Ecs;
  if (name == "ocsf") return Format::Ocsf;
  return std::nullopt;
}

int write_samples(Format format, bool live) {
  base::NameTable names;
  for (const char* name : {"eth0", "caf\xc3\xa9 \"1\".pcap", "\xff\n.pcap"})
    names.add(name);
  auto sink = Sink::start({.outputs = {{.path = "-", .format = format}},
                           .wait_when_full = true,
                           .live = live,
                           .source_names = &names,
                           .host = live ? "sensor \\ 1" : ""});
  if (!sink) return 1;
  const std::string header =
      file_header_line(format, {.time_ns = base::realtime_ns(),
                                .host = live ? "sensor \\ 1" : "",
                                .boot_id = read_boot_id(),
                                .stream = make_stream_id(),
                                .file_sequence = 1,
                                .first_seq = format == Format::Zeek ? 0U : 1U});
  std::fwrite(header.data(), 1, header.size(), stdout);
  std::fflush(stdout);
  const auto producer = (*sink)->make_producer();
  producer->hand_over(all_protocols());
  producer->hand_over(all_states());
  producer->hand_over(with_applications());
  for (const bool cut : {false, true})
    producer->hand_over(std::vector<flow::FlowRecord>{dns_event(cut)});
  (*sink)->submit(stats());
  (*sink)->submit({});
  return (*sink)->finish() ? 0 : 1;
}

}  // namespace
}  // namespace pktana::sink

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto format = pktana::sink::format_of(argv[1]);
  if (!format) return 2;
  return pktana::sink::write_samples(*format, argv[2] == std::string_view("live"));
}
