// SPDX-License-Identifier: Apache-2.0
#include "inspect/dissect.h"

#include <string>

#include "inspect/tree_invariants.h"
#include "parse/ethertype.h"
#include "parse/sample_frames.h"
#include "support/catch.h"
#include "support/packet_builder.h"

namespace pktana::inspect {
namespace {

using support::Octets;

Tree tree_of(const Octets& frame, parse::LinkType type = parse::LinkType::Ethernet,
             uint32_t cut = 0) {
  const parse::Frame whole{.captured = frame,
                           .wire_len = static_cast<uint32_t>(frame.size() + cut),
                           .link_type = static_cast<uint16_t>(type)};
  Tree tree = dissect(whole);
  const char* const broken = broken_invariant(tree, frame.size());
  INFO((broken == nullptr ? "" : broken));
  CHECK(broken == nullptr);
  return tree;
}

std::string layers_of(const Tree& tree) {
  std::string names;
  for (const Node& node : tree.nodes)
    if (node.kind == NodeKind::Layer)
      names += (names.empty() ? "" : " ") + std::string(2U * (node.depth > 0), '>') +
               std::string(node.name);
  return names;
}

std::string codes_of(const Tree& tree) {
  std::string codes;
  for (const Finding& finding : tree.findings)
    codes +=
        (codes.empty() ? "" : " ") + std::string(finding.layer) + "." + std::string(finding.code);
  return codes;
}

/// The first field of that name in the first layer of that name.
Node field_of(const Tree& tree, std::string_view layer, std::string_view field) {
  bool inside = false;
  for (const Node& node : tree.nodes) {
    if (node.kind == NodeKind::Layer) inside = node.name == layer;
    if (inside && node.name == field) return node;
  }
  FAIL("no " << layer << "." << field);
  return {};
}

// No addresses that are findings by themselves.
constexpr support::Ipv4Fields kIpv4{.src = "10.0.0.1", .dst = "10.0.0.2"};

Octets ipv4_frame(support::Ipv4Fields fields, const Octets& payload) {
  fields.src = kIpv4.src;
  fields.dst = kIpv4.dst;
  return support::ethernet(parse::kEtherTypeIpv4, support::ipv4(fields, payload));
}

Octets tcp_frame(uint8_t flags, const Octets& options = {}) {
  return ipv4_frame({.protocol = 6}, support::tcp({.flags = flags, .options = options}, {}));
}

TEST_CASE("inspect: a frame is its layers, fields have places, values and meanings") {
  const Tree tree = tree_of(ipv4_frame({}, support::udp({}, support::text("hello"))));
  CHECK(layers_of(tree) == "ethernet ipv4 udp payload");
  CHECK(codes_of(tree).empty());
  const Node protocol = field_of(tree, "ipv4", "protocol");
  CHECK(protocol.offset == 23);
  CHECK(protocol.number == 17);
  CHECK(protocol.meaning == "UDP");
  CHECK(field_of(tree, "udp", "dst_port").meaning == "domain?");
  CHECK(tree.nodes.back().text == "hello");
}

TEST_CASE("inspect: a good checksum is good, a bad one says what it should be") {
  Octets frame = ipv4_frame({}, support::udp({}, support::text("hello")));
  CHECK(field_of(tree_of(frame), "ipv4", "checksum_status").text == "good");
  CHECK(field_of(tree_of(frame), "udp", "checksum_status").text == "good");
  const std::string right = field_of(tree_of(frame), "udp", "checksum").text;
  frame[40] ^= 0xFF;
  const Tree tree = tree_of(frame);
  CHECK(field_of(tree, "udp", "checksum_status").text == "bad");
  CHECK(field_of(tree, "udp", "checksum").meaning == "bad, calculated " + right);
  CHECK(codes_of(tree) == "udp.bad_checksum");
}

TEST_CASE("inspect: a checksum over the pseudo-header alone is left to the network card") {
  Octets frame = ipv4_frame({}, support::udp({}, support::text("hello")));
  Octets pseudo = support::joined(support::address_v4("10.0.0.1"), support::address_v4("10.0.0.2"));
  support::put_u16(pseudo, 17);
  support::put_u16(pseudo, 13);
  support::set_u16(frame, 40,
                   static_cast<uint16_t>(~support::folded_checksum(support::checksum_sum(pseudo))));
  CHECK(field_of(tree_of(frame), "udp", "checksum_status").text == "partial");
  CHECK(codes_of(tree_of(frame)) == "udp.partial_checksum");
}

TEST_CASE("inspect: a checksum of a cut packet is unverified") {
  Octets frame = ipv4_frame({}, support::udp({}, support::text("hello")));
  frame.resize(frame.size() - 2);
  const Tree tree = tree_of(frame, parse::LinkType::Ethernet, 2);
  CHECK(field_of(tree, "udp", "checksum_status").text == "unverified");
  CHECK(codes_of(tree) == "payload.cut");
}

TEST_CASE("inspect: odd TCP flags are named") {
  CHECK(codes_of(tree_of(tcp_frame(0x03))) == "tcp.syn_fin");
  CHECK(codes_of(tree_of(tcp_frame(0x00))) == "tcp.null_scan");
  CHECK(codes_of(tree_of(tcp_frame(0x29))).starts_with("tcp.xmas_scan"));
  CHECK(codes_of(tree_of(tcp_frame(0x06))) == "tcp.syn_rst");
  CHECK(codes_of(tree_of(tcp_frame(0x01))) == "tcp.fin_without_ack");
  CHECK(codes_of(tree_of(tcp_frame(0x02))).empty());
}

TEST_CASE("inspect: TCP options are one by one, a wrong length is said") {
  const Tree tree =
      tree_of(tcp_frame(0x02, support::hex("020405b4 0402 080a 00000001 00000000 01 030307")));
  CHECK(field_of(tree, "tcp", "value").number == 1460);
  CHECK(field_of(tree, "tcp", "shift").number == 7);
  CHECK(field_of(tree, "tcp", "sack_permitted").length == 2);
  CHECK(codes_of(tree_of(tcp_frame(0x02, support::hex("02030000")))) == "tcp.bad_option_length");
  CHECK(codes_of(tree_of(tcp_frame(0x02, support::hex("02ff0000")))) == "tcp.bad_option_length");
}

TEST_CASE("inspect: TTL 0, land attack and martian addresses are named") {
  const auto codes = [](const support::Ipv4Fields& fields) {
    return codes_of(tree_of(support::ethernet(
        parse::kEtherTypeIpv4, support::ipv4(fields, support::udp({}, support::text("x"))))));
  };
  CHECK(codes({.src = "10.0.0.1", .dst = "10.0.0.2", .ttl = 0}) == "ipv4.ttl_zero");
  CHECK(codes({.src = "10.0.0.1", .dst = "10.0.0.1"}) == "ipv4.land");
  CHECK(codes({.src = "224.0.0.1", .dst = "10.0.0.1"}) == "ipv4.martian_source");
  CHECK(codes({.src = "127.0.0.1", .dst = "10.0.0.1"}) == "ipv4.martian_loopback");
}

TEST_CASE("inspect: attacks by fragments are named") {
  const auto codes = [](uint16_t word, size_t payload) {
    return codes_of(tree_of(ipv4_frame({.protocol = 6, .fragment = word}, Octets(payload, 0))));
  };
  CHECK(codes(0x2000, 16).find("ipv4.tiny_fragment") != std::string::npos);
  CHECK(codes(0x2001, 16) == "ipv4.overlapping_fragment");
  CHECK(codes(0x1FFF, 64) == "ipv4.fragment_overflow");
  CHECK(codes(0x2010, 15) == "ipv4.fragment_length");
  CHECK(codes(0x2010, 16).empty());
}

TEST_CASE("inspect: lengths that lie are errors, what follows is payload") {
  CHECK(codes_of(tree_of(ipv4_frame({.total_len = 19}, Octets(8)))) == "ipv4.bad_total_length");
  CHECK(codes_of(tree_of(ipv4_frame({.protocol = 253, .total_len = 500}, Octets(8)))) ==
        "ipv4.bad_total_length");
  const Tree udp = tree_of(ipv4_frame({}, support::udp({.length = 200}, support::text("x"))));
  CHECK(codes_of(udp).find("udp.bad_length") != std::string::npos);
}

TEST_CASE("inspect: an ICMP error's packet is a tree of its own inside") {
  Octets icmp = support::hex("03 03 0000 00000000");
  support::put_octets(icmp, support::ipv4(kIpv4, support::udp({}, {})));
  support::set_u16(icmp, 2, support::folded_checksum(support::checksum_sum(icmp)));
  const Tree tree = tree_of(ipv4_frame({.protocol = 1}, icmp));
  CHECK(layers_of(tree) == "ethernet ipv4 icmp >>ipv4 >>udp");
  CHECK(field_of(tree, "icmp", "code").meaning == "port unreachable");
  CHECK(codes_of(tree).empty());
}

TEST_CASE("inspect: every sample frame cut at every byte gives a sound tree") {
  for (const parse::SampleFrame& sample : parse::sample_frames()) {
    INFO(sample.name);
    for (size_t size = 0; size <= sample.bytes.size(); ++size) {
      const Octets prefix(sample.bytes.begin(),
                          sample.bytes.begin() + static_cast<ptrdiff_t>(size));
      const Tree tree = dissect({.captured = prefix,
                                 .wire_len = static_cast<uint32_t>(sample.bytes.size()),
                                 .link_type = static_cast<uint16_t>(sample.link_type)});
      const char* const broken = broken_invariant(tree, size);
      INFO(size << ": " << (broken == nullptr ? "" : broken));
      if (broken != nullptr) FAIL("broken");
    }
  }
}

}  // namespace
}  // namespace pktana::inspect
