// SPDX-License-Identifier: Apache-2.0
#include "sink/ocsf_writer.h"

#include "sample_records.h"
#include "support/catch.h"

namespace pktana::sink {
namespace {

std::string ocsf_line(const flow::FlowRecord& record, const WriterContext& context = {},
                      int64_t now_ns = 0) {
  auto writer = OcsfWriter::create(context);
  REQUIRE(writer);
  return flow_lines(**writer, record, now_ns);
}

/// The version of the program, which changes, replaced.
std::string without_version(std::string line) {
  const std::string mark = R"("vendor_name":"pktana","version":")";
  const size_t at = line.find(mark) + mark.size();
  return line.replace(at, line.find('"', at) - at, "V");
}

uint64_t activity_of(const flow::FlowRecord& record) {
  return JsonLine(ocsf_line(record)).number("/activity_id");
}

}  // namespace

TEST_CASE("ocsf: the whole line of a TCP flow") {
  CHECK(
      without_version(ocsf_line(full_tcp_record())) ==
      R"({"class_uid":4001,"class_name":"Network Activity","category_uid":4,)"
      R"("category_name":"Network Activity","activity_id":2,"activity_name":"Close",)"
      R"("type_uid":400102,"type_name":"Network Activity: Close","severity_id":1,)"
      R"("severity":"Informational","time":1491603879721,"start_time":1491603877251,)"
      R"("end_time":1491603879721,"duration":2470,"status_detail":"closed",)"
      R"("metadata":{"version":"1.9.0-dev","product":{"name":"pktana","vendor_name":"pktana",)"
      R"("version":"V"},"log_name":"flow","sequence":1},)"
      R"("src_endpoint":{"ip":"192.168.20.37","port":63592,"vlan_uid":"10"},)"
      R"("dst_endpoint":{"ip":"70.32.97.206","port":80,"vlan_uid":"10"},)"
      R"("connection_info":{"uid":"507343008532164","direction_id":0,"direction":"Unknown",)"
      R"("protocol_num":6,"protocol_name":"tcp","protocol_ver_id":4,"tcp_flags":27,)"
      R"("flag_history":"ShADadfF","community_uid":"1:p78FQ5Gn8XFgjlKgugj92+uTUDk="},)"
      R"("traffic":{"bytes":4275,"bytes_out":686,"bytes_in":3589,"packets":9,)"
      R"("packets_out":4,"packets_in":5,"bytes_missed":1460},)"
      R"("unmapped":{"pktana":{"schema":1,"state":"closed","end_reason":"closed",)"
      R"("conn_state":"SF","history":"ShADadfF","initiator_basis":"syn",)"
      R"("payload_bytes_toserver":420,"payload_bytes_toclient":3255,"ip_bytes_toserver":630,)"
      R"("ip_bytes_toclient":3519,"truncated_packets":0,"tcp_flags_ts":"1a",)"
      R"("tcp_flags_tc":"1b","tcp_state":"closed","tcp":{"retransmits_toserver":2,"retransmits_toclient":0,)"
      R"("out_of_order_toserver":0,"out_of_order_toclient":3,"duplicate_acks_toserver":0,)"
      R"("duplicate_acks_toclient":0,"zero_windows_toserver":0,"zero_windows_toclient":0,)"
      R"("lost_bytes_toserver":0,"lost_bytes_toclient":1460,"handshake_rtt_us":21000,)"
      R"("client_rtt_us":{"min":300,"avg":333,"max":400,"samples":3}}}}})"
      "\n");
}

TEST_CASE("ocsf: the activity says how a connection ended") {
  flow::FlowRecord record = tcp_record();
  record.end_reason = flow::EndReason::Reset;
  CHECK(activity_of(record) == 3);
  record.conn_state = flow::ConnState::Rej;
  CHECK(activity_of(record) == 5);
  record.end_reason = flow::EndReason::Idle;
  record.conn_state = flow::ConnState::S0;
  CHECK(activity_of(record) == 4);
  record.conn_state = flow::ConnState::S1;
  CHECK(activity_of(record) == 6);
  record = udp_record();
  record.conn_state = flow::ConnState::S0;
  CHECK(activity_of(record) == 6);
}

TEST_CASE("ocsf: an update is traffic with the delta, and the sum beside it") {
  flow::FlowRecord record = tcp_record();
  record.update = {.index = 3, .packets = {1, 2}, .bytes = {60, 1500}};
  const JsonLine line(ocsf_line(record));
  CHECK(line.number("/type_uid") == 400106);
  CHECK(line.number("/traffic/bytes") == 1560);
  CHECK(line.number("/traffic/packets_in") == 2);
  CHECK(line.number("/cumulative_traffic/bytes_in") == 3589);
  CHECK(line.number("/unmapped/pktana/update_index") == 3);
  CHECK_FALSE(line.has("/status_detail"));
}

TEST_CASE("ocsf: live, the point of observation is named") {
  base::NameTable names;
  names.add("eth0");
  const WriterContext live{.live = true, .source_names = &names, .host = "s\"1"};
  const JsonLine line(ocsf_line(udp_record(), live, kSampleStartNs));
  CHECK(line.number("/time") == kSampleStartNs / 1'000'000);
  CHECK(line.number("/observation_point_id") == 3);
  CHECK(line.text("/network_observation_point/name") == "s\"1");
  CHECK(line.text("/network_observation_point/interface_name") == "eth0");
  const JsonLine unnamed(ocsf_line(udp_record(), {.live = true, .source_names = &names}));
  CHECK(unnamed.keys("/network_observation_point") == std::vector<std::string>{"interface_name"});
  CHECK_FALSE(JsonLine(ocsf_line(udp_record())).has("/observation_point_id"));
}

TEST_CASE("ocsf: of a file, the name is unmapped; a ping has no ports and no TCP flags") {
  base::NameTable names;
  names.add("a.pcap");
  const JsonLine line(ocsf_line(ping_record(), {.source_names = &names}));
  CHECK(line.text("/unmapped/pktana/pcap_filename") == "a.pcap");
  CHECK(line.number("/unmapped/pktana/icmp_type") == 8);
  CHECK(line.keys("/src_endpoint") == std::vector<std::string>{"ip"});
  CHECK_FALSE(line.has("/connection_info/tcp_flags"));
  CHECK_FALSE(line.has("/traffic/bytes_missed"));
}

TEST_CASE("ocsf: stats have no place and no line") {
  auto writer = OcsfWriter::create({});
  REQUIRE(writer);
  char place = 0;
  CHECK((*writer)->put_stats(&place, {}) == &place);
}

}  // namespace pktana::sink
