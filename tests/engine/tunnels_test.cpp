// SPDX-License-Identifier: Apache-2.0
// Tunnelled flows through a whole run: their records, and that nothing is left of them.
#include <string>

#include <simdjson.h>

#include "engine/run_lines.h"
#include "support/capture_writer.h"
#include "support/catch.h"
#include "support/packet_builder.h"
#include "support/temp_file.h"

using namespace pktana;
using namespace pktana::support;
using engine::flow_lines_of;
using engine::options_for;
using engine::run;

namespace {

Octets inner_udp() {
  return ipv4({.src = "172.16.0.1", .dst = "172.16.0.2"}, udp({.dst_port = 9999}, text("hello")));
}

/// One inner flow in the VXLAN network `vni`.
Octets vxlan_frame(uint32_t vni) {
  Octets header = hex("08000000");
  put_u32(header, vni << 8);
  return ethernet(0x0800,
                  ipv4({}, udp({.dst_port = 4789}, joined(header, ethernet(0x0800, inner_udp())))));
}

Octets deep_vlan_frame() {
  Octets inside = inner_udp();
  uint16_t type = 0x0800;
  for (uint16_t tag = 5; tag > 0; --tag) {
    inside = vlan(tag, type, inside);
    type = 0x8100;
  }
  return ethernet(type, inside);
}

PcapWriter networks(uint32_t count) {
  PcapWriter capture;
  for (uint32_t vni = 0; vni < count; ++vni)
    capture.add(vxlan_frame(vni), {.seconds = 1700000000 + vni / 10, .fraction = 0});
  return capture;
}

}  // namespace

TEST_CASE("tunnels: every network is a flow of its own, and its record says which") {
  const TempFile capture(networks(3).octets());
  const TempFile output;
  const engine::RunReport report = run({capture.path()}, options_for(output.path()));
  const auto flows = flow_lines_of(output.path());
  REQUIRE(flows.size() == 3);
  simdjson::dom::parser parser;
  uint64_t sum = 0;
  for (const std::string& line : flows) {
    const simdjson::dom::element tunnel = parser.parse(line).at_pointer("/pktana/tunnel/0");
    CHECK(std::string_view(tunnel["type"]) == "vxlan");
    CHECK(std::string_view(tunnel["src_ip"]) == "192.0.2.1");
    sum += uint64_t(tunnel["id"]);
  }
  CHECK(sum == 0 + 1 + 2);
  CHECK(report.ledger.tunnel_layers == 0);
}

TEST_CASE("tunnels: thousands of them leave nothing in the table, written or not") {
  const TempFile capture(networks(5000).octets());
  const TempFile output;
  CHECK(run({capture.path()}, options_for(output.path())).ledger.tunnel_layers == 0);
  const engine::RunReport bare = run({capture.path()}, options_for(""));
  CHECK(bare.ledger.flows.records == 5000);
  CHECK(bare.ledger.tunnel_layers == 0);
  CHECK(bare.ledger.tunnels_refused == 0);
}

TEST_CASE("tunnels: flows folded into a scan leave nothing in the table either") {
  PcapWriter capture;
  for (uint16_t port = 1; port <= 500; ++port) {
    const Octets syn = ipv4({.src = "172.16.0.1", .dst = "172.16.0.2", .protocol = 6},
                            tcp({.dst_port = port, .flags = 0x02}, {}));
    capture.add(ethernet(0x0800, ipv4({.protocol = 47}, joined(hex("00000800"), syn))));
  }
  const TempFile file(capture.octets());
  const TempFile output;
  engine::RunOptions options = options_for(output.path());
  options.sink.scans = sink::ScanStageOptions{.fold = true};
  const engine::RunReport report = run({file.path()}, options);
  CHECK(report.ledger.sink.written < 100);
  CHECK(report.ledger.tunnel_layers == 0);
}

TEST_CASE("tunnels: left out of the key, all networks are one flow") {
  const TempFile capture(networks(3).octets());
  const TempFile output;
  engine::RunOptions options = options_for(output.path());
  options.key.tunnel = false;
  CHECK(run({capture.path()}, options).ledger.flows.flows_created == 1);
}

TEST_CASE("tunnels: the fourth and fifth VLAN tag are layers of the record") {
  PcapWriter capture;
  capture.add(deep_vlan_frame());
  const TempFile file(capture.octets());
  const TempFile output;
  run({file.path()}, options_for(output.path()));
  const auto flows = flow_lines_of(output.path());
  REQUIRE(flows.size() == 1);
  CHECK(flows[0].find(R"("vlan":[1,2,3])") != std::string::npos);
  CHECK(flows[0].find(R"("tunnel":[{"type":"vlan","id":4},{"type":"vlan","id":5}])") !=
        std::string::npos);
}
