// SPDX-License-Identifier: Apache-2.0
// Which flows take more than their own 176 bytes, and that what is kept once or in halves is whole.
#include <initializer_list>

#include "flow/counted_connection.h"
#include "flow/round_trips.h"

namespace pktana::flow {
namespace {

using Connection = CountedConnection;

TEST_CASE("flow memory: a connection from SYN to FIN takes no block") {
  Connection connection;
  connection.open();
  connection.send(kToServer, {.payload_len = 10, .tcp_flags = kTcpAck, .seq = 1001, .ack = 5001});
  connection.send(kToClient, {.payload_len = 20, .tcp_flags = kTcpAck, .seq = 5001, .ack = 1011});
  connection.send(kToServer, {.tcp_flags = kFinAck, .seq = 1011, .ack = 5021});
  connection.send(kToClient, {.tcp_flags = kFinAck, .seq = 5021, .ack = 1012});
  connection.send(kToServer, {.tcp_flags = kTcpAck, .seq = 1012, .ack = 5022});
  CHECK(connection.long_blocks() == 0);
  CHECK(connection.numbers().fin_end(kToServer) == 1012);
  CHECK(connection.numbers().fin_end(kToClient) == 5022);
  CHECK(connection.numbers().part_seq(kToServer) == 1001);
  CHECK(connection.memory().view().packets(kToServer) == 5);
}

TEST_CASE("flow memory: a refused attempt and one picked up in the middle take no block") {
  Connection refused;
  refused.send(kToServer, {.tcp_flags = kTcpSyn, .seq = 1000});
  refused.send(kToClient, {.tcp_flags = kTcpRst | kTcpAck, .seq = 0, .ack = 1001});
  CHECK(refused.long_blocks() == 0);
  Connection middle;
  middle.send(kToServer, {.payload_len = 7, .tcp_flags = kTcpAck, .seq = 500, .ack = 900});
  middle.send(kToClient, {.payload_len = 9, .tcp_flags = kTcpAck, .seq = 900, .ack = 507});
  CHECK(middle.long_blocks() == 0);
  CHECK(middle.numbers().part_seq(kToClient) == 900);
}

TEST_CASE(
    "flow memory: an old acknowledgment is kept apart from the highest, until a higher comes") {
  Connection connection;
  connection.open();
  connection.send(kToServer, {.tcp_flags = kTcpAck, .seq = 1001, .ack = 5101});
  connection.send(kToServer, {.tcp_flags = kTcpAck, .seq = 1001, .ack = 5051});
  CHECK(connection.numbers().highest_ack(kToServer) == 5101);
  CHECK(connection.memory().view().tcp.side[kToServer].last_ack == 5051);
  CHECK(connection.odd_blocks() == 1);
  connection.send(kToServer, {.tcp_flags = kTcpAck, .seq = 1001, .ack = 5201});
  CHECK(connection.numbers().highest_ack(kToServer) == 5201);
  CHECK((connection.memory().view().tcp.side[kToServer].apart & kHighestAckApart) == 0);
}

TEST_CASE("flow memory: data behind a FIN leaves the FIN's number where it was") {
  Connection connection;
  connection.open();
  connection.send(kToServer, {.tcp_flags = kFinAck, .seq = 1001, .ack = 5001});
  connection.send(kToServer, {.payload_len = 9, .tcp_flags = kTcpAck, .seq = 1002, .ack = 5001});
  CHECK(connection.numbers().fin_end(kToServer) == 1002);
  CHECK(connection.numbers().next(kToServer) == 1011);
}

TEST_CASE("flow memory: counters carry into a block, and link bytes may be negative") {
  OneFlow memory;
  const FlowRef flow = memory.ref();
  for (int i = 0; i < 3; ++i)
    flow.count(kToClient, 40'000, 0xF0000000U, {.header = 60'000, .link = -40'000});
  const FlowView view = memory.view();
  CHECK(view.packets(kToClient) == 120'000);
  CHECK(view.payload_bytes(kToClient) == 3 * uint64_t{0xF0000000U});
  CHECK(view.ip_bytes(kToClient) == 3 * uint64_t{0xF0000000U} + 180'000);
  CHECK(view.wire_bytes(kToClient) == view.ip_bytes(kToClient) - 120'000);
  CHECK(view.packets(kToServer) == 0);
  CHECK(memory.pools().longs.taken() == 1);
}

TEST_CASE("flow memory: round trips are told whole however many there are") {
  for (const std::initializer_list<uint32_t> samples :
       {std::initializer_list<uint32_t>{7}, {7, 3}, {3, 7}, {7, 3, 9}, {5, 5, 5, 1, 20}}) {
    OneFlow memory;
    uint64_t sum = 0;
    for (const uint32_t sample : samples) {
      add_round_trip(memory.ref(), kToClient, sample);
      sum += sample;
    }
    const RttSamples told = round_trips_of(memory.view(), kToClient);
    CHECK(told.count == samples.size());
    CHECK(told.sum_us == sum);
    CHECK(told.min_us == std::min(samples));
    CHECK(told.max_us == std::max(samples));
    CHECK(memory.pools().longs.taken() == (samples.size() > 2 ? 1U : 0U));
    CHECK(round_trips_of(memory.view(), kToServer).count == 0);
  }
}

TEST_CASE("flow memory: VLAN ids that the key tells are not kept again") {
  OneFlow memory;
  const FlowRef flow = memory.ref();
  flow.hot.domain = uint64_t{101} | uint64_t{8} << 16;
  flow.set_vlan_ids({100, 7, 0}, 2);
  CHECK(memory.pools().odd.taken() == 0);
  CHECK(memory.view().vlan_ids() == std::array<uint16_t, kMaxRecordVlans>{100, 7, 0});
  flow.set_vlan_ids({100, 7, 9}, 3);
  CHECK(memory.pools().odd.taken() == 1);
  CHECK(memory.view().vlan_ids() == std::array<uint16_t, kMaxRecordVlans>{100, 7, 9});
}

TEST_CASE("flow memory: a flow that ends gives its blocks back") {
  OneFlow memory;
  memory.ref().odd().continuation = 1;
  CHECK(memory.pools().odd.taken() == 1);
  memory.ref().release_blocks();
  CHECK(memory.pools().odd.taken() == 0);
  CHECK(memory.pools().longs.taken() == 0);
}

}  // namespace
}  // namespace pktana::flow
