// SPDX-License-Identifier: Apache-2.0
// Reads a capture file to its end and keeps copies of all it gave, for the tests of this folder.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ring/capture_file.h"
#include "support/memory_reader.h"

namespace pktana::ring {

struct ReadPacket {
  PacketRef ref;  ///< its `data` is not valid any more
  std::vector<uint8_t> data;
};

struct ReadOutcome {
  std::vector<ReadPacket> packets;
  std::optional<base::Error> error;  ///< from open() or next_batch()

  [[nodiscard]] std::string message() const { return error ? to_string(*error) : ""; }
};

/// Takes batches until the end. After an error it asks once more: that must be the end, or the
/// error is replaced.
inline ReadOutcome read_all(base::Result<std::unique_ptr<CaptureFile>> file) {
  ReadOutcome outcome;
  if (!file) {
    outcome.error = file.error();
    return outcome;
  }
  for (;;) {
    auto batch = (*file)->next_batch();
    if (!batch) {
      outcome.error = batch.error();
      auto after = (*file)->next_batch();
      if (!after || after->state != Batch::State::End || !after->packets.empty()) {
        outcome.error = base::input_error("read_all", "an error must be followed by the end");
      }
      return outcome;
    }
    for (const PacketRef& ref : batch->packets) {
      outcome.packets.push_back({ref, {ref.data, ref.data + ref.captured_len}});
    }
    if (batch->state == Batch::State::End) return outcome;
  }
}

inline ReadOutcome read_bytes(const std::vector<uint8_t>& content,
                              size_t block_bytes = CaptureFile::kBlockBytes) {
  return read_all(CaptureFile::open({.path = "test", .block_bytes = block_bytes},
                                    std::make_unique<support::MemoryReader>(content)));
}

inline ReadOutcome read_bytes(const std::vector<uint8_t>& content,
                              support::MemoryReader::Options options,
                              size_t block_bytes = CaptureFile::kBlockBytes) {
  return read_all(
      CaptureFile::open({.path = "test", .block_bytes = block_bytes},
                        std::make_unique<support::MemoryReader>(content, std::move(options))));
}

}  // namespace pktana::ring
