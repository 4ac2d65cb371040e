// SPDX-License-Identifier: Apache-2.0
// Small files of each format, cut at every byte: all whole records, then one error with the right
// place.
#include <algorithm>
#include <numeric>

#include "ring/pcap_reader.h"
#include "ring/pcapng_reader.h"
#include "ring/read_all.h"
#include "ring/snoop_reader.h"
#include "support/capture_writer.h"
#include "support/catch.h"

namespace pktana::ring {
namespace {

using support::Octets;
using support::sample_octets;

/// A file and where its records (pcapng: blocks) end; `packets` of them have been whole by then.
struct Sample {
  struct Record {
    size_t end;
    size_t packets;
  };
  std::string unit;
  size_t header_bytes;         ///< of the file
  size_t record_header_bytes;  ///< before which the record's length is not known
  std::vector<Record> records;
  Octets octets;
};

template <typename Writer>
Sample sample_of_records(size_t header_bytes, size_t record_header_bytes, Writer writer) {
  Sample sample{"record", header_bytes, record_header_bytes, {}, {}};
  for (const size_t size : {60, 0, 1, 33}) {
    writer.add(sample_octets(size));
    sample.records.push_back({writer.octets().size(), sample.records.size() + 1});
  }
  sample.octets = writer.octets();
  return sample;
}

Sample sample_of_blocks(bool big_endian) {
  support::PcapngWriter writer;
  Sample sample{"block", 28, 12, {}, {}};
  const auto note = [&](size_t packets) {
    sample.records.push_back({writer.octets().size(), packets});
  };
  writer.section(big_endian, 1, {{1, sample_octets(5)}}), note(0);
  writer.interface(), note(0);
  writer.enhanced(sample_octets(33), {.options = {{1, sample_octets(6)}}}), note(1);
  writer.simple(sample_octets(10)), note(2);
  writer.block(0xbad, sample_octets(8)), note(2);
  writer.old_packet(sample_octets(7), {}), note(3);
  sample.octets = writer.octets();
  return sample;
}

std::vector<Sample> all_samples() {
  using support::PcapWriter;
  return {sample_of_records(24, 16, PcapWriter()),
          sample_of_records(24, 16, PcapWriter({.big_endian = true, .nanoseconds = true})),
          sample_of_records(24, 24, PcapWriter({.modified = true})),
          sample_of_records(16, 24, support::SnoopWriter()),
          sample_of_blocks(false),
          sample_of_blocks(true)};
}

/// What must be said of the file when only its first `size` bytes are there.
std::string expected_message(const Sample& sample, size_t size) {
  if (size == 0) return "read capture file: test: empty (0 bytes)";
  const std::string start = "read capture file: test: cut short in ";
  if (size < sample.header_bytes) {
    return start + "the file header at byte 0: " + std::to_string(size) + " of " +
           std::to_string(sample.header_bytes) + " bytes are there";
  }
  size_t begin = sample.unit == "block" ? 0 : sample.header_bytes;
  for (size_t i = 0; i < sample.records.size(); ++i) {
    const size_t end = sample.records[i].end;
    if (size == begin) return "";
    if (size < end) {
      const bool in_header = size - begin < sample.record_header_bytes;
      return start + (in_header ? "the header of " : "") + sample.unit + " " +
             std::to_string(i + 1) + " at byte " + std::to_string(begin) + ": " +
             std::to_string(size - begin) + " of " +
             std::to_string(in_header ? sample.record_header_bytes : end - begin) +
             " bytes are there; the file was probably still being written or was copied "
             "incompletely";
    }
    begin = end;
  }
  return "";
}

size_t expected_packets(const Sample& sample, size_t size) {
  size_t packets = 0;
  for (const Sample::Record& record : sample.records) {
    if (record.end <= size) packets = record.packets;
  }
  return packets;
}

void check_every_cut(const Sample& sample, const support::MemoryReader::Options& reader,
                     size_t block_bytes) {
  const ReadOutcome whole = read_bytes(sample.octets);
  CHECK(whole.packets.size() == sample.records.back().packets);
  for (size_t size = 0; size <= sample.octets.size(); ++size) {
    CAPTURE(size);
    const Octets cut(sample.octets.begin(), sample.octets.begin() + static_cast<ptrdiff_t>(size));
    const ReadOutcome outcome = read_bytes(cut, reader, block_bytes);
    const std::string unrecognised = "read capture file: test: not a capture file";
    if (size > 0 && size < 8 && outcome.message().starts_with(unrecognised)) continue;
    CHECK(outcome.message() == expected_message(sample, size));
    REQUIRE(outcome.packets.size() == expected_packets(sample, size));
    for (size_t i = 0; i < outcome.packets.size(); ++i) {
      CHECK(outcome.packets[i].data == whole.packets[i].data);
    }
  }
}

TEST_CASE("cut file: at every byte, all whole records come, then one error that says where") {
  for (const Sample& sample : all_samples())
    check_every_cut(sample, {}, CaptureFile::kBlockBytes);
}

TEST_CASE("cut file: the same when the block is small and bytes come one at a time") {
  for (const Sample& sample : all_samples())
    check_every_cut(sample, {.chunk_bytes = 1}, 64);
}

/// Scans heap memory of the exact size, so that AddressSanitizer sees a read of one byte too many.
size_t count_in_exact_memory(FormatReader& reader, std::span<const uint8_t> rest) {
  std::array<PacketRef, 2> refs;
  size_t packets = 0;
  for (;;) {
    const Octets exact(rest.begin(), rest.end());
    const auto scan = reader.scan(exact, refs);
    REQUIRE(scan);
    for (const PacketRef& ref : std::span(refs).first(scan->packets)) {
      (void)std::accumulate(ref.data, ref.data + ref.captured_len, 0U);
    }
    packets += scan->packets;
    rest = rest.subspan(scan->consumed);
    if (scan->needed > 0) return packets;
    if (rest.empty()) return packets;
  }
}

TEST_CASE("cut file: no reader touches a byte behind the cut") {
  for (const Sample& sample : all_samples()) {
    for (size_t size = sample.header_bytes; size <= sample.octets.size(); ++size) {
      const std::span<const uint8_t> bytes = std::span(sample.octets).first(size);
      const base::Bytes header = bytes.first(sample.header_bytes);
      auto reader = PcapReader::recognises(bytes)     ? PcapReader::open(header, {})
                    : PcapngReader::recognises(bytes) ? PcapngReader::open(header, {})
                                                      : SnoopReader::open(header, {});
      REQUIRE(reader);
      const size_t begin = sample.unit == "block" ? 0 : sample.header_bytes;
      CHECK(count_in_exact_memory(**reader, bytes.subspan(begin)) ==
            expected_packets(sample, size));
    }
  }
}

}  // namespace
}  // namespace pktana::ring
