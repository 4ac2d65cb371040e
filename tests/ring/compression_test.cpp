// SPDX-License-Identifier: Apache-2.0
#include "ring/compression.h"

#include "ring/read_all.h"
#include "support/capture_writer.h"
#include "support/catch.h"
#include "support/compress.h"

namespace pktana::ring {
namespace {

using support::gzip;
using support::Octets;
using support::PcapWriter;
using support::sample_octets;
using support::zstd;

using Packer = Octets (*)(const Octets&);

Octets joined(Octets first, const Octets& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Octets slice(const Octets& octets, size_t begin, size_t end) {
  return {octets.begin() + static_cast<ptrdiff_t>(begin),
          octets.begin() + static_cast<ptrdiff_t>(end)};
}

/// 3 MiB, poorly compressible; 3000 packets.
Octets large_file() {
  PcapWriter writer;
  uint32_t state = 1;
  for (uint32_t i = 0; i < 3000; ++i) {
    Octets data(1000);
    for (uint8_t& octet : data)
      octet = static_cast<uint8_t>((state = state * 1664525 + 1013904223) >> 27);
    writer.add(data, {.fraction = i});
  }
  return writer.octets();
}

void check_same_packets(const ReadOutcome& outcome, const ReadOutcome& expected) {
  CHECK(outcome.message() == expected.message());
  REQUIRE(outcome.packets.size() == expected.packets.size());
  for (size_t i = 0; i < outcome.packets.size(); ++i) {
    REQUIRE(outcome.packets[i].data == expected.packets[i].data);
    REQUIRE(outcome.packets[i].ref.ts_ns == expected.packets[i].ref.ts_ns);
  }
}

TEST_CASE("compression: gzip and zstd files give the packets of the plain file") {
  const Packer pack = GENERATE(Packer{gzip}, Packer{zstd});
  const size_t chunk_bytes = GENERATE(size_t{1}, size_t{1000}, SIZE_MAX);
  const Octets plain = large_file();
  check_same_packets(read_bytes(pack(plain), {.chunk_bytes = chunk_bytes}), read_bytes(plain));
}

TEST_CASE("compression: pcapng and snoop too") {
  const Packer pack = GENERATE(Packer{gzip}, Packer{zstd});
  const Octets pcapng =
      support::PcapngWriter().section().interface().enhanced(sample_octets(60)).octets();
  CHECK(read_bytes(pack(pcapng)).packets.size() == 1);
  CHECK(read_bytes(pack(support::SnoopWriter().add(sample_octets(60)).octets())).packets.size() ==
        1);
}

TEST_CASE("compression: several members or frames are read as one file, wherever they part") {
  const Packer pack = GENERATE(Packer{gzip}, Packer{zstd});
  const Octets plain = PcapWriter().add(sample_octets(60)).add(sample_octets(70)).octets();
  const ReadOutcome expected = read_bytes(plain);
  for (size_t part = 0; part <= plain.size(); ++part) {
    const Octets packed =
        joined(pack(slice(plain, 0, part)), pack(slice(plain, part, plain.size())));
    check_same_packets(read_bytes(packed), expected);
  }
}

TEST_CASE("compression: a skippable zstd frame in front is skipped") {
  const Octets skippable = {0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};
  const Octets plain = PcapWriter().add(sample_octets(60)).octets();
  CHECK(read_bytes(joined(skippable, zstd(plain))).packets.size() == 1);
}

TEST_CASE("compression: zeros behind gzip data are padding, anything else is an error at the end") {
  const Octets packed = gzip(PcapWriter().add(sample_octets(60)).octets());
  const ReadOutcome padded = read_bytes(joined(packed, Octets(1000)));
  CHECK(padded.packets.size() == 1);
  CHECK(padded.message().empty());
  const ReadOutcome followed = read_bytes(joined(packed, {'x', 'y'}));
  CHECK(followed.packets.size() == 1);
  CHECK(followed.message() ==
        "gunzip: test: compressed data is followed by something else at byte " +
            std::to_string(packed.size()) + " of the compressed file");
}

TEST_CASE("compression: cut at every byte, whole packets come first, then an error that says so") {
  const Packer pack = GENERATE(Packer{gzip}, Packer{zstd});
  const Octets packed = pack(PcapWriter().add(sample_octets(60)).add(sample_octets(70)).octets());
  for (size_t size = 4; size < packed.size(); ++size) {
    CAPTURE(size);
    const ReadOutcome outcome = read_bytes(slice(packed, 0, size));
    CHECK(outcome.packets.size() <= 2);
    CHECK(outcome.message().ends_with("compressed data cut short at byte " + std::to_string(size) +
                                      " of the compressed file"));
  }
}

TEST_CASE("compression: a long file cut in the middle gives most of its packets") {
  const Packer pack = GENERATE(Packer{gzip}, Packer{zstd});
  const Octets packed = pack(large_file());
  const ReadOutcome outcome = read_bytes(slice(packed, 0, packed.size() / 2));
  CHECK(outcome.packets.size() > 1000);
  CHECK(outcome.message().find("cut short at byte") != std::string::npos);
}

TEST_CASE(
    "compression: what zlib holds back when the output is full is given, even of a cut file") {
  const Octets cut = {
      0x1f, 0x8b, 8,    0,    0, 0,    0, 0,    0,    3,    0xbb, 0x72,
      0x78, 0xd3, 0x42, 0x26, 6, 0x1a, 1, 0x56, 0x0d, 0x0a, 0x55, 0x24};  // 8 empty packets
  CHECK(read_bytes(cut).packets.size() == 8);
  CHECK(read_bytes(cut, {.chunk_bytes = 7}, 64).packets.size() == 8);
}

TEST_CASE(
    "compression: damaged data ends in an error that names the place, after what came before") {
  const Packer pack = GENERATE(Packer{gzip}, Packer{zstd});
  const Octets plain = large_file();
  const Octets sound = pack(slice(plain, 0, plain.size() / 2));
  Octets damaged = pack(slice(plain, plain.size() / 2, plain.size()));
  damaged[pack == Packer{gzip} ? 10 : 4] =
      0xff;  // a type of block, flags of a frame that do not exist
  const ReadOutcome outcome = read_bytes(joined(sound, damaged));
  CHECK(outcome.packets.size() == 1499);
  CHECK(outcome.message().find("test: compressed data damaged (") != std::string::npos);
  CHECK(outcome.message().find(" of the compressed file") != std::string::npos);
}

TEST_CASE(
    "compression: what comes before a damaged zstd block is given, small as the file may be") {
  Octets packed = zstd(large_file());
  packed.resize(packed.size() - 5);
  packed.push_back(0xff);  // ends in the middle of the last block
  CHECK(read_bytes(packed).packets.size() > 2500);
  packed.resize(packed.size() + 4, 0xff);
  const ReadOutcome outcome = read_bytes(packed);
  CHECK(outcome.packets.size() > 2500);
  CHECK(outcome.error);
}

TEST_CASE("compression: a wrong checksum is an error after all packets") {
  Octets packed = gzip(PcapWriter().add(sample_octets(60)).octets());
  packed[packed.size() - 5] ^= 1;
  const ReadOutcome outcome = read_bytes(packed);
  CHECK(outcome.packets.size() == 1);
  CHECK(outcome.message().find("damaged (incorrect") != std::string::npos);
}

TEST_CASE("compression: a capture cut before it was compressed says so in decompressed bytes") {
  const Packer pack = GENERATE(Packer{gzip}, Packer{zstd});
  const Octets plain = PcapWriter().add(sample_octets(60)).octets();
  CHECK(read_bytes(pack(slice(plain, 0, 50)))
            .message()
            .find("cut short in record 1 at byte 24 of the decompressed data: 26 of 76 bytes") !=
        std::string::npos);
}

TEST_CASE("compression: nothing compressed is an empty file, twice compressed is refused") {
  CHECK(read_bytes(gzip({})).message() == "read capture file: test: empty (0 bytes)");
  CHECK(read_bytes(zstd(gzip({}))).message().find("with gzip") != std::string::npos);
  CHECK(read_bytes(gzip(zstd({}))).message().find("with zstd") != std::string::npos);
}

TEST_CASE("compression: a failing disk is reported as such") {
  const Packer pack = GENERATE(Packer{gzip}, Packer{zstd});
  const Octets packed = pack(large_file());
  const ReadOutcome outcome =
      read_bytes(slice(packed, 0, packed.size() / 2), {.error = base::errno_error(EIO, "read")});
  CHECK(outcome.packets.size() > 1000);
  CHECK(outcome.message() == "read: test: Input/output error");
}

TEST_CASE("compression: progress counts compressed bytes") {
  const Octets packed = gzip(large_file());
  auto file = CaptureFile::open({.path = "test"}, std::make_unique<support::MemoryReader>(packed));
  REQUIRE(file);
  CHECK((*file)->size_bytes() == packed.size());
  while ((*file)->next_batch()->state != Batch::State::End) {
    CHECK((*file)->position_bytes() <= packed.size());
  }
  CHECK((*file)->position_bytes() == packed.size());
}

}  // namespace
}  // namespace pktana::ring
