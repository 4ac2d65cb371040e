// SPDX-License-Identifier: Apache-2.0
// Fuzzes everything behind CaptureFile: any bytes must be read to an end or to one error, without
// touching memory that is not theirs, and in the same way however the bytes are portioned out.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "ring/capture_file.h"
#include "ring/pcap_reader.h"
#include "ring/pcapng_reader.h"
#include "ring/snoop_reader.h"
#include "ring/time_scale.h"
#include "support/memory_reader.h"

namespace {

using namespace pktana;

constexpr size_t kMaxBatches = 1000;  ///< a small file may decompress to a very large one

void require(bool condition) {
  if (!condition) std::abort();
}

/// All that a reader gave, boiled down to be compared.
struct Digest {
  uint64_t packets = 0;
  uint64_t hash = 0;
  std::string error;
  bool complete = true;

  void add(const ring::PacketRef& ref) {
    require(ref.wire_len >= ref.captured_len);
    require(ref.ts_ns >= -ring::kMaxTimeNs && ref.ts_ns <= ring::kMaxTimeNs);
    ++packets;
    mix(ref.captured_len);
    mix(ref.wire_len);
    mix(static_cast<uint64_t>(ref.ts_ns));
    mix(ref.link_type);
    for (uint32_t i = 0; i < ref.captured_len; ++i)
      mix(ref.data[i]);
  }
  void mix(uint64_t value) { hash = (hash ^ value) * 0x9e3779b97f4a7c15; }
  bool operator==(const Digest&) const = default;
};

Digest read_file(const std::vector<uint8_t>& content, size_t block_bytes, size_t chunk_bytes) {
  Digest digest;
  auto file = ring::CaptureFile::open(
      {.path = "fuzz", .block_bytes = block_bytes},
      std::make_unique<support::MemoryReader>(
          content, support::MemoryReader::Options{.chunk_bytes = chunk_bytes}));
  if (!file) {
    digest.error = to_string(file.error());
    return digest;
  }
  for (size_t batches = 0; batches < kMaxBatches; ++batches) {
    const auto batch = (*file)->next_batch();
    if (!batch) {
      digest.error = to_string(batch.error());
      const auto after = (*file)->next_batch();
      require(after && after->state == ring::Batch::State::End && after->packets.empty());
      return digest;
    }
    require(batch->packets.empty() == (batch->state == ring::Batch::State::End));
    for (const ring::PacketRef& ref : batch->packets)
      digest.add(ref);
    if (batch->state == ring::Batch::State::End) return digest;
  }
  digest.complete = false;
  return digest;
}

std::unique_ptr<ring::FormatReader> open_reader(base::Bytes bytes) {
  const auto open = [&](auto opener, size_t header_bytes) {
    auto reader = opener(bytes.first(header_bytes), ring::FileOrigin{});
    return reader ? std::move(*reader) : nullptr;
  };
  if (ring::PcapReader::recognises(bytes) && bytes.size() >= ring::PcapReader::kFileHeaderBytes) {
    return open(ring::PcapReader::open, ring::PcapReader::kFileHeaderBytes);
  }
  if (ring::PcapngReader::recognises(bytes) &&
      bytes.size() >= ring::PcapngReader::kFileHeaderBytes) {
    return open(ring::PcapngReader::open, ring::PcapngReader::kFileHeaderBytes);
  }
  if (ring::SnoopReader::recognises(bytes) && bytes.size() >= ring::SnoopReader::kFileHeaderBytes) {
    return open(ring::SnoopReader::open, ring::SnoopReader::kFileHeaderBytes);
  }
  return nullptr;
}

/// Scans memory of the exact size, where AddressSanitizer sees a read of one byte too many.
Digest scan_memory(base::Bytes bytes) {
  Digest digest;
  const auto reader = open_reader(bytes);
  if (!reader) return digest;
  const bool is_pcapng = ring::PcapngReader::recognises(bytes);
  const bool is_snoop = ring::SnoopReader::recognises(bytes);
  base::Bytes rest = bytes.subspan(is_pcapng  ? 0
                                   : is_snoop ? ring::SnoopReader::kFileHeaderBytes
                                              : ring::PcapReader::kFileHeaderBytes);
  std::array<ring::PacketRef, 3> refs;
  for (;;) {
    const auto scan = reader->scan(rest, refs);
    if (!scan) return digest;
    require(scan->consumed <= rest.size() && scan->packets <= refs.size());
    for (const ring::PacketRef& ref : std::span(refs).first(scan->packets))
      digest.add(ref);
    rest = rest.subspan(scan->consumed);
    if (scan->needed > 0) return digest;
    require(scan->consumed > 0);
  }
}

/// Damaged zstd blocks give more or less of their bytes, depending on how the input was portioned
/// out.
bool is_comparable(const Digest& digest) {
  return digest.complete && !digest.error.starts_with("unzstd");
}

}  // namespace

// NOLINTNEXTLINE: the name is libFuzzer's
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::vector<uint8_t> content(data, data + size);
  const Digest whole = read_file(content, ring::CaptureFile::kBlockBytes, SIZE_MAX);
  const Digest portioned = read_file(content, 64, 7);
  if (is_comparable(whole) && is_comparable(portioned)) require(whole == portioned);
  const Digest scanned = scan_memory({data, size});
  if (scanned.packets > 0 && whole.complete) {
    require(scanned.packets == whole.packets && scanned.hash == whole.hash);
  }
  return 0;
}
