// SPDX-License-Identifier: Apache-2.0
#include "sink/csv_writer.h"

#include <map>

#include "sample_records.h"
#include "support/catch.h"

namespace pktana::sink {
namespace {

/// The fields of one line, by the rules of RFC 4180.
std::vector<std::string> fields_of(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (size_t i = 0; i < line.size() && (quoted || line[i] != '\n'); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[i++];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  return fields;
}

std::map<std::string, std::string> csv_fields(const flow::FlowRecord& record,
                                              const WriterContext& context = {}) {
  auto writer = CsvWriter::create(context);
  REQUIRE(writer);
  std::string header(kMaxLineBytes, '\0');
  header.resize(static_cast<size_t>((*writer)->put_header(header.data()) - header.data()));
  const auto names = fields_of(header);
  const auto values = fields_of(flow_lines(**writer, record));
  REQUIRE(names.size() == values.size());
  std::map<std::string, std::string> fields;
  for (size_t i = 0; i < names.size(); ++i)
    fields[names[i]] = values[i];
  return fields;
}

}  // namespace

TEST_CASE("csv: the whole line of a TCP flow") {
  auto writer = CsvWriter::create({});
  REQUIRE(writer);
  CHECK(
      flow_lines(**writer, full_tcp_record()) ==
      "2017-04-07T22:24:37.251547+0000,2017-04-07T22:24:39.721834+0000,2470287001,"
      "507343008532164,,10 20,4,TCP,192.168.20.37,63592,70.32.97.206,80,,,,,4,5,686,3589,420,3255,"
      "closed,closed,1a,1b,closed,syn,0,0,1:p78FQ5Gn8XFgjlKgugj92+uTUDk=,"
      "SF,ShADadfF,630,3519,2,0,0,3,0,1460,21000,333,,0,,,\n");
}

TEST_CASE("csv: application protocol, name and where that is from are the last columns") {
  flow::FlowRecord record = tcp_record();
  flow::AppSummary app;
  app.name = "a,\"b\".example";
  app.name_source = flow::NameSource::TlsSni;
  record.app_proto = "tls";
  record.app = &app;
  auto writer = CsvWriter::create({});
  REQUIRE(writer);
  const std::string line = flow_lines(**writer, record);
  CHECK(line.ends_with(",0,tls,\"a,\"\"b\"\".example\",tls_sni\n"));
}

TEST_CASE("csv: what TCP does not know of a flow, and what is not TCP, is empty") {
  auto fields = csv_fields(tcp_record());
  CHECK(fields["retransmits_toserver"] == "0");
  CHECK(fields["handshake_rtt_us"].empty());
  CHECK(fields["client_rtt_avg_us"].empty());
  CHECK(fields["history"].empty());
  CHECK(csv_fields(udp_record())["retransmits_toserver"].empty());
}

TEST_CASE("csv: an update of a live flow has no line") {
  auto writer = CsvWriter::create({});
  REQUIRE(writer);
  flow::FlowRecord record = tcp_record();
  record.update.index = 1;
  CHECK(flow_lines(**writer, record).empty());
}

TEST_CASE("csv: a ping has types, codes and no ports") {
  auto fields = csv_fields(ping_record());
  CHECK(fields["proto"] == "ICMP");
  CHECK(fields["src_port"].empty());
  CHECK(fields["icmp_type"] == "8");
  CHECK(fields["response_icmp_code"] == "0");
  CHECK(fields["tcp_state"].empty());
  CHECK(fields["community_id"] == "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=");
}

TEST_CASE("csv: every protocol fills the same columns") {
  for (unsigned protocol = 0; protocol < 256; ++protocol)
    CHECK(csv_fields(plain_record(static_cast<uint8_t>(protocol)))["initiator_basis"] ==
          "first_packet");
}

TEST_CASE("csv: a name with commas, quotes and broken bytes stays one field") {
  base::NameTable names;
  names.add("a,\"b\"\n\xff.pcap");
  auto fields = csv_fields(udp_record(), {.source_names = &names});
  CHECK(fields["source"] == "a,\"b\"\\u000a\\u00ff.pcap");
}

TEST_CASE("csv: VLAN ids are joined by spaces") {
  flow::FlowRecord record = udp_record();
  record.vlan_id = {10, 20, 0};
  record.vlan_count = 2;
  CHECK(csv_fields(record)["vlan"] == "10 20");
}

}  // namespace pktana::sink
