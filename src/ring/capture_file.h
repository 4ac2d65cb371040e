// SPDX-License-Identifier: Apache-2.0
// Packets of a capture file: pcap, pcapng or snoop, plain or compressed with gzip or zstd, from a
// file, a pipe or standard input, recognised by what is in it. Read 1 MiB at a time; packets point
// into the block, nothing is copied. Decodes no headers and writes no files.
#pragma once

#include <array>
#include <memory>
#include <string>

#include "base/counter.h"
#include "ring/block_buffer.h"
#include "ring/format_reader.h"
#include "ring/packet_source.h"

namespace pktana::ring {

/// Memory: the block and, in compressed files, the decompressor. A record of up to kMaxRecordBytes
/// makes the block grow to twice its size at most.
class CaptureFile final : public PacketSource {
 public:
  static constexpr size_t kBlockBytes = size_t{1} << 20;
  static constexpr size_t kMaxBatch = 256;

  struct Options {
    std::string path;                         ///< "-" = standard input
    uint16_t source_id = 0;                   ///< of every packet, without a listener
    InterfaceListener* interfaces = nullptr;  ///< must outlive the file
    size_t block_bytes = kBlockBytes;  ///< read at once, at least 64; small ones are for tests
  };

  /// Opens the file and reads its header; waits for it if it's a pipe.
  [[nodiscard]] static base::Result<std::unique_ptr<CaptureFile>> open(const Options& options);

  /// The same for bytes that are not in a file; `options.path` is what messages call them.
  [[nodiscard]] static base::Result<std::unique_ptr<CaptureFile>> open(
      const Options& options, std::unique_ptr<ByteReader> bytes);

  /// Up to kMaxBatch packets. Broken files: see PacketSource.
  [[nodiscard]] base::Result<Batch> next_batch() override;

  /// How far reading has come, for progress: bytes taken from the file (compressed ones, if it is
  /// compressed), a block ahead of the packets. Any thread.
  [[nodiscard]] uint64_t position_bytes() const noexcept { return position_bytes_.get(); }

  /// What position_bytes() is at the end. None: a pipe, unknown. Any thread.
  [[nodiscard]] std::optional<uint64_t> size_bytes() const noexcept { return size_bytes_; }

 private:
  CaptureFile(const Options& options, BlockBuffer buffer, std::unique_ptr<FormatReader> format);

  [[nodiscard]] base::Unexpected finish_with(base::Error error);

  std::string name_;
  BlockBuffer buffer_;
  std::unique_ptr<FormatReader> format_;
  bool finished_ = false;
  base::Counter position_bytes_;
  std::optional<uint64_t> size_bytes_;
  std::array<PacketRef, kMaxBatch> refs_;
};

}  // namespace pktana::ring
