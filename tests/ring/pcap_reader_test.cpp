// SPDX-License-Identifier: Apache-2.0
#include "ring/pcap_reader.h"

#include "base/clock.h"
#include "ring/read_all.h"
#include "support/capture_writer.h"
#include "support/catch.h"

namespace pktana::ring {
namespace {

using support::Octets;
using support::PcapWriter;
using support::sample_octets;

TEST_CASE("pcap: both byte orders with micro- and nanoseconds give the same packets") {
  const bool big_endian = GENERATE(false, true);
  const bool nanoseconds = GENERATE(false, true);
  PcapWriter writer({.big_endian = big_endian, .nanoseconds = nanoseconds, .link_type = 113});
  const Octets first = sample_octets(60, 1);
  const Octets second = sample_octets(1, 2);
  writer.add(first, {.seconds = 1700000000, .fraction = 123456, .wire_len = 1500});
  writer.add(second, {.seconds = 1700000001, .fraction = 999999});

  const ReadOutcome outcome = read_bytes(writer.octets());
  CHECK(outcome.message().empty());
  REQUIRE(outcome.packets.size() == 2);
  const PacketRef& ref = outcome.packets[0].ref;
  CHECK(ref.captured_len == 60);
  CHECK(ref.wire_len == 1500);
  CHECK(ref.link_type == 113);
  CHECK(ref.vlan_tpid == 0);
  CHECK(ref.ts_ns == 1700000000 * base::kNsPerSecond + 123456 * (nanoseconds ? 1 : 1000));
  CHECK(outcome.packets[0].data == first);
  CHECK(outcome.packets[1].data == second);
}

TEST_CASE("pcap: the modified variant has 24-byte record headers") {
  PcapWriter writer({.big_endian = GENERATE(false, true), .modified = true});
  writer.add(sample_octets(60)).add(sample_octets(70));
  const ReadOutcome outcome = read_bytes(writer.octets());
  CHECK(outcome.message().empty());
  REQUIRE(outcome.packets.size() == 2);
  CHECK(outcome.packets[1].data == sample_octets(70));
}

TEST_CASE("pcap: seconds are unsigned, so times beyond 2038 stay in the future") {
  PcapWriter writer;
  writer.add(sample_octets(10), {.seconds = 0xffffffff});
  const ReadOutcome outcome = read_bytes(writer.octets());
  REQUIRE(outcome.packets.size() == 1);
  CHECK(outcome.packets[0].ref.ts_ns == 4294967295 * base::kNsPerSecond);
}

TEST_CASE("pcap: a fraction of a second or more is carried over without overflow") {
  PcapWriter micro;
  micro.add(sample_octets(1), {.seconds = 10, .fraction = 2500000});
  micro.add(sample_octets(1), {.seconds = 0xffffffff, .fraction = 0xffffffff});
  const ReadOutcome outcome = read_bytes(micro.octets());
  REQUIRE(outcome.packets.size() == 2);
  CHECK(outcome.packets[0].ref.ts_ns == 12500000000);
  CHECK(outcome.packets[1].ref.ts_ns == 4294967295 * base::kNsPerSecond + 4294967295 * 1000);
}

TEST_CASE("pcap: a wire length below the captured length is raised to it") {
  PcapWriter writer;
  writer.add(sample_octets(60), {.wire_len = 40});
  const ReadOutcome outcome = read_bytes(writer.octets());
  REQUIRE(outcome.packets.size() == 1);
  CHECK(outcome.packets[0].ref.captured_len == 60);
  CHECK(outcome.packets[0].ref.wire_len == 60);
}

TEST_CASE(
    "pcap: before version 2.3 the wire length comes first, in 2.3 the smaller one is captured") {
  const Octets data = sample_octets(60);
  PcapWriter old({.minor = 2});
  old.add(data, {.captured_len = 100, .wire_len = 60});
  PcapWriter unsure({.minor = 3});
  unsure.add(data, {.captured_len = 100, .wire_len = 60});
  unsure.add(data, {.captured_len = 60, .wire_len = 100});
  for (const Octets& octets : {old.octets(), unsure.octets()}) {
    const ReadOutcome outcome = read_bytes(octets);
    CHECK(outcome.message().empty());
    REQUIRE_FALSE(outcome.packets.empty());
    for (const ReadPacket& packet : outcome.packets) {
      CHECK(packet.data == data);
      CHECK(packet.ref.wire_len == 100);
    }
  }
}

TEST_CASE("pcap: FCS bits above the link type are masked off and packets keep their FCS") {
  PcapWriter writer({.link_type = 0x24000000 | 1});
  writer.add(sample_octets(64));
  const ReadOutcome outcome = read_bytes(writer.octets());
  REQUIRE(outcome.packets.size() == 1);
  CHECK(outcome.packets[0].ref.link_type == 1);
  CHECK(outcome.packets[0].ref.captured_len == 64);
}

TEST_CASE("pcap: a packet above the snap length is believed up to 262144 bytes") {
  PcapWriter writer({.snap_length = 68});
  writer.add(sample_octets(262144));
  CHECK(read_bytes(writer.octets()).packets.size() == 1);
  writer.add(sample_octets(262145));
  const ReadOutcome outcome = read_bytes(writer.octets());
  CHECK(outcome.packets.size() == 1);
  CHECK(outcome.message() ==
        "read capture file: test: record 2 at byte 262184 claims 262145 captured bytes, the limit "
        "is 262144: the file is damaged from there on");
}

TEST_CASE("pcap: a larger snap length is believed, but not beyond 16 MiB") {
  PcapWriter large({.snap_length = 1 << 20});
  large.add(sample_octets(1 << 20));
  CHECK(read_bytes(large.octets()).packets.size() == 1);
  PcapWriter huge({.snap_length = 0xffffffff});
  huge.add(sample_octets(1000), {.captured_len = 16 << 20});
  CHECK(read_bytes(huge.octets()).message().find("the limit is 16777192") != std::string::npos);
}

TEST_CASE("pcap: whole records come before the error about a broken one") {
  PcapWriter writer;
  for (int i = 0; i < 300; ++i)
    writer.add(sample_octets(20));
  writer.add(sample_octets(20), {.captured_len = 0xffffffff});
  const ReadOutcome outcome = read_bytes(writer.octets());
  CHECK(outcome.packets.size() == 300);
  CHECK(outcome.message().find("record 301 at byte 10824 claims 4294967295") != std::string::npos);
}

TEST_CASE("pcap: a file header without packets is an end, not an error") {
  const ReadOutcome outcome = read_bytes(PcapWriter().octets());
  CHECK(outcome.packets.empty());
  CHECK(outcome.message().empty());
}

TEST_CASE("pcap: a packet of no bytes is a packet") {
  const ReadOutcome outcome =
      read_bytes(PcapWriter().add({}, {.wire_len = 60}).add(sample_octets(3)).octets());
  CHECK(outcome.message().empty());
  REQUIRE(outcome.packets.size() == 2);
  CHECK(outcome.packets[0].ref.captured_len == 0);
  CHECK(outcome.packets[0].ref.wire_len == 60);
}

TEST_CASE("pcap: versions other than 2.0 to 2.4 are refused by name") {
  CHECK(read_bytes(PcapWriter({.major = 1}).octets()).message() ==
        "read capture file: test: pcap version 1.4 is not known; 2.0 to 2.4 are");
  CHECK(read_bytes(PcapWriter({.minor = 5}).octets()).error);
}

}  // namespace
}  // namespace pktana::ring
