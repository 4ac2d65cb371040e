// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of fuzz_decode into a folder, one file each: write_decode_seeds FOLDER
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

namespace {

/// In hex: link type index, stripped tag, cut length, frame; fuzz_decode.cpp says more.
struct Seed {
  const char* name;
  const char* hex;
};

#define ETHERNET "00 00000000 0000 ffffffffffff 020000000001 "
#define TCP_SYN                                      \
  "c000 0050 00000001 00000000 a002 ffff 0000 0000 " \
  "020405b4 0402080a 0000000100000000 01030307 "
#define IPV4_TCP "4500003c 00004000 40060000 0a000001 0a000002 " TCP_SYN
#define UDP_DNS "d431 0035 0019 0000 1234 0100 0001 0000 0000 0000 0161 00 0001 0001 "

constexpr Seed kSeeds[] = {
    {"ethernet_ipv4_tcp", ETHERNET "0800 " IPV4_TCP},
    {"ethernet_qinq_ipv4_udp", ETHERNET "88a8 0064 8100 00c8 0800 4500002d 00000000 40110000 "
                                        "0a000001 0a000002 " UDP_DNS},
    {"ethernet_ipv6_hop_by_hop_udp",
     ETHERNET "86dd 60000000 0021 0040 20010db8000000000000000000000001 "
              "20010db8000000000000000000000002 "
              "11 00 050200000100 " UDP_DNS},
    {"ethernet_ipv6_fragment", ETHERNET "86dd 60000000 0010 2c40 20010db8000000000000000000000001 "
                                        "20010db8000000000000000000000002 "
                                        "3a 00 0001 00000007 8000 0000 0001 0001"},
    {"ethernet_ipv4_later_fragment", ETHERNET "0800 4500001c 12340010 40110000 0a000001 0a000002 "
                                              "6162636465666768"},
    {"ethernet_icmp_error",
     ETHERNET "0800 45000038 00000000 40010000 0a000001 0a000002 0303 0000 00000000 "
              "4500001c 00000000 40110000 0a000002 0a000001 0035 d431 0008 0000"},
    {"ethernet_arp",
     ETHERNET "0806 0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002"},
    {"ethernet_llc_stp",
     ETHERNET "0026 424203 0000 00 00 00 8000020000000001 00000000 8000020000000001 "
              "8001 0000 1400 0200 0f00"},
    {"ethernet_pppoe_ipv4", ETHERNET "8864 11 00 0001 003e 0021 " IPV4_TCP},
    {"ethernet_mpls_ipv4", ETHERNET "8847 00010140 " IPV4_TCP},
    {"ethernet_gre_ipv4",
     ETHERNET "0800 45000054 00000000 402f0000 c0000201 c0000202 2000 0800 00000005 " IPV4_TCP},
    {"ethernet_vxlan",
     ETHERNET "0800 4500006e 00000000 40110000 c0000201 c0000202 1234 12b5 005a 0000 "
              "08000000 00002a00 ffffffffffff 020000000002 0800 " IPV4_TCP},
    {"ethernet_gtpu",
     ETHERNET "0800 45000060 00000000 40110000 c0000201 c0000202 0868 0868 004c 0000 "
              "30ff003c 00000009 " IPV4_TCP},
    {"stripped_tag", "00 81000064 0000 ffffffffffff 020000000001 0800 " IPV4_TCP},
    {"cut_frame",
     "00 00000000 0400 ffffffffffff 020000000001 0800 45000400 00004000 40060000 0a000001 "
     "0a000002 " TCP_SYN},
    {"null_ipv4", "01 00000000 0000 02000000 " IPV4_TCP},
    {"ppp_ipv4", "02 00000000 0000 ff03 0021 " IPV4_TCP},
    {"raw_ipv4", "08 00000000 0000 " IPV4_TCP},
    {"cisco_hdlc_ipv4", "09 00000000 0000 0f00 0800 " IPV4_TCP},
    {"frame_relay_ipv4", "0a 00000000 0000 1841 03cc " IPV4_TCP},
    {"ieee80211_ipv4",
     "0b 00000000 0000 0801 0000 ffffffffffff 020000000001 020000000002 0000 "
     "aaaa03 000000 0800 " IPV4_TCP},
    {"linux_sll_ipv4", "0d 00000000 0000 0000 0001 0006 0200000000010000 0800 " IPV4_TCP},
    {"radiotap_ipv4",
     "0e 00000000 0000 00000800 00000000 0801 0000 ffffffffffff 020000000001 "
     "020000000002 0000 aaaa03 000000 0800 " IPV4_TCP},
    {"nflog_ipv4", "11 00000000 0000 02000000 0800 0100 08000000 4000 0900 " IPV4_TCP},
    {"linux_sll2_ipv4",
     "13 00000000 0000 0800 0000 00000002 0001 00 06 0200000000010000 " IPV4_TCP},
};

int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

std::string octets_of(std::string_view hex) {
  std::string octets;
  int high = -1;
  for (char c : hex) {
    if (c == ' ') continue;
    if (high < 0) {
      high = digit(c);
    } else {
      octets.push_back(static_cast<char>(high * 16 + digit(c)));
      high = -1;
    }
  }
  return octets;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: write_decode_seeds FOLDER\n", stderr);
    return 2;
  }
  for (const Seed& seed : kSeeds) {
    std::ofstream file(std::string(argv[1]) + "/" + seed.name, std::ios::binary);
    if (!(file << octets_of(seed.hex)).flush()) {
      std::fprintf(stderr, "cannot write to %s\n", argv[1]);
      return 1;
    }
  }
  return 0;
}
