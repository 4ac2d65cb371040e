// SPDX-License-Identifier: Apache-2.0
#include "sink/ecs_writer.h"

#include "sample_records.h"
#include "support/catch.h"

namespace pktana::sink {
namespace {

std::string ecs_line(const flow::FlowRecord& record, const WriterContext& context = {},
                     int64_t now_ns = 0) {
  auto writer = EcsWriter::create(context);
  REQUIRE(writer);
  return flow_lines(**writer, record, now_ns);
}

/// The version of the program, which changes, replaced.
std::string without_version(std::string line) {
  const std::string mark = R"("type":"sensor","version":")";
  const size_t at = line.find(mark) + mark.size();
  return line.replace(at, line.find('"', at) - at, "V");
}

base::NameTable& names() {
  static base::NameTable table;
  [[maybe_unused]] static const auto first = table.add("eth\"0");
  return table;
}

}  // namespace

TEST_CASE("ecs: the whole line of a TCP flow") {
  CHECK(without_version(ecs_line(full_tcp_record())) ==
        R"({"@timestamp":"2017-04-07T22:24:39.721834Z","ecs":{"version":"9.0.0"},)"
        R"("event":{"kind":"event","category":["network"],"type":["connection","end"],)"
        R"("action":"network_flow","module":"pktana","dataset":"pktana.flow",)"
        R"("id":"507343008532164","sequence":1,"start":"2017-04-07T22:24:37.251547Z",)"
        R"("end":"2017-04-07T22:24:39.721834Z","duration":2470287001,"reason":"closed"},)"
        R"("source":{"ip":"192.168.20.37","port":63592,"bytes":686,"packets":4},)"
        R"("destination":{"ip":"70.32.97.206","port":80,"bytes":3589,"packets":5},)"
        R"("network":{"type":"ipv4","transport":"tcp","iana_number":"6","bytes":4275,)"
        R"("packets":9,"community_id":"1:p78FQ5Gn8XFgjlKgugj92+uTUDk=","vlan":{"id":"10"},)"
        R"("inner":{"vlan":{"id":"20"}}},"related":{"ip":["192.168.20.37","70.32.97.206"]},)"
        R"("observer":{"product":"pktana","type":"sensor","version":"V"},)"
        R"("pktana":{"schema":1,"state":"closed","end_reason":"closed","conn_state":"SF",)"
        R"("history":"ShADadfF","initiator_basis":"syn","payload_bytes_toserver":420,)"
        R"("payload_bytes_toclient":3255,"ip_bytes_toserver":630,"ip_bytes_toclient":3519,)"
        R"("truncated_packets":0,"tcp_flags_ts":"1a","tcp_flags_tc":"1b",)"
        R"("tcp_state":"closed","tcp":{"retransmits_toserver":2,"retransmits_toclient":0,)"
        R"("out_of_order_toserver":0,"out_of_order_toclient":3,"duplicate_acks_toserver":0,)"
        R"("duplicate_acks_toclient":0,"zero_windows_toserver":0,"zero_windows_toclient":0,)"
        R"("lost_bytes_toserver":0,"lost_bytes_toclient":1460,"handshake_rtt_us":21000,)"
        R"("client_rtt_us":{"min":300,"avg":333,"max":400,"samples":3}}}})"
        "\n");
}

TEST_CASE("ecs: live, the observer has a name and an interface, and the time is that of writing") {
  const JsonLine line(ecs_line(udp_record(),
                               {.live = true, .source_names = &names(), .host = "sensor \\ 1"},
                               kSampleStartNs + 60'000'000'000));
  CHECK(line.text("/@timestamp") == "2017-04-07T22:25:37.251547Z");
  CHECK(line.text("/observer/name") == "sensor \\ 1");
  CHECK(line.text("/observer/ingress/interface/name") == "eth\"0");
  CHECK_FALSE(line.has("/pktana/pcap_filename"));
}

TEST_CASE("ecs: of a file, the name is our own field and there is no ingress") {
  const JsonLine line(ecs_line(udp_record(), {.source_names = &names()}));
  CHECK(line.text("/pktana/pcap_filename") == "eth\"0");
  CHECK_FALSE(line.has("/observer/ingress"));
  CHECK_FALSE(line.has("/observer/name"));
}

TEST_CASE("ecs: a ping has no ports, but types and codes of our own") {
  const JsonLine line(ecs_line(ping_record()));
  CHECK(line.text("/network/transport") == "icmp");
  CHECK_FALSE(line.has("/source/port"));
  CHECK(line.number("/pktana/icmp_type") == 8);
  CHECK(line.number("/pktana/response_icmp_code") == 0);
  CHECK_FALSE(line.has("/pktana/tcp_state"));
  CHECK_FALSE(line.has("/network/vlan"));
}

TEST_CASE("ecs: an update of a live flow has its delta and does not say that it ended") {
  flow::FlowRecord record = tcp_record();
  record.update = {.index = 2, .packets = {1, 2}, .bytes = {60, 1500}};
  const std::string text = ecs_line(record);
  CHECK(text.find(R"("type":["connection"],)") != std::string::npos);
  const JsonLine line(text);
  CHECK_FALSE(line.has("/event/reason"));
  CHECK(line.number("/pktana/update/index") == 2);
  CHECK(line.number("/pktana/update/delta/bytes_toclient") == 1500);
}

TEST_CASE("ecs: ICMP errors about the flow are counted") {
  flow::FlowRecord record = udp_record();
  record.icmp_errors = {.count = 3, .type = 3, .code = 1};
  const JsonLine line(ecs_line(record));
  CHECK(line.number("/pktana/icmp_errors/count") == 3);
  CHECK(line.number("/pktana/icmp_errors/code") == 1);
}

TEST_CASE("ecs: an address that talks to itself is related once") {
  flow::FlowRecord record = udp_record();
  set_addresses(record, "127.0.0.1", "127.0.0.1");
  CHECK(ecs_line(record).find(R"("related":{"ip":["127.0.0.1"]})") != std::string::npos);
}

TEST_CASE("ecs: stats are a metric that goes on with the sequence") {
  auto writer = EcsWriter::create({.host = "s1"});
  REQUIRE(writer);
  (void)flow_lines(**writer, udp_record());
  StatsRecord stats;
  stats.time_ns = kSampleStartNs;
  stats.kernel_drops = 7;
  std::string text(kMaxLineBytes, '#');
  text.resize(static_cast<size_t>((*writer)->put_stats(text.data(), stats) - text.data()));
  const JsonLine line(text);
  CHECK(line.text("/event/kind") == "metric");
  CHECK(line.text("/event/dataset") == "pktana.stats");
  CHECK(line.number("/event/sequence") == 2);
  CHECK(line.number("/pktana/stats/capture/kernel_drops") == 7);
  CHECK(line.text("/observer/name") == "s1");
  CHECK(text.back() == '\n');
}

}  // namespace pktana::sink
