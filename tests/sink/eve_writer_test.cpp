// SPDX-License-Identifier: Apache-2.0
#include "sink/eve_writer.h"

#include <algorithm>
#include <limits>

#include "flow/protocol_name.h"
#include "sample_records.h"
#include "support/catch.h"

namespace pktana::sink {
namespace {

using Keys = std::vector<std::string>;

std::unique_ptr<EveWriter> make_eve(const WriterContext& context = {}) {
  auto writer = EveWriter::create(context);
  REQUIRE(writer);
  return std::move(*writer);
}

JsonLine eve_line(const flow::FlowRecord& record, const WriterContext& context = {}) {
  return JsonLine(flow_lines(*make_eve(context), record));
}

}  // namespace

TEST_CASE("eve: the whole line of a TCP flow") {
  CHECK(flow_lines(*make_eve(), tcp_record()) ==
        R"({"timestamp":"2017-04-07T22:24:39.721834+0000","flow_id":507343008532164,)"
        R"("event_type":"flow","src_ip":"192.168.20.37","src_port":63592,)"
        R"("dest_ip":"70.32.97.206","dest_port":80,"ip_v":4,"proto":"TCP",)"
        R"("flow":{"pkts_toserver":4,"pkts_toclient":5,"bytes_toserver":686,)"
        R"("bytes_toclient":3589,"start":"2017-04-07T22:24:37.251547+0000",)"
        R"("end":"2017-04-07T22:24:39.721834+0000","age":2,"state":"closed",)"
        R"("reason":"timeout","alerted":false},)"
        R"("community_id":"1:p78FQ5Gn8XFgjlKgugj92+uTUDk=",)"
        R"("tcp":{"tcp_flags":"1b","tcp_flags_ts":"1a","tcp_flags_tc":"1b",)"
        R"("syn":true,"fin":true,"psh":true,"ack":true,"state":"closed"},)"
        R"("pktana":{"schema":1,"seq":1,"end_reason":"closed","duration_ns":2470287001,)"
        R"("initiator_basis":"syn","payload_bytes_toserver":420,)"
        R"("payload_bytes_toclient":3255,"truncated_packets":0,)"
        R"("tcp":{"retransmits_toserver":0,"retransmits_toclient":0,)"
        R"("out_of_order_toserver":0,"out_of_order_toclient":0,)"
        R"("duplicate_acks_toserver":0,"duplicate_acks_toclient":0,)"
        R"("zero_windows_toserver":0,"zero_windows_toclient":0,)"
        R"("lost_bytes_toserver":0,"lost_bytes_toclient":0}}})"
        "\n");
}

TEST_CASE("eve: a live line has the interface and the time of writing") {
  base::NameTable names;
  names.add("eth0");
  const auto writer = make_eve({.live = true, .source_names = &names, .host = "sensor \"1\""});
  const JsonLine line(flow_lines(*writer, udp_record(), 1'700'000'000'000'000'000));
  CHECK(line.text("/timestamp") == "2023-11-14T22:13:20.000000+0000");
  CHECK(line.text("/flow/end") == "2017-04-07T22:24:39.721834+0000");
  CHECK(line.text("/in_iface") == "eth0");
  CHECK(line.text("/host") == "sensor \"1\"");
  CHECK(line.keys() == Keys{"timestamp", "flow_id", "in_iface", "event_type", "src_ip", "src_port",
                            "dest_ip", "dest_port", "ip_v", "proto", "flow", "community_id", "host",
                            "pktana"});
}

TEST_CASE("eve: a line of a file has the file's name") {
  base::NameTable names;
  names.add("first.pcap");
  names.add("Z\xfcrich \"2\".pcap");
  flow::FlowRecord record = udp_record();
  record.source_id = 1;
  const std::string line = flow_lines(*make_eve({.source_names = &names}), record);
  CHECK(line.find(R"("pcap_filename":"Z\u00fcrich \"2\".pcap")") != std::string::npos);
  CHECK_FALSE(JsonLine(line).has("/in_iface"));
}

TEST_CASE("eve: a source without a name is left out, and found once it has one") {
  base::NameTable names;
  const auto writer = make_eve({.source_names = &names});
  CHECK_FALSE(JsonLine(flow_lines(*writer, udp_record())).has("/pcap_filename"));
  names.add("late.pcap");
  CHECK(JsonLine(flow_lines(*writer, udp_record())).text("/pcap_filename") == "late.pcap");
}

TEST_CASE("eve: VLAN ids are a list, outermost first, absent without a tag") {
  flow::FlowRecord record = tcp_record();
  CHECK_FALSE(eve_line(record).has("/vlan"));
  record.vlan_id = {100, 0, 4095};
  record.vlan_count = 3;
  const std::string line = flow_lines(*make_eve(), record);
  CHECK(line.find(R"("event_type":"flow","vlan":[100,0,4095],"src_ip")") != std::string::npos);
}

TEST_CASE("eve: ICMP has types and codes in place of ports") {
  const JsonLine line = eve_line(ping_record());
  CHECK(line.text("/proto") == "ICMP");
  CHECK(line.number("/icmp_type") == 8);
  CHECK(line.number("/icmp_code") == 0);
  CHECK(line.number("/response_icmp_type") == 0);
  CHECK(line.number("/response_icmp_code") == 0);
  CHECK_FALSE(line.has("/src_port"));
  CHECK_FALSE(line.has("/tcp"));
  CHECK(line.text("/community_id") == "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
}

TEST_CASE("eve: an ICMPv6 message without an answer has no response type") {
  flow::FlowRecord record = plain_record(58);
  set_addresses(record, "fe80::1", "ff02::1");
  record.icmp_type = 134;
  const JsonLine line = eve_line(record);
  CHECK(line.text("/proto") == "IPv6-ICMP");
  CHECK(line.text("/src_ip") == "fe80::1");
  CHECK(line.number("/ip_v") == 6);
  CHECK(line.number("/icmp_type") == 134);
  CHECK_FALSE(line.has("/response_icmp_type"));
}

TEST_CASE("eve: every protocol gives a line with its name, and ports where it has any") {
  for (unsigned number = 0; number < 256; ++number) {
    const auto protocol = static_cast<uint8_t>(number);
    const JsonLine line = eve_line(plain_record(protocol));
    CHECK(line.text("/proto") == flow::protocol_name(protocol));
    CHECK(line.has("/src_port") == (protocol == 6 || protocol == 17 || protocol == 132));
    CHECK(line.has("/tcp") == (protocol == 6));
    CHECK(line.has("/icmp_type") == (protocol == 1 || protocol == 58));
  }
}

TEST_CASE("eve: each TCP flag is said by its name, only when it was seen") {
  const Keys names{"fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr"};
  for (unsigned flags = 0; flags < 256; ++flags) {
    flow::FlowRecord record = tcp_record();
    record.tcp_flags = {static_cast<uint8_t>(flags & 0x55), static_cast<uint8_t>(flags & 0xAA)};
    const JsonLine line = eve_line(record);
    for (size_t bit = 0; bit < names.size(); ++bit)
      REQUIRE(line.has("/tcp/" + names[bit]) == ((flags >> bit & 1) != 0));
    REQUIRE(std::stoul(line.text("/tcp/tcp_flags"), nullptr, 16) == flags);
    REQUIRE(std::stoul(line.text("/tcp/tcp_flags_ts"), nullptr, 16) == (flags & 0x55));
    REQUIRE(line.text("/tcp/tcp_flags_tc").size() == 2);
  }
}

TEST_CASE("eve: the reason is Suricata's word, the end reason is ours") {
  using flow::EndReason;
  const auto reason = [](EndReason end, bool at_shutdown) {
    flow::FlowRecord record = tcp_record();
    record.end_reason = end;
    record.at_shutdown = at_shutdown;
    const JsonLine line = eve_line(record);
    return line.text("/flow/reason") + " " + line.text("/pktana/end_reason");
  };
  CHECK(reason(EndReason::Idle, false) == "timeout idle");
  CHECK(reason(EndReason::Closed, false) == "timeout closed");
  CHECK(reason(EndReason::Reset, false) == "timeout reset");
  CHECK(reason(EndReason::Active, false) == "forced active");
  CHECK(reason(EndReason::Evicted, false) == "forced evicted");
  CHECK(reason(EndReason::TupleReuse, false) == "tcp_reuse tuple_reuse");
  CHECK(reason(EndReason::Shutdown, true) == "shutdown shutdown");
  CHECK(reason(EndReason::Closed, true) == "shutdown closed");
  CHECK(reason(EndReason::Reset, true) == "shutdown reset");
}

TEST_CASE("eve: age is the difference of whole seconds, as Suricata counts") {
  flow::FlowRecord record = udp_record();
  record.start_ns = 5'970'092'000;
  record.end_ns = 8'440'379'000;
  CHECK(eve_line(record).number("/flow/age") == 3);
}

TEST_CASE("eve: a flow that ends before it starts has no age and no duration") {
  flow::FlowRecord record = udp_record();
  record.end_ns = record.start_ns - 10'000'000'000;
  const JsonLine line = eve_line(record);
  CHECK(line.number("/flow/age") == 0);
  CHECK(line.number("/pktana/duration_ns") == 0);
}

TEST_CASE("eve: a part of a split flow says which") {
  flow::FlowRecord record = udp_record();
  CHECK_FALSE(eve_line(record).has("/pktana/continuation"));
  record.continuation = 2;
  CHECK(eve_line(record).number("/pktana/continuation") == 2);
}

TEST_CASE("eve: seq counts the lines of all types from one") {
  const auto writer = make_eve();
  CHECK(JsonLine(flow_lines(*writer, udp_record())).number("/pktana/seq") == 1);
  std::string stats(kMaxLineBytes, '\0');
  stats.resize(static_cast<size_t>(writer->put_stats(stats.data(), {}) - stats.data()));
  CHECK(JsonLine(stats).number("/pktana/seq") == 2);
  CHECK(JsonLine(flow_lines(*writer, udp_record())).number("/pktana/seq") == 3);
}

TEST_CASE("eve: the longest record with the longest names fits the line limit") {
  constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
  base::NameTable names;
  names.add(std::string(5000, '\xff'));
  flow::FlowRecord record = tcp_record();
  set_addresses(record, "1111:1111:1111:1111:1111:1111:1111:1111",
                "1111:1111:1111:1111:1111:1111:1111:1111");
  record.flow_id = kMax;
  record.totals = {{{kMax, kMax, kMax}, {kMax, kMax, kMax}}};
  record.tcp_flags = {0xFF, 0xFF};
  record.vlan_id = {4095, 4095, 4095};
  record.vlan_count = 3;
  record.start_ns = std::numeric_limits<int64_t>::min();
  record.end_ns = std::numeric_limits<int64_t>::max();
  flow::AppSummary app;
  app.name = std::string(5000, '\x01');
  app.fingerprints = {
      {"ja3", std::string(5000, '\x01')}, {"ja4", "t13"}, {"x", std::string(999, '\\')}};
  record.app_proto = "tls";
  record.app = &app;
  const std::string line =
      flow_lines(*make_eve({.source_names = &names, .host = std::string(5000, '\x01')}), record);
  CHECK(line.size() < kMaxLineBytes);
  CHECK(std::count(line.begin(), line.end(), '\n') == 1);
  CHECK(JsonLine(line).number("/flow/bytes_toserver") == kMax);
  CHECK(JsonLine(line).number("/pktana/duration_ns") == kMax);
}

TEST_CASE("eve: a flow says its application protocol and how that is known") {
  flow::FlowRecord record = tcp_record();
  record.app_proto = "tls";
  record.app_basis = flow::AppBasis::Content;
  flow::AppSummary app;
  app.app_proto_before = "smtp";
  app.name = "mail.example";
  app.name_source = flow::NameSource::TlsSni;
  app.fingerprints = {{"ja3", "0123"}, {"ja4", "t13d"}};
  record.app = &app;
  const std::string line = flow_lines(*make_eve(), record);
  CHECK(line.find(R"("proto":"TCP","app_proto":"tls","app_proto_orig":"smtp","flow":{)") !=
        std::string::npos);
  CHECK(line.find(R"(,"app_basis":"content","name":"mail.example","name_source":"tls_sni",)"
                  R"("fingerprints":{"ja3":"0123","ja4":"t13d"}}})") != std::string::npos);
}

TEST_CASE("eve: a protocol that only the port speaks for is told as a guess") {
  flow::FlowRecord record = tcp_record();
  record.app_proto = "failed";
  flow::AppSummary app;
  app.app_proto_guess = "mysql";
  record.app = &app;
  const std::string line = flow_lines(*make_eve(), record);
  CHECK(line.find(R"("app_proto":"failed")") != std::string::npos);
  CHECK(line.find(R"("app_proto_guess":"mysql"}})") != std::string::npos);
}

TEST_CASE("eve: a name from DNS says its age, and whether there were others") {
  flow::FlowRecord record = tcp_record();
  flow::AppSummary app;
  app.name = "www.example";
  app.name_source = flow::NameSource::DnsAnswer;
  app.name_age_s = 12;
  app.name_ambiguous = true;
  record.app = &app;
  CHECK(flow_lines(*make_eve(), record)
            .find(R"("name":"www.example","name_source":"dns_answer","name_age":12,)"
                  R"("name_ambiguous":true}})") != std::string::npos);
}

TEST_CASE("eve: names leave their place to what else a line must hold") {
  base::NameTable names;
  names.add(std::string(5000, '\xff'));
  flow::FlowRecord record = tcp_record();
  flow::AppSummary app;
  app.name = "short.example";
  app.fingerprints.assign(100, {"ja3", std::string(200, 'x')});
  record.app = &app;
  const std::string line = flow_lines(*make_eve({.source_names = &names}), record);
  CHECK(line.size() < kMaxLineBytes);
  CHECK(line.find("short.example") != std::string::npos);
}

TEST_CASE("eve: an update says what came since the one before, and no reason to end") {
  flow::FlowRecord record = tcp_record();
  record.update = {.index = 3, .packets = {1, 2}, .bytes = {100, 200}};
  const std::string line = flow_lines(*make_eve(), record);
  CHECK(line.find(R"("event_type":"flow_update")") != std::string::npos);
  CHECK(line.find(R"("update":{"index":3,"delta":{"pkts_toserver":1,"pkts_toclient":2,)"
                  R"("bytes_toserver":100,"bytes_toclient":200}},"duration_ns")") !=
        std::string::npos);
  CHECK(line.find(R"("pkts_toserver":4,)") != std::string::npos);
  CHECK(line.find("reason") == std::string::npos);
}

TEST_CASE("eve: ICMP errors that quoted the flow") {
  flow::FlowRecord record = tcp_record();
  CHECK(flow_lines(*make_eve(), record).find("icmp_errors") == std::string::npos);
  record.icmp_errors = {.count = 2, .type = 3, .code = 1};
  CHECK(flow_lines(*make_eve(), record).find(R"("icmp_errors":{"count":2,"type":3,"code":1}})") !=
        std::string::npos);
}

}  // namespace pktana::sink
