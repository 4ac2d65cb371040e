// SPDX-License-Identifier: Apache-2.0
// The programs that captures run in the kernel, in an interpreter: which worker gets a packet, and
// which direction is dropped.
#include <algorithm>
#include <map>
#include <vector>

#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "base/bytes.h"
#include "filter/kernel_machine.h"
#include "ring/address_spread.h"
#include "ring/capture_group.h"
#include "support/catch.h"

namespace {

using namespace pktana;
using Octets = std::vector<uint8_t>;

constexpr uint64_t kSecret = 0x0123456789abcdef;
constexpr sock_filter kTakeAll[] = {BPF_STMT(BPF_RET | BPF_K, 96)};

Octets ipv4(uint32_t src, uint32_t dst) {
  Octets header(20);
  base::store_be(header.data() + 12, src);
  base::store_be(header.data() + 16, dst);
  return header;
}

Octets ipv6(uint32_t src, uint32_t dst) {
  Octets header(40);
  base::store_be(header.data() + 8 + 8, src);
  base::store_be(header.data() + 24 + 8, dst);
  return header;
}

Octets behind(size_t bytes, const Octets& packet) {
  Octets longer(bytes + packet.size());
  std::copy(packet.begin(), packet.end(), longer.begin() + static_cast<ptrdiff_t>(bytes));
  return longer;
}

Octets behind_tag(uint16_t type, const Octets& packet) {
  Octets tagged = behind(4, packet);
  base::store_be<uint16_t>(tagged.data() + 2, type);
  return tagged;
}

uint32_t spread(const Octets& network, uint32_t protocol) {
  return tests::run_in_kernel(ring::address_pair_program(kSecret),
                              {.bytes = network, .protocol = protocol});
}

uint32_t spread_sent(const Octets& network, uint32_t protocol) {
  constexpr size_t kLink = 14;
  return tests::run_in_kernel(ring::address_pair_program(kSecret), {.bytes = behind(kLink, network),
                                                                    .packet_type = PACKET_OUTGOING,
                                                                    .protocol = protocol,
                                                                    .network_offset = kLink});
}

bool takes(ring::Outgoing outgoing, uint32_t packet_type, uint32_t hardware_type) {
  const Octets bytes(60);
  return tests::run_in_kernel(
             ring::with_direction(kTakeAll, outgoing),
             {.bytes = bytes, .packet_type = packet_type, .hardware_type = hardware_type}) == 96;
}

}  // namespace

TEST_CASE("spread program: both directions, tagged or not, sent or received, get one number") {
  for (uint32_t i = 0; i < 100; ++i) {
    const uint32_t a = 0xC6120000 + i, b = 0xC6130000 + i * 7919;
    const uint32_t number4 = spread(ipv4(a, b), ETH_P_IP);
    CHECK(spread(ipv4(b, a), ETH_P_IP) == number4);
    CHECK(spread(behind_tag(ETH_P_IP, ipv4(b, a)), ETH_P_8021Q) == number4);
    CHECK(spread_sent(ipv4(a, b), ETH_P_IP) == number4);
    const uint32_t number6 = spread(ipv6(a, b), ETH_P_IPV6);
    CHECK(spread(ipv6(b, a), ETH_P_IPV6) == number6);
    CHECK(spread(behind_tag(ETH_P_IPV6, ipv6(b, a)), ETH_P_8021AD) == number6);
    CHECK(spread_sent(behind_tag(ETH_P_IPV6, ipv6(a, b)), ETH_P_8021Q) == number6);
  }
}

TEST_CASE("spread program: address pairs are dealt out evenly") {
  constexpr uint32_t kPairs = 8000, kWorkers = 8;
  for (const bool v6 : {false, true}) {
    std::map<uint32_t, uint32_t> load;
    for (uint32_t i = 0; i < kPairs; ++i) {
      const uint32_t client = 0x0A000000 + i, server = 0xC6130001;
      ++load[(v6 ? spread(ipv6(client, server), ETH_P_IPV6)
                 : spread(ipv4(client, server), ETH_P_IP)) %
             kWorkers];
    }
    CHECK(load.size() == kWorkers);
    for (const auto& [worker, pairs] : load) {
      CHECK(pairs > kPairs / kWorkers * 8 / 10);
      CHECK(pairs < kPairs / kWorkers * 12 / 10);
    }
  }
}

TEST_CASE("spread program: packets without addresses go to the first worker") {
  CHECK(spread(Octets(28), ETH_P_ARP) == 0);
  CHECK(spread(Octets(10), ETH_P_IP) == 0);
  CHECK(spread(behind_tag(ETH_P_ARP, Octets(28)), ETH_P_8021Q) == 0);
}

TEST_CASE("direction program: drops what is sent, all of it or on loopback") {
  using ring::Outgoing;
  CHECK(takes(Outgoing::Keep, PACKET_OUTGOING, ARPHRD_LOOPBACK));
  CHECK(takes(Outgoing::DropOnLoopback, PACKET_OUTGOING, ARPHRD_ETHER));
  CHECK(takes(Outgoing::DropOnLoopback, PACKET_HOST, ARPHRD_LOOPBACK));
  CHECK_FALSE(takes(Outgoing::DropOnLoopback, PACKET_OUTGOING, ARPHRD_LOOPBACK));
  CHECK(takes(Outgoing::Drop, PACKET_OTHERHOST, ARPHRD_ETHER));
  CHECK_FALSE(takes(Outgoing::Drop, PACKET_OUTGOING, ARPHRD_ETHER));
}
