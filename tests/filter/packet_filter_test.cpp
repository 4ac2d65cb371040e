// SPDX-License-Identifier: Apache-2.0
#include "filter/packet_filter.h"

#include <algorithm>
#include <string>

#include "filter/error_place.h"
#include "filter/filter_frames.h"
#include "filter/filter_set.h"
#include "support/catch.h"

namespace {

using namespace pktana;
using filter::PacketFilter;

constexpr uint16_t kEthernet = 1, kRaw = 101, kRadiotap = 127;

filter::Frame wire(const tests::WireFrame& f) {
  return {.captured = f.wire, .wire_len = static_cast<uint32_t>(f.wire.size())};
}

filter::Frame live(const tests::WireFrame& f) {
  return {.captured = f.live,
          .wire_len = static_cast<uint32_t>(f.wire.size()),
          .vlan_tpid = f.vlan_tpid,
          .vlan_tci = f.vlan_tci};
}

std::vector<std::string> matching(const std::string& expression) {
  const auto compiled = PacketFilter::compile(expression, kEthernet);
  REQUIRE(compiled);
  std::vector<std::string> names;
  for (const auto& frame : tests::filter_frames())
    if (compiled->matches(wire(frame))) names.push_back(frame.name);
  return names;
}

std::string error_of(const std::string& expression) {
  const auto compiled = PacketFilter::compile(expression, kEthernet);
  REQUIRE_FALSE(compiled);
  CHECK(compiled.error().operation == "packet filter");
  return compiled.error().detail;
}

}  // namespace

TEST_CASE("packet filter: a port filter takes the packets of that port, untagged ones only") {
  CHECK(matching("udp port 53") ==
        std::vector<std::string>{"bare udp 53", "bare udp 53 long", "bare udp6 53"});
}

TEST_CASE("packet filter: vlan words look at the tags from the outside in") {
  CHECK(matching("vlan 5 and vlan 7 and arp") == std::vector<std::string>{"5/7 arp", "ad 5/7 arp"});
  CHECK(matching("vlan 7 and vlan 5 and arp") == std::vector<std::string>{"7/5 arp"});
}

TEST_CASE("packet filter: an empty expression takes everything") {
  CHECK(matching("").size() == tests::filter_frames().size());
}

TEST_CASE("packet filter: a tag that was taken out is seen as if it were in the bytes") {
  for (const std::string& expression : tests::filter_expressions()) {
    const auto compiled = PacketFilter::compile(expression, kEthernet);
    REQUIRE(compiled);
    for (const auto& frame : tests::filter_frames()) {
      INFO(expression << " on " << frame.name);
      CHECK(compiled->matches(live(frame)) == compiled->matches(wire(frame)));
    }
  }
}

TEST_CASE("packet filter: a cut frame is rejected when the filter looks beyond the cut") {
  const auto compiled = PacketFilter::compile("udp port 53", kEthernet);
  const auto frames = tests::filter_frames();
  const auto frame = std::find_if(frames.begin(), frames.end(),
                                  [](const auto& f) { return f.name == "bare udp 53"; });
  REQUIRE(frame != frames.end());
  const base::Bytes bytes(frame->wire);
  CHECK(compiled->matches({.captured = bytes.first(38), .wire_len = 62}));
  CHECK_FALSE(compiled->matches({.captured = bytes.first(37), .wire_len = 62}));
}

TEST_CASE("packet filter: a syntax error is shown with a caret under the word") {
  CHECK(error_of("tcp prot 80") == "syntax error\n  tcp prot 80\n      ^~~~");
  CHECK(error_of("tcp and (udp port)") ==
        "syntax error\n  tcp and (udp port)\n                   ^");
  CHECK(error_of("tcp and") == "syntax error\n  tcp and\n         ^");
  CHECK(error_of("port 53 and host 10.0.0.1 ) or tcp") ==
        "syntax error\n  port 53 and host 10.0.0.1 ) or tcp\n                            ^");
}

TEST_CASE("packet filter: an unknown name is shown with a caret under it") {
  CHECK(error_of("udp port nosuchport and tcp") ==
        "unknown port 'nosuchport'\n  udp port nosuchport and tcp\n           ^~~~~~~~~~");
  CHECK(error_of("tcp or port 99999") ==
        "illegal port number 99999 > 65535\n  tcp or port 99999\n              ^~~~~");
}

