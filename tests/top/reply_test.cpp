// SPDX-License-Identifier: Apache-2.0
#include "top/reply.h"

#include "support/catch.h"
#include "top/socket_source.h"

namespace pktana::top {

TEST_CASE("reply: status gives counters, interfaces and troubles") {
  ReplyReader reader;
  Snapshot now;
  REQUIRE(reader.status(
      R"({"uptime_s":7,"packets":100,"bytes":9000,"kernel_drops":3,"ring_freezes":1,
          "ring_fill_percent":42,"flows_active":5,"flows_created":9,"undecodable":2,
          "records_dropped_queue_full":1,
          "interfaces":[{"name":"eth0","attached":true,"up":true,"packets":103,"drops":3},
                        {"name":"eth1","attached":false,"up":false,"rebinds":1}],
          "outputs":[{"path":"/x","dropped_disk_full":4,"trouble":"disk full"},
                     {"path":"/y","trouble":""}]})",
      now));
  CHECK(now.counters.packets == 100);
  CHECK(now.counters.drops == 3);
  CHECK(now.counters.ring_fill == 0.42);
  CHECK(now.counters.records_lost == 5);
  CHECK(now.uptime_ns == 7'000'000'000);
  REQUIRE(now.interfaces.size() == 2);
  CHECK(now.interfaces[0].drops == 3);
  CHECK(now.troubles ==
        std::vector<std::string>{"eth1: nothing is captured from it", "/x: disk full"});
}

TEST_CASE("reply: a daemon without a ring, or an older one, says less") {
  ReplyReader reader;
  Snapshot now;
  REQUIRE(reader.status(R"({"packets":1,"kernel_drops":null})", now));
  CHECK_FALSE(now.counters.drops);
  CHECK_FALSE(now.counters.ring_fill);
}

TEST_CASE("reply: flows with what is known of each") {
  ReplyReader reader;
  Snapshot now;
  REQUIRE(reader.flows(
      R"({"flows":[{"flow_id":17,"in_iface":"eth0","src_ip":"198.18.0.1","src_port":1,
           "dest_ip":"198.18.0.2","dest_port":443,"proto":"TCP","app_proto":"tls","name":"a\"b",
           "flow":{"pkts_toserver":1,"pkts_toclient":2,"bytes_toserver":3,"bytes_toclient":4,
           "start":"2023-11-14T22:13:20.000000+0000","end":"2023-11-14T22:13:21.500000+0000",
           "state":"new"}},{"flow_id":18,"proto":"ICMP"}],
          "flows_matched":9,"complete":true})",
      now));
  REQUIRE(now.flows.size() == 2);
  const Flow& flow = now.flows[0];
  CHECK(flow.id == 17);
  CHECK(flow.dst_port == 443);
  CHECK(flow.name == "a\"b");
  CHECK(flow.all_bytes() == 7);
  CHECK(flow.duration_ns() == 1'500'000'000);
  CHECK_FALSE(now.flows[1].src_port);
  CHECK_FALSE(now.is_whole());
}

TEST_CASE("reply: talkers, the ledger, all fields of a flow") {
  ReplyReader reader;
  const auto talkers = reader.talkers(
      R"({"talkers":[{"app_proto":"dns","bytes":5,"packets":2,"flows":1},{"bytes":1}]})",
      "app_proto");
  REQUIRE(talkers);
  REQUIRE(talkers->size() == 2);
  CHECK((*talkers)[0].name == "dns");
  CHECK((*talkers)[1].name.empty());
  Snapshot now;
  REQUIRE(reader.ledger(
      R"({"ledger":[{"name":"kernel","total_name":"packets_seen","total":null,"parts":{"a":1},
           "balanced":null},{"name":"flow","total":3,"parts":{"b":2},"balanced":false}]})",
      now));
  CHECK(now.ledger[0].balanced);
  CHECK_FALSE(now.ledger[1].balanced);
  CHECK(now.ledger[1].parts[0].second == 2);
  const auto fields = reader.fields(R"({"flows":[{"fields":{"bytes":"7","name":"x"}}]})");
  REQUIRE(fields);
  CHECK(*fields == FlowFields{{"bytes", "7"}, {"name", "x"}});
  CHECK(reader.fields(R"({"flows":[]})")->empty());
}

TEST_CASE("reply: what is something else is refused") {
  ReplyReader reader;
  Snapshot now;
  for (const char* text : {"", "[]", "{}", "{", R"({"flows":3})"}) {
    CHECK_FALSE(reader.status(text, now));
    CHECK_FALSE(reader.flows(text, now));
    CHECK_FALSE(reader.ledger(text, now));
    CHECK_FALSE(reader.talkers(text, "ip"));
    CHECK_FALSE(reader.fields(text));
  }
}

TEST_CASE("socket source: no daemon is an error that names the socket") {
  SocketSource source("/nonexistent/api.sock");
  const auto snapshot = source.fetch({});
  REQUIRE_FALSE(snapshot);
  CHECK(snapshot.error().detail.find("/nonexistent/api.sock") != std::string::npos);
}

}  // namespace pktana::top
