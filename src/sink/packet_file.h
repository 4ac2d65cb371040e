// SPDX-License-Identifier: Apache-2.0
// Packets into capture files (-w): formatted into blocks on the caller's thread, written by a
// thread of its own, with rotation. The engine feeds it; it knows nothing of flows and filters.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "base/counter.h"
#include "base/result.h"
#include "sink/capture_output.h"
#include "sink/file_series.h"
#include "sink/packet_block_queue.h"
#include "sink/packet_encoder.h"
#include "sink/packet_file_options.h"
#include "sink/saved_packet.h"

namespace pktana::sink {

/// describe(), begin(), put() and on_idle() are for one thread; the rest for any.
class PacketFile {
 public:
  /// Opens the first file, if its name is known (with rotate_interval_ns in a run that is not live
  /// the first packet names it), and starts the thread. It has no header yet.
  [[nodiscard]] static base::Result<std::unique_ptr<PacketFile>> open(PacketFileOptions options);
  PacketFile(const PacketFile&) = delete;
  PacketFile& operator=(const PacketFile&) = delete;
  ~PacketFile();  ///< without finish(): what waits in blocks is lost, no empty file is left

  /// More is known of a source.
  void describe(SavedInterface interface) { encoder_.describe(std::move(interface)); }

  /// Writes the first header now rather than with the first packet, for packets of this link type:
  /// on a quiet link there is a file at once.
  void begin(uint16_t link_type, int64_t now_ns);

  /// Copies the packet. Never waits when live.
  void put(const SavedPacket& packet) noexcept;

  /// Nothing more is at hand: what waits in the block is handed on.
  void on_idle() noexcept;

  /// All files that were asked for are full (rotate_count with rotate_interval_ns): stop.
  [[nodiscard]] bool is_complete() const noexcept { return complete_.get() != 0; }
  /// Nothing can be written any more.
  [[nodiscard]] bool is_down() const noexcept { return output_.is_down() && !rotates_; }

  /// Writes what is left, ends the thread. A run without a packet leaves a file with a header.
  /// Returns the first error; a closed pipe is std::errc::broken_pipe. A second call returns the
  /// same again.
  base::Result<void> finish();

  [[nodiscard]] PacketFileTotals totals() const noexcept;

 private:
  PacketFile(PacketFileOptions options, std::unique_ptr<PacketBlockQueue> queue);

  void run() noexcept;
  void end_thread();
  void begin_first_file(uint16_t link_type, int64_t ts_ns);
  void begin_file(std::string name);
  [[nodiscard]] bool rotate(int64_t ts_ns);
  [[nodiscard]] PacketBlock* block_with_room(size_t bytes);
  void put_pending_header();
  void hand_on();
  void hand_on_if_wanted(int64_t ts_ns);

  PacketFileOptions options_;
  bool rotates_;
  std::unique_ptr<PacketBlockQueue> queue_;
  PacketEncoder encoder_;
  FileSeries series_;
  CaptureOutput output_;
  PacketBlock* block_ = nullptr;  ///< being filled
  int64_t block_ts_ns_ = 0;       ///< of its first packet
  bool begun_ = false;            ///< the first file has its header, at least in a block
  bool opened_ = false;           ///< the first file was opened by open()
  bool header_pending_ = false;   ///< the present file's header has found no block yet
  std::string pending_name_;      ///< of that file, if the writer must open it
  uint64_t file_bytes_ = 0;       ///< of the present file, what waits in blocks included
  bool finished_ = false;
  std::thread thread_;

  base::Counter offered_;
  base::Counter dropped_queue_full_;
  base::Counter over_limit_;
  base::Counter dropped_link_type_;
  base::Counter times_cut_;
  base::Counter complete_;
};

}  // namespace pktana::sink
