// SPDX-License-Identifier: Apache-2.0
#include "sink/eve_tunnel.h"

#include "parse/tunnel.h"
#include "sample_records.h"
#include "sink/eve_writer.h"
#include "sink/queue_handoff.h"
#include "sink/sink.h"
#include "support/catch.h"
#include "support/temp_file.h"
#include "test_files.h"

namespace pktana::sink {
namespace {

using flow::EncapsulationTable;
using parse::TunnelType;

std::unique_ptr<EncapsulationTable> table(uint32_t max_layers = 64) {
  return std::move(*EncapsulationTable::create({}, max_layers));
}

flow::TunnelLayer layer(TunnelType type, uint8_t ip_version, uint32_t id) {
  flow::TunnelLayer made;
  made.type = static_cast<uint8_t>(type);
  made.ip_version = ip_version;
  made.id = id;
  if (ip_version == 0) return made;
  made.src[0] = 0x20;
  made.dst[0] = 0x30;
  return made;
}

/// A label, an IPv4 and an IPv6 tunnel, with a reference of the caller's.
uint32_t three_layers(EncapsulationTable& tunnels) {
  flow::Encapsulation around;
  around.layer[around.count++] = layer(TunnelType::Mpls, 0, 29);
  around.layer[around.count++] = layer(TunnelType::Gre, 4, 0);
  around.layer[around.count++] = layer(TunnelType::Vxlan, 6, 0xFFFFFF);
  return tunnels.acquire(around, false);
}

std::string text_of(uint32_t number, const EncapsulationTable& tunnels) {
  std::string text(kMaxLineBytes, '#');
  const char* end = put_eve_tunnel(text.data(), number, tunnels);
  text.resize(static_cast<size_t>(end - text.data()));
  return text;
}

TEST_CASE("eve tunnel: layers outermost first, addresses only where there are some") {
  const auto tunnels = table();
  CHECK(text_of(three_layers(*tunnels), *tunnels) ==
        R"(,"tunnel":[{"type":"mpls","id":29},)"
        R"({"type":"gre","src_ip":"32.0.0.0","dest_ip":"48.0.0.0","id":0},)"
        R"({"type":"vxlan","src_ip":"2000::","dest_ip":"3000::","id":16777215}])");
}

TEST_CASE("eve tunnel: a tunnel that had no room in the table is said to be unknown") {
  const auto tunnels = table(2);
  CHECK(text_of(three_layers(*tunnels), *tunnels) == R"(,"tunnel_unknown":true)");
}

TEST_CASE("eve tunnel: it stands in the object pktana of a flow in a tunnel, and of no other") {
  const auto tunnels = table();
  auto writer = EveWriter::create({.encapsulations = tunnels.get()});
  REQUIRE(writer);
  flow::FlowRecord record = udp_record();
  CHECK_FALSE(JsonLine(flow_lines(**writer, record)).has("/pktana/tunnel"));
  record.encapsulation = three_layers(*tunnels);
  const JsonLine line(flow_lines(**writer, record));
  CHECK(line.text("/pktana/tunnel/1/type") == "gre");
  CHECK(line.number("/pktana/tunnel/2/id") == 0xFFFFFF);
}

TEST_CASE("eve tunnel: as many layers as there can be fit on a line") {
  const auto tunnels = table();
  flow::Encapsulation around;
  while (around.count < flow::kMaxTunnelLayers) {
    flow::TunnelLayer one = layer(TunnelType::VxlanGpe, 6, ~0U);
    one.src.fill(0xFF);
    one.dst.fill(0xFF);
    around.layer[around.count++] = one;
  }
  const std::string text = text_of(tunnels->acquire(around, false), *tunnels);
  CHECK(text.size() < 4096);
  CHECK(text.back() == ']');
}

TEST_CASE("sink: a written record gives its reference back, when all outputs have it") {
  const auto tunnels = table();
  const support::TempFile eve;
  const support::TempFile csv;
  flow::FlowRecord record = udp_record();
  record.encapsulation = three_layers(*tunnels);
  auto sink =
      Sink::start({.outputs = {{.path = eve.path()}, {.path = csv.path(), .format = Format::Csv}},
                   .wait_when_full = true,
                   .encapsulations = tunnels.get()});
  REQUIRE(sink);
  (*sink)->make_producer()->hand_over({&record, 1});
  REQUIRE((*sink)->finish());
  CHECK(tunnels->layers_in_use() == 0);
  CHECK(content_of(eve.path()).find(R"("type":"mpls","id":29)") != std::string::npos);
}

TEST_CASE("sink: records dropped for want of room, or too late, give theirs back too") {
  const auto tunnels = table();
  HandoffShared shared;
  shared.encapsulations = tunnels.get();
  WorkerQueue queue(shared, 2);
  std::vector<flow::FlowRecord> records(5, udp_record());
  for (flow::FlowRecord& record : records)
    record.encapsulation = three_layers(*tunnels);
  queue.hand_over(records);
  CHECK(queue.dropped_full() == 3);
  shared.ended = true;
  for (flow::FlowRecord& record : records)
    record.encapsulation = three_layers(*tunnels);
  queue.hand_over(records);
  CHECK(queue.dropped_late() == 5);
  CHECK(tunnels->layers_in_use() == 3);  // the two that wait in the queue
  REQUIRE(queue.front().size() == 2);
  tunnels->release(queue.front());
  queue.drop_front(2);
  CHECK(tunnels->layers_in_use() == 0);
}

}  // namespace
}  // namespace pktana::sink
