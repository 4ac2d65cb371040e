// SPDX-License-Identifier: Apache-2.0
#include "cli/line_of.h"
#include "support/catch.h"

namespace pktana::cli {
namespace {

using namespace support;

constexpr uint16_t kArp = 0x0806;

TEST_CASE("frame line: ARP asks and answers") {
  const Octets request = hex("0001 0800 0604 0001 0200000000aa 0a000001 000000000000 0a000002");
  const Octets reply = hex("0001 0800 0604 0002 0200000000bb 0a000002 0200000000aa 0a000001");
  CHECK(line_of(ethernet(kArp, request)) ==
        "ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28");
  CHECK(line_of(ethernet(kArp, reply)) == "ARP, Reply 10.0.0.2 is-at 02:00:00:00:00:bb, length 28");
  CHECK(line_of(padded(ethernet(kArp, request))).ends_with("length 46"));
}

TEST_CASE("frame line: ARP of other hardware, other operations, and cut") {
  CHECK(line_of(ethernet(kArp, hex("0006 0800 0804 0001"))) == "ARP, Request, length 8");
  CHECK(line_of(ethernet(kArp, hex("0001 0800 0604 0009"))) == "ARP, operation 9, length 8");
}

TEST_CASE("frame line: ARP in a VLAN whose tag the kernel took out has the same length") {
  const Octets request = hex("0001 0800 0604 0001 0200000000aa 0a000001 000000000000 0a000002");
  const Octets frame = ethernet(kArp, request);
  ring::PacketRef ref = ref_to(frame, static_cast<uint32_t>(frame.size() + 4));
  ref.vlan_tpid = 0x8100;
  ref.vlan_tci = 5;
  CHECK(line_of(ref) == "vlan 5 ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28");
}

TEST_CASE("frame line: other frames by hardware address and type") {
  CHECK(line_of(ethernet(0x88CC, Octets(50))) ==
        "02:00:00:00:00:01 > 02:00:00:00:00:02, LLDP, length 50");
  CHECK(line_of(ethernet(0x1234, Octets(50))) ==
        "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype 0x1234, length 50");
  CHECK(line_of(ethernet(3, hex("424203"))) ==
        "02:00:00:00:00:01 > 02:00:00:00:00:02, STP, length 3");
}

TEST_CASE("frame line: link types without hardware addresses show none") {
  const Octets frame = hex("0f008035 0000");
  ring::PacketRef ref = ref_to(frame);
  ref.link_type = 104;
  CHECK(line_of(ref).find(" > ") == std::string::npos);
}

}  // namespace
}  // namespace pktana::cli
