// SPDX-License-Identifier: Apache-2.0
// Every conversation of the family's seeds is named, whole and in pieces, and none by accident.
#include <set>

#include "app/builtin.h"
#include "app_fixture.h"
#include "enterprise_seeds.h"
#include "support/catch.h"
#include "wire_text.h"

namespace pktana::app {
namespace {

const pktana_dissector& dissector_named(const Seed& seed) {
  const uint32_t on = seed.protocol == PKTANA_TCP ? PKTANA_ON_TCP : PKTANA_ON_UDP;
  for (const pktana_dissector* one : enterprise_dissectors())
    if (one->name == seed.dissector && (one->protocols & on) != 0) return *one;
  FAIL("no such dissector: " << seed.dissector);
  return *enterprise_dissectors().front();
}

/// A port of the dissector's own; one of nobody's if it has none.
uint16_t port_of(const Seed& seed) {
  const pktana_dissector& one = dissector_named(seed);
  const uint16_t* ports = seed.protocol == PKTANA_TCP ? one.tcp_ports : one.udp_ports;
  return ports == nullptr ? uint16_t{9999} : ports[0];
}

TalkOptions options_for(const Seed& seed, uint16_t port) {
  return {.protocol = seed.protocol, .server_port = port};
}

void say(Talk& talk, const Seed& seed, size_t piece) {
  for (const Said& said : seed.said) {
    const auto side = said.direction == PKTANA_TO_SERVER ? flow::kToServer : flow::kToClient;
    const auto bytes = Talk::bytes_of(said.bytes);
    const bool whole = seed.protocol == PKTANA_UDP || piece == 0;
    talk.in_pieces(side, bytes, whole ? bytes.size() : piece);
  }
  talk.end();
}

struct Heard {
  std::string app_proto;
  std::vector<std::string> events;
  friend bool operator==(const Heard&, const Heard&) = default;
};

Heard hear(const Seed& seed, uint16_t port, size_t piece) {
  Talk talk(options_for(seed, port));
  say(talk, seed, piece);
  return {talk.app_proto(), talk.events()};
}

/// Weak messages: without their port they need another protocol's help, or are not told apart.
bool needs_port(const Seed& seed) {
  static const std::set<std::string> kWeak = {"bfd", "ldp", "rsh"};
  return kWeak.contains(seed.dissector);
}

}  // namespace

TEST_CASE("enterprise: every dissector of the family has a conversation", "[enterprise]") {
  std::set<std::string> talked;
  for (const Seed& seed : enterprise_seeds())
    talked.insert(seed.dissector);
  for (const pktana_dissector* one : enterprise_dissectors())
    CHECK(talked.contains(one->name));
}

TEST_CASE("enterprise: conversations are named on their port", "[enterprise]") {
  for (const Seed& seed : enterprise_seeds()) {
    INFO(seed.dissector << " " << int{seed.protocol});
    CHECK(hear(seed, port_of(seed), 0).app_proto == seed.dissector);
  }
}

TEST_CASE("enterprise: conversations are named on a port of nobody's", "[enterprise]") {
  for (const Seed& seed : enterprise_seeds()) {
    if (needs_port(seed)) continue;
    INFO(seed.dissector << " " << int{seed.protocol});
    CHECK(hear(seed, 9999, 0).app_proto == seed.dissector);
  }
}

TEST_CASE("enterprise: weak messages elsewhere than on their port prove nothing", "[enterprise]") {
  for (const Seed& seed : enterprise_seeds()) {
    if (!needs_port(seed)) continue;
    INFO(seed.dissector);
    CHECK(hear(seed, 9999, 0).app_proto == "failed");
  }
}

TEST_CASE("enterprise: segments of any size give the same name and events", "[enterprise]") {
  for (const Seed& seed : enterprise_seeds()) {
    if (seed.protocol == PKTANA_UDP) continue;
    const Heard whole = hear(seed, port_of(seed), 0);
    for (const size_t piece : {40u, 13u, 7u}) {
      // A flow is given up when so many segments prove nothing.
      if (seed.said[0].bytes.size() / piece > 10) continue;
      INFO(seed.dissector << " in pieces of " << piece);
      CHECK(hear(seed, port_of(seed), piece) == whole);
    }
  }
}

TEST_CASE("enterprise: a conversation cut at any byte is named as the whole or not at all",
          "[enterprise]") {
  for (const Seed& seed : enterprise_seeds()) {
    for (size_t len = 1; len < seed.said[0].bytes.size(); ++len) {
      Seed cut = seed;
      cut.said.resize(1);
      cut.said[0].bytes.resize(len);
      const std::string name = hear(cut, port_of(seed), 0).app_proto;
      INFO(seed.dissector << " cut to " << len << ": " << name);
      REQUIRE((name == seed.dissector || name == "failed" || name.empty()));
    }
  }
}

TEST_CASE("enterprise: odd first messages are recognised on their port", "[enterprise]") {
  using namespace wire;
  const std::string name = utf16("sp_who");
  const std::string rpc =
      hex("03 09") + be16(8 + 2 + name.size()) + be16(0) + hex("01 00") + le16(6) + name;
  const std::string nop_and_list = zeros(24) + le16(0x63) + zeros(22);
  const std::vector<Seed> seeds = {
      {"tds", PKTANA_TCP, {{PKTANA_TO_SERVER, rpc}}},
      {"enip", PKTANA_TCP, {{PKTANA_TO_SERVER, nop_and_list}}},
      {"ethereum", PKTANA_TCP, {{PKTANA_TO_SERVER, be16(200) + hex("04") + std::string(199, 'e')}}},
      {"dropbox",
       PKTANA_UDP,
       {{PKTANA_TO_SERVER, R"({"version": [2, 0], "host_int": 1, "namespaces": []})"}}},
  };
  for (const Seed& seed : seeds) {
    INFO(seed.dissector);
    CHECK(hear(seed, port_of(seed), 0).app_proto == seed.dissector);
  }
}

TEST_CASE("enterprise: the side that came last may have said nothing", "[enterprise]") {
  for (const Seed& seed : enterprise_seeds()) {
    if (seed.protocol == PKTANA_UDP) continue;
    const std::string& bytes = seed.said[0].bytes;
    pktana_probe probe{.size = sizeof probe, .protocol = PKTANA_TCP, .hinted = 1};
    const uint8_t side = seed.said[0].direction;
    probe.direction = side == PKTANA_TO_SERVER ? PKTANA_TO_CLIENT : PKTANA_TO_SERVER;
    probe.first[side] = {Talk::bytes_of(bytes).data(), bytes.size()};
    INFO(seed.dissector);
    CHECK(dissector_named(seed).probe(&probe) != PKTANA_NO);
  }
}

}  // namespace pktana::app
