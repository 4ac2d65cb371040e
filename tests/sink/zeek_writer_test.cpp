// SPDX-License-Identifier: Apache-2.0
#include "sink/zeek_writer.h"

#include "sample_records.h"
#include "support/catch.h"

namespace pktana::sink {
namespace {

std::string zeek_line(const flow::FlowRecord& record) {
  auto writer = ZeekWriter::create({});
  REQUIRE(writer);
  return flow_lines(**writer, record);
}

flow::FlowRecord icmp_record(uint8_t protocol, uint8_t type, uint8_t code) {
  flow::FlowRecord record = plain_record(protocol);
  record.icmp_type = type;
  record.icmp_code = code;
  return record;
}

std::string uid_of(uint64_t flow_id) {
  char text[kZeekUidBytes];
  return {text, static_cast<size_t>(put_zeek_uid(text, flow_id) - text)};
}

}  // namespace

TEST_CASE("zeek: the whole line of a TCP flow") {
  CHECK(zeek_line(full_tcp_record()) ==
        R"({"ts":1491603877.251547,"uid":"C2K43bcUIm","id.orig_h":"192.168.20.37",)"
        R"("id.orig_p":63592,"id.resp_h":"70.32.97.206","id.resp_p":80,"proto":"tcp",)"
        R"("duration":2.470287,"orig_bytes":400,"resp_bytes":4715,"conn_state":"SF",)"
        R"("missed_bytes":1460,"history":"ShADadfF","orig_pkts":4,"orig_ip_bytes":630,)"
        R"("resp_pkts":5,"resp_ip_bytes":3519,"vlan":10,"inner_vlan":20,)"
        R"("community_id":"1:p78FQ5Gn8XFgjlKgugj92+uTUDk=","ip_proto":6})"
        "\n");
}

TEST_CASE("zeek: a flow without duration has no byte counts, history or VLAN where it has none") {
  flow::FlowRecord record = udp_record();
  record.end_ns = record.start_ns;
  const JsonLine line(zeek_line(record));
  for (const char* name : {"/duration", "/orig_bytes", "/resp_bytes", "/history", "/vlan"})
    CHECK_FALSE(line.has(name));
  CHECK(line.number("/missed_bytes") == 0);
}

TEST_CASE("zeek: ICMP has the type and its counterpart for ports, or the code") {
  const JsonLine echo(zeek_line(icmp_record(1, 8, 0)));
  CHECK(echo.text("/proto") == "icmp");
  CHECK(echo.number("/id.orig_p") == 8);
  CHECK(echo.number("/id.resp_p") == 0);
  CHECK(JsonLine(zeek_line(icmp_record(58, 128, 0))).number("/id.resp_p") == 129);
  const JsonLine report(zeek_line(icmp_record(58, 131, 0)));
  CHECK(report.number("/id.orig_p") == 131);
  CHECK(report.number("/id.resp_p") == 130);
  CHECK(JsonLine(zeek_line(icmp_record(1, 3, 13))).number("/id.resp_p") == 13);
}

TEST_CASE("zeek: what is not TCP, UDP or ICMP is unknown_transport without ports") {
  const JsonLine line(zeek_line(plain_record(89)));
  CHECK(line.text("/proto") == "unknown_transport");
  CHECK(line.number("/id.orig_p") == 0);
  CHECK(line.number("/ip_proto") == 89);
}

TEST_CASE("zeek: an update of a live flow has no line") {
  flow::FlowRecord record = tcp_record();
  record.update.index = 1;
  CHECK(zeek_line(record).empty());
}

TEST_CASE("zeek: times before 1970 are negative seconds") {
  flow::FlowRecord record = tcp_record();
  record.start_ns = -1'500'000'000;
  CHECK(zeek_line(record).find(R"({"ts":-1.500000,)") == 0);
  record.start_ns = std::numeric_limits<int64_t>::min();
  CHECK(zeek_line(record).find(R"({"ts":-9223372036.854775,)") == 0);
}

TEST_CASE("zeek: uids are ten characters, distinct, and those of the extremes are the extremes") {
  CHECK(uid_of(0) == "C000000000");
  CHECK(uid_of(61) == "C00000000z");
  CHECK(uid_of(62) == "C000000010");
  CHECK(uid_of((uint64_t{1} << 53) - 1).size() == kZeekUidBytes);
  CHECK(uid_of((uint64_t{1} << 53) - 1) != uid_of((uint64_t{1} << 53) - 2));
  CHECK(uid_of((uint64_t{1} << 53) - 1) > uid_of(uint64_t{1} << 52));
}

}  // namespace pktana::sink
