// SPDX-License-Identifier: Apache-2.0
#include "flow/encapsulation_table.h"

#include <thread>
#include <vector>

#include "parse/tunnel.h"
#include "support/catch.h"
#include "support/flow_packets.h"

namespace pktana::flow {
namespace {

using parse::TunnelType;
using Table = EncapsulationTable;

std::unique_ptr<Table> table(uint32_t max_layers = 1000) {
  auto made = Table::create(support::test_secret(), max_layers);
  REQUIRE(made);
  return std::move(*made);
}

TunnelLayer layer(TunnelType type, uint32_t id, uint8_t src = 1, uint8_t dst = 2) {
  TunnelLayer made;
  made.type = static_cast<uint8_t>(type);
  made.ip_version = 4;
  made.id = id;
  made.src[3] = src;
  made.dst[3] = dst;
  return made;
}

Encapsulation list(const std::vector<TunnelLayer>& layers) {
  Encapsulation made;
  for (const TunnelLayer& one : layers)
    made.layer[made.count++] = one;
  return made;
}

const TunnelLayer kGre = layer(TunnelType::Gre, 7);
const TunnelLayer kVxlan = layer(TunnelType::Vxlan, 42, 3, 4);

TEST_CASE("encapsulations: what was put in comes out, outermost first") {
  const auto tunnels = table();
  const uint32_t number = tunnels->acquire(list({kGre, kVxlan}), false);
  Encapsulation read;
  tunnels->read(number, read);
  REQUIRE(read.count == 2);
  CHECK(read.layer[0] == kGre);
  CHECK(read.layer[1] == kVxlan);
  CHECK(type_name(read.layer[1]) == "vxlan");
}

TEST_CASE("encapsulations: the same list has the same number, another one another") {
  const auto tunnels = table();
  const uint32_t number = tunnels->acquire(list({kGre, kVxlan}), false);
  CHECK(tunnels->acquire(list({kGre, kVxlan}), false) == number);
  CHECK(tunnels->acquire(list({kVxlan, kGre}), false) != number);
  CHECK(tunnels->acquire(list({kVxlan}), false) != number);
  CHECK(tunnels->acquire(list({kGre, layer(TunnelType::Vxlan, 43, 3, 4)}), false) != number);
}

TEST_CASE("encapsulations: lists that begin alike share their layers") {
  const auto tunnels = table();
  const uint32_t outer = tunnels->acquire(list({kGre}), false);
  const uint32_t both = tunnels->acquire(list({kGre, kVxlan}), false);
  CHECK(tunnels->layers_in_use() == 2);
  tunnels->release(outer);
  Encapsulation read;
  tunnels->read(both, read);
  CHECK(read.layer[0] == kGre);
  tunnels->release(both);
  CHECK(tunnels->layers_in_use() == 0);
}

TEST_CASE("encapsulations: turned, the packet of the responder gives the initiator's list") {
  const auto tunnels = table();
  const uint32_t number = tunnels->acquire(list({layer(TunnelType::Gre, 7, 1, 2)}), false);
  CHECK(tunnels->acquire(list({layer(TunnelType::Gre, 7, 2, 1)}), true) == number);
}

TEST_CASE("encapsulations: a list goes with its last reference") {
  const auto tunnels = table();
  const uint32_t number = tunnels->acquire(list({kGre, kVxlan}), false);
  tunnels->add_reference(number);
  tunnels->release(number);
  CHECK(tunnels->layers_in_use() == 2);
  FlowRecord record;
  record.encapsulation = number;
  FlowRecord plain;
  tunnels->release(std::vector<FlowRecord>{plain, record, plain});
  CHECK(tunnels->layers_in_use() == 0);
}

TEST_CASE("encapsulations: nothing has the number 0, and no reference") {
  const auto tunnels = table();
  CHECK(tunnels->acquire({}, false) == Table::kNone);
  tunnels->add_reference(Table::kNone);
  tunnels->release(Table::kNone);
  Encapsulation read;
  tunnels->read(Table::kNone, read);
  CHECK(read.count == 0);
}

TEST_CASE("encapsulations: a full table refuses, counts and leaves nothing behind") {
  const auto tunnels = table(3);
  const uint32_t number = tunnels->acquire(list({kGre, kVxlan}), false);
  const TunnelLayer other = layer(TunnelType::Gtpu, 9);
  CHECK(tunnels->acquire(list({other, kGre}), false) == Table::kNoRoom);
  CHECK(tunnels->refused() == 1);
  CHECK(tunnels->layers_in_use() == 2);
  CHECK(tunnels->acquire(list({kGre, kVxlan}), false) == number);
  tunnels->release(Table::kNoRoom);
  CHECK(tunnels->acquire(list({other}), false) != Table::kNoRoom);
}

TEST_CASE("encapsulations: a million tunnels that come and go never fill the table") {
  const auto tunnels = table(64);
  std::vector<uint32_t> live;
  unsigned refused = 0;
  for (uint32_t teid = 0; teid < 1'000'000; ++teid) {
    live.push_back(tunnels->acquire(list({layer(TunnelType::Gtpu, teid)}), false));
    refused += live.back() == Table::kNoRoom;
    if (live.size() < 32) continue;
    for (const uint32_t number : live)
      tunnels->release(number);
    live.clear();
  }
  CHECK(refused == 0);
  CHECK(tunnels->layers_in_use() == 0);
}

TEST_CASE("encapsulations: several threads share one table") {
  const auto tunnels = table(4096);
  const auto work = [&](uint8_t salt) {
    for (uint32_t i = 0; i < 20'000; ++i) {
      const auto mine = list({kGre, layer(TunnelType::Vxlan, i % 64, salt)});
      const uint32_t number = tunnels->acquire(mine, false);
      tunnels->add_reference(number);
      tunnels->release(number);
      tunnels->release(number);
    }
  };
  std::thread other(work, uint8_t{1});
  work(uint8_t{2});
  other.join();
  CHECK(tunnels->layers_in_use() == 0);
  CHECK(tunnels->refused() == 0);
}

}  // namespace
}  // namespace pktana::flow