TEST_CASE("packet filter: the place of an error is found in a long expression") {
  std::string expression = "tcp";
  for (int i = 0; i < 150; ++i)
    expression += " or port " + std::to_string(i + 1);
  const size_t offset = expression.size() + 4;
  const auto place = filter::find_error_place(expression + " or prot 9 or udp", kEthernet);
  REQUIRE(place);
  CHECK(place->offset == offset);
  CHECK(place->length == 4);
}

TEST_CASE("packet filter: in an expression of several lines the caret is under the right one") {
  CHECK(filter::draw_caret("tcp or\n\tprot 9\nor udp", {8, 4}) == "  ?prot 9\n   ^~~~");
}

TEST_CASE("packet filter: a direction can't be asked of bytes") {
  CHECK(error_of("inbound").find("'inbound' and 'outbound'") == 0);
  CHECK(error_of("tcp and outbound").find("'inbound' and 'outbound'") == 0);
}

TEST_CASE("packet filter: oversized and zero-byte expressions are refused") {
  CHECK(error_of(std::string(filter::kMaxExpressionBytes + 1, ' ')) == "longer than 16384 bytes");
  CHECK(error_of(std::string("tcp\0udp", 7)) == "holds a zero byte");
}

TEST_CASE("packet filter: the program returns the snap length") {
  const auto compiled = PacketFilter::compile("tcp", kEthernet, 96);
  REQUIRE(compiled);
  const auto program = compiled->program();
  CHECK(std::any_of(program.begin(), program.end(), [](const sock_filter& insn) {
    return insn.code == (BPF_RET | BPF_K) && insn.k == 96;
  }));
}

TEST_CASE("filter set: one expression serves several link types") {
  auto set = filter::FilterSet::create("udp port 53");
  REQUIRE(set);
  for (const auto& frame : tests::filter_frames()) {
    if (frame.name != "bare udp 53") continue;
    CHECK(set->matches(kEthernet, wire(frame)));
    const base::Bytes ip = base::Bytes(frame.wire).subspan(14);
    CHECK(set->matches(kRaw, {.captured = ip, .wire_len = static_cast<uint32_t>(ip.size())}));
    CHECK_FALSE(set->matches(kRaw, wire(frame)));
    CHECK(set->matches(kEthernet, wire(frame)));
  }
  CHECK_FALSE(set->error());
}

TEST_CASE("filter set: what a link type doesn't have matches nothing there") {
  auto set = filter::FilterSet::create("arp");
  REQUIRE(set);
  const std::vector<uint8_t> ip(40, 0x45);
  CHECK_FALSE(set->matches(kRaw, {.captured = ip, .wire_len = 40}));
  CHECK_FALSE(set->error());
}

TEST_CASE("filter set: an expression that is impossible for a link type says so once") {
  auto set = filter::FilterSet::create("vlan 5");
  REQUIRE(set);
  const std::vector<uint8_t> ip(40, 0x45);
  CHECK_FALSE(set->matches(kRaw, {.captured = ip, .wire_len = 40}));
  REQUIRE(set->error());
  CHECK(set->error()->detail.find("impossible for Raw IP packets: ") == 0);
}

TEST_CASE("filter set: an expression for 802.11 is good although Ethernet has no such thing") {
  auto set = filter::FilterSet::create("wlan type mgt subtype beacon");
  REQUIRE(set);
  std::vector<uint8_t> beacon{0, 0, 8, 0, 0, 0, 0, 0, 0x80, 0};
  beacon.resize(40, 0);
  CHECK(set->matches(kRadiotap, {.captured = beacon, .wire_len = 40}));
}

TEST_CASE("filter set: an expression that nothing can match, or that is wrong, is refused") {
  const auto contradiction = filter::FilterSet::create("tcp and udp");
  REQUIRE_FALSE(contradiction);
  CHECK(contradiction.error().detail == "no packet can match: tcp and udp");
  const auto wrong = filter::FilterSet::create("tcp prot 80");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().detail.find("^~~~") != std::string::npos);
}
