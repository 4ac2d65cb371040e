// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of fuzz_inspect into a folder, one file each: write_inspect_seeds FOLDER
// Those of the parse tests, and what parse leaves alone: options, chunks, quotes, TLVs.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>

#include "fuzz/decode_input.h"
#include "parse/sample_frames.h"

namespace {

using namespace pktana;
using parse::SampleFrame;
using support::hex;
using support::Octets;

Octets seed(const SampleFrame& sample) {
  const auto& types = fuzz::kDecodeLinkTypes;
  const auto index = std::find(types.begin(), types.end(), sample.link_type) - types.begin();
  Octets out{static_cast<uint8_t>(index)};
  support::put_u32(out, 0);
  support::put_u16(out, 0);
  support::put_octets(out, sample.bytes);
  return out;
}

Octets raw_ipv6(uint8_t protocol, const char* payload) {
  return support::ipv6({.next_header = protocol}, hex(payload));
}

Octets raw_ipv4(uint8_t protocol, const char* payload, const char* options = "") {
  return support::ipv4({.protocol = protocol, .options = hex(options)}, hex(payload));
}

std::vector<SampleFrame> own_frames() {
  const auto v4 = parse::LinkType::Ipv4;
  const auto v6 = parse::LinkType::Ipv6;
  const auto ethernet = parse::LinkType::Ethernet;
  const std::string address = "20010db8000000000000000000000001";
  return {
      {"ip_options", v4, raw_ipv4(17, "0001000200080000", "070b0800000000000000000001000000")},
      {"ip_timestamp", v4, raw_ipv4(1, "0800000000010002", "440c0501000000000000000094040000")},
      {"tcp_options", v4,
       raw_ipv4(6, "00010002000000030000000480120100000000000204abcd0303070005")},
      {"tcp_sack", v4,
       raw_ipv4(6, "00010002000000030000000480100100000000000101050a0000000100000002")},
      {"router_advertisement", v6,
       raw_ipv6(58, ("86000000400800000000000000000000030440c0000000010000000200000000" + address +
                     "010102000000000105010000000005dc190300000000003c" + address)
                        .c_str())},
      {"mld_report", v6, raw_ipv6(58, ("8f00000000000001040000 01" + address + address).c_str())},
      {"igmp_report", v4, raw_ipv4(2, "2200000000000001 01000001 e0000001 0a000001")},
      {"sctp_sack", v4,
       raw_ipv4(132,
                "00010002 00000003 00000000 03000018 00000001 00010000 0001 0001 0002 0003 "
                "00000009 00000004 000a0000")},
      {"icmp_quote", v4,
       raw_ipv4(1,
                "0b00000000000000 4500001c000000000111000000000000 0a000001 0a000002 "
                "0001000200080000")},
      {"lldp", ethernet,
       support::ethernet(0x88CC, hex("0207040200000000010403057031 06020078 0a046e616d65 "
                                     "0e0400140014 fe060080c2010001 0000"))},
      {"stp", ethernet,
       support::ethernet(38, hex("424203 0000 00 00 01 8000020000000001 00000004 8000020000000001 "
                                 "8001 0000 1400 0200 0f00"))},
      {"pppoe_tags", ethernet, support::ethernet(0x8863, hex("1109000000080101000001030000"))},
      {"arp_long", ethernet, support::ethernet(0x0806, hex("0001080014080001"))},
  };
}

bool write(const std::string& path, const Octets& octets) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(octets.data()),
             static_cast<std::streamsize>(octets.size()));
  return static_cast<bool>(file.flush());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: write_inspect_seeds FOLDER\n", stderr);
    return 2;
  }
  bool written = true;
  for (const auto& frames : {parse::sample_frames(), own_frames()})
    for (const SampleFrame& sample : frames)
      written = written && write(std::string(argv[1]) + "/" + sample.name, seed(sample));
  if (!written) std::fprintf(stderr, "cannot write to %s\n", argv[1]);
  return written ? 0 : 1;
}
