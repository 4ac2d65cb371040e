// SPDX-License-Identifier: Apache-2.0
#include "ring/pcapng_reader.h"

#include "base/clock.h"
#include "ring/read_all.h"
#include "support/capture_writer.h"
#include "support/catch.h"

namespace pktana::ring {
namespace {

using support::Octets;
using support::PcapngWriter;
using support::sample_octets;

constexpr uint64_t kTicks = 1700000000123456;
constexpr int64_t kTicksNs = 1700000000123456000;
constexpr uint16_t kTsResol = 9;
constexpr uint16_t kTsOffset = 14;

TEST_CASE("pcapng: the three kinds of packet blocks in either byte order") {
  PcapngWriter writer;
  writer.section(GENERATE(false, true)).interface({.link_type = 113});
  writer.enhanced(sample_octets(61), {.ticks = kTicks, .wire_len = 1500});
  writer.old_packet(sample_octets(62), {.ticks = kTicks + 1, .wire_len = 62});
  writer.simple(sample_octets(63));
  const ReadOutcome outcome = read_bytes(writer.octets());
  CHECK(outcome.message().empty());
  REQUIRE(outcome.packets.size() == 3);
  for (size_t i = 0; i < 3; ++i) {
    CHECK(outcome.packets[i].data == sample_octets(61 + i));
    CHECK(outcome.packets[i].ref.link_type == 113);
  }
  CHECK(outcome.packets[0].ref.wire_len == 1500);
  CHECK(outcome.packets[0].ref.ts_ns == kTicksNs);
  CHECK(outcome.packets[1].ref.ts_ns == kTicksNs + 1000);
}

TEST_CASE("pcapng: a packet without time gets that of the packet before it") {
  PcapngWriter writer;
  writer.section().interface().simple(sample_octets(1)).enhanced(sample_octets(2), {.ticks = 7});
  writer.simple(sample_octets(3));
  const ReadOutcome outcome = read_bytes(writer.octets());
  REQUIRE(outcome.packets.size() == 3);
  CHECK(outcome.packets[0].ref.ts_ns == 0);
  CHECK(outcome.packets[2].ref.ts_ns == 7000);
}

TEST_CASE("pcapng: each interface has its own link type and clock") {
  PcapngWriter writer;
  writer.section(GENERATE(false, true)).interface();
  writer.interface({.link_type = 101, .options = {{kTsResol, {9}}}});
  writer.interface({.link_type = 276, .options = {{2, sample_octets(5)}, {kTsResol, {0x80 | 20}}}});
  writer.interface({.options = {{kTsOffset, writer.value_of(1000)}}});
  writer.enhanced(sample_octets(4), {.interface = 1, .ticks = 5});
  writer.enhanced(sample_octets(4), {.interface = 2, .ticks = 3 << 19});
  writer.old_packet(sample_octets(4), {.interface = 3, .ticks = 5});
  writer.enhanced(sample_octets(4), {.interface = 0, .ticks = 5});
  const ReadOutcome outcome = read_bytes(writer.octets());
  CHECK(outcome.message().empty());
  REQUIRE(outcome.packets.size() == 4);
  CHECK(outcome.packets[0].ref.link_type == 101);
  CHECK(outcome.packets[0].ref.ts_ns == 5);
  CHECK(outcome.packets[1].ref.link_type == 276);
  CHECK(outcome.packets[1].ref.ts_ns == 1500000000);
  CHECK(outcome.packets[2].ref.ts_ns == 1000 * base::kNsPerSecond + 5000);
  CHECK(outcome.packets[3].ref.link_type == 1);
  CHECK(outcome.packets[3].ref.ts_ns == 5000);
}

TEST_CASE("pcapng: a new section forgets the interfaces and may change the byte order") {
  PcapngWriter writer;
  writer.section(false).interface({.link_type = 101}).enhanced(sample_octets(5));
  writer.section(true).interface({.link_type = 113}).enhanced(sample_octets(6));
  writer.section(false).enhanced(sample_octets(7));
  const ReadOutcome outcome = read_bytes(writer.octets());
  REQUIRE(outcome.packets.size() == 2);
  CHECK(outcome.packets[0].ref.link_type == 101);
  CHECK(outcome.packets[1].ref.link_type == 113);
  CHECK(outcome.packets[1].data == sample_octets(6));
  CHECK(outcome.message() ==
        "read capture file: test: block 8 at byte 204 is a packet of interface 0, but the section "
        "has described 0");
}

TEST_CASE("pcapng: names, statistics, secrets, custom and unknown blocks are skipped") {
  PcapngWriter writer;
  writer.section().block(4, sample_octets(8)).interface();
  for (const uint32_t type : {4U, 5U, 10U, 0xbadU, 0x40000badU, 0x80000001U, 0U, 9U}) {
    writer.block(type, sample_octets(16)).enhanced(sample_octets(20)).block(type, {});
  }
  const ReadOutcome outcome = read_bytes(writer.octets());
  CHECK(outcome.message().empty());
  CHECK(outcome.packets.size() == 8);
}

TEST_CASE("pcapng: options of packets are skipped") {
  PcapngWriter writer;
  writer.section(false, 1, {{1, sample_octets(9)}}).interface();
  writer.enhanced(sample_octets(21), {.options = {{1, sample_octets(7)}, {2, sample_octets(4)}}});
  writer.enhanced(sample_octets(22));
  const ReadOutcome outcome = read_bytes(writer.octets());
  CHECK(outcome.message().empty());
  REQUIRE(outcome.packets.size() == 2);
  CHECK(outcome.packets[0].data == sample_octets(21));
}

TEST_CASE("pcapng: the snap length cuts packets without a captured length of their own") {
  PcapngWriter writer;
  writer.section().interface({.snap_length = 10});
  writer.simple(sample_octets(10), 1500).simple(sample_octets(12), 1500).simple(sample_octets(7));
  const ReadOutcome outcome = read_bytes(writer.octets());
  REQUIRE(outcome.packets.size() == 3);
  CHECK(outcome.packets[0].data == sample_octets(10));
  CHECK(outcome.packets[1].data == sample_octets(10));
  CHECK(outcome.packets[2].data == sample_octets(7));
  CHECK(outcome.packets[0].ref.wire_len == 1500);
}

TEST_CASE("pcapng: a wire length below the captured length is raised to it") {
  PcapngWriter writer;
  writer.section().interface().enhanced(sample_octets(60), {.wire_len = 40});
  CHECK(read_bytes(writer.octets()).packets.at(0).ref.wire_len == 60);
}

TEST_CASE("pcapng: a section of an unknown version ends the reading with an error") {
  PcapngWriter writer;
  writer.section().interface().enhanced(sample_octets(60));
  writer.section(true, 2);
  const ReadOutcome outcome = read_bytes(writer.octets());
  CHECK(outcome.packets.size() == 1);
  CHECK(outcome.message().ends_with(
      "block 4 at byte 140 begins a section of version 2.0, which is not known; 1.0 is"));
  CHECK(read_bytes(PcapngWriter().section(false, 2).octets()).error);
}

/// The message for a sound section, interface and packet followed by `block`.
std::string message_for_block(uint32_t type, const Octets& body) {
  PcapngWriter writer;
  writer.section().interface().enhanced(sample_octets(4)).block(type, body);
  const ReadOutcome outcome = read_bytes(writer.octets());
  CHECK(outcome.packets.size() == 1);
  const std::string start = "read capture file: test: block 4 at byte 84 ";
  REQUIRE(outcome.message().starts_with(start));
  return outcome.message().substr(start.size());
}

TEST_CASE("pcapng: blocks too short for what they are") {
  CHECK(message_for_block(6, Octets(16)) == "is too short for a packet");
  CHECK(message_for_block(2, Octets(0)) == "is too short for a packet");
  CHECK(message_for_block(3, Octets(0)) == "is too short for a packet");
  CHECK(message_for_block(1, Octets(4)) == "is too short for an interface");
  CHECK(message_for_block(0x0a0d0d0a, {0x4d, 0x3c, 0x2b, 0x1a}) ==
        "is too short for a section header");
}

TEST_CASE("pcapng: an option that runs past its interface is broken") {
  CHECK(message_for_block(1, {1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1, 0}) ==
        "has an option that runs past its end");
}

TEST_CASE("pcapng: an option of an odd size is not believed") {
  PcapngWriter writer;
  writer.section().interface({.options = {{kTsResol, {9, 9}}, {kTsOffset, {1}}}});
  writer.enhanced(sample_octets(4), {.ticks = 1});
  CHECK(read_bytes(writer.octets()).packets.at(0).ref.ts_ns == 1000);
}

TEST_CASE("pcapng: a packet of an interface that nobody described is broken") {
  PcapngWriter writer;
  writer.section().interface().enhanced(sample_octets(4), {.interface = 1});
  CHECK(read_bytes(writer.octets())
            .message()
            .ends_with("is a packet of interface 1, but the section has described 1"));
}

TEST_CASE("pcapng: a captured length beyond the block is broken") {
  PcapngWriter writer;
  writer.section().interface().enhanced(sample_octets(8), {.captured_len = 9});
  CHECK(read_bytes(writer.octets())
            .message()
            .ends_with("claims 9 captured bytes, but has room for 8 only"));
}

TEST_CASE("pcapng: block lengths must be sane and the same at both ends") {
  Octets octets = PcapngWriter().section().interface().enhanced(sample_octets(8)).octets();
  const size_t at = octets.size() - 4;
  const auto message_with = [&](size_t offset, uint8_t value) {
    Octets damaged = octets;
    damaged[offset] = value;
    return read_bytes(damaged).message();
  };
  CHECK(message_with(at, 44).ends_with(
      "claims to be 40 bytes long, and at its end 44: the file is damaged there"));
  CHECK(message_with(48 + 4, 8).find("claims to be 8 bytes long") != std::string::npos);
  CHECK(message_with(48 + 4, 41).find("claims to be 41 bytes long") != std::string::npos);
  CHECK(message_with(48 + 7, 1).find("claims to be 16777256 bytes long") != std::string::npos);
  CHECK(message_with(8, 0).ends_with("begins a section, but has no byte order magic"));
}

TEST_CASE("pcapng: a block of 16 MiB is read, a larger one refused") {
  PcapngWriter writer;
  writer.section().interface().block(0xbad, Octets((16 << 20) - 12)).enhanced(sample_octets(5));
  const ReadOutcome largest = read_bytes(writer.octets());
  CHECK(largest.message().empty());
  CHECK(largest.packets.size() == 1);
  writer.block(0xbad, Octets((16 << 20) - 8));
  CHECK(read_bytes(writer.octets()).message().find("claims to be 16777220 bytes") !=
        std::string::npos);
}

TEST_CASE("pcapng: a packet larger than the block buffer") {
  PcapngWriter writer;
  writer.section().interface().enhanced(sample_octets(5)).enhanced(sample_octets(3000000));
  writer.enhanced(sample_octets(6));
  const ReadOutcome outcome = read_bytes(writer.octets());
  REQUIRE(outcome.packets.size() == 3);
  CHECK(outcome.packets[1].data == sample_octets(3000000));
  CHECK(outcome.packets[2].data == sample_octets(6));
}

TEST_CASE("pcapng: interfaces beyond the limit of a section are refused") {
  PcapngWriter writer;
  writer.section();
  for (size_t i = 0; i <= PcapngReader::kMaxInterfaces; ++i)
    writer.interface();
  CHECK(read_bytes(writer.octets())
            .message()
            .ends_with("describes one interface more than the limit of 65536"));
}

}  // namespace
}  // namespace pktana::ring
