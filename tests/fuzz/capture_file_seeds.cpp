// SPDX-License-Identifier: Apache-2.0
#include "fuzz/capture_file_seeds.h"

#include "config.h"
#include "support/compress.h"

namespace pktana::fuzz {
namespace {

using support::PcapngWriter;
using support::PcapWriter;
using support::sample_octets;
using support::SnoopWriter;

template <typename Writer>
support::Octets with_packets(Writer writer) {
  return writer.add(sample_octets(60)).add({}).add(sample_octets(3), {.wire_len = 1500}).octets();
}

support::Octets pcapng_with_all_blocks(bool big_endian) {
  PcapngWriter writer;
  writer.section(big_endian, 1, {{1, sample_octets(5)}});
  writer.interface({.snap_length = 96, .options = {{2, sample_octets(4)}, {9, {9}}}});
  writer.interface({.link_type = 113, .options = {{9, {0x94}}, {14, writer.value_of(1000)}}});
  writer.enhanced(sample_octets(9),
                  {.interface = 1, .ticks = 5, .options = {{1, sample_octets(2)}}});
  writer.simple(sample_octets(5)).old_packet(sample_octets(6), {.ticks = 7, .wire_len = 5});
  for (const uint32_t type : {4U, 5U, 10U, 0xbadU})
    writer.block(type, sample_octets(8));
  return writer.section(!big_endian).interface().enhanced(sample_octets(2)).octets();
}

}  // namespace

std::vector<Seed> capture_file_seeds() {
  return {
    {"pcap-le-us", with_packets(PcapWriter())},
        {"pcap-be-us", with_packets(PcapWriter({.big_endian = true}))},
        {"pcap-le-ns", with_packets(PcapWriter({.nanoseconds = true}))},
        {"pcap-be-ns", with_packets(PcapWriter({.big_endian = true, .nanoseconds = true}))},
        {"pcap-modified", with_packets(PcapWriter({.modified = true}))},
        {"pcap-2.2", with_packets(PcapWriter({.minor = 2}))},
        {"pcap-2.3", with_packets(PcapWriter({.minor = 3}))},
        {"pcapng-le", pcapng_with_all_blocks(false)}, {"pcapng-be", pcapng_with_all_blocks(true)},
        {"snoop", with_packets(SnoopWriter())},
#if PKTANA_HAVE_ZLIB
        {"pcap-gzip", support::gzip(with_packets(PcapWriter()))},
        {"pcapng-gzip", support::gzip(pcapng_with_all_blocks(false))},
#endif
#if PKTANA_HAVE_ZSTD
        {"pcap-zstd", support::zstd(with_packets(PcapWriter()))},
        {"snoop-zstd", support::zstd(with_packets(SnoopWriter()))},
#endif
  };
}

}  // namespace pktana::fuzz
