// SPDX-License-Identifier: Apache-2.0
// What a user can say of a capture file to be written (-w), and what became of its packets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sink/output_options.h"

namespace pktana::sink {

enum class FileFormat : uint8_t { Pcap, Pcapng };

struct PacketFileOptions {
  std::string path;  ///< "-" = standard output; with rotate_interval_ns a name for strftime(3)
  FileFormat format = FileFormat::Pcap;
  uint64_t rotate_bytes = 0;       ///< a file that has more ends before the next packet; 0 = never
  int64_t rotate_interval_ns = 0;  ///< of packet time; 0 = never
  unsigned rotate_count = 0;       ///< files at most; 0 = any number
  TimeZone time_zone = TimeZone::Utc;  ///< of times in names
  bool flush_each_packet = false;      ///< hand packets on as fast as the disk takes them
  bool live = false;                   ///< a full queue drops packets; otherwise it waits
  bool io_uring = true;
  size_t block_bytes = size_t{1} << 20;  ///< handed to the writing thread at once
  size_t blocks = 16;                    ///< of them, at least 2
};

/// offered = written + the drops + in_flight; after finish() nothing is in flight.
struct PacketFileTotals {
  uint64_t offered = 0;
  uint64_t written = 0;             ///< whole, in a file
  uint64_t dropped_queue_full = 0;  ///< live: the disk was slower than the packets
  uint64_t dropped_disk_full = 0;
  uint64_t dropped_file_down = 0;  ///< a closed pipe, an I/O error, a file that could not be made
  uint64_t dropped_link_type = 0;  ///< pcap: of another link type than the file's first packet
  uint64_t over_limit = 0;         ///< came when the last file of the series was full
  uint64_t in_flight = 0;
  uint64_t times_cut = 0;  ///< of those offered: the file could not hold their time exactly
  uint64_t files = 0;      ///< begun
  uint64_t bytes_written = 0;
};

}  // namespace pktana::sink
