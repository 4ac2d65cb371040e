// SPDX-License-Identifier: Apache-2.0
// What a user can say of one output.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sink/record_test.h"

namespace pktana::sink {

enum class Format : uint8_t { Eve, Table, Csv, Zeek, Ecs, Ocsf };

/// Whether the format has a place for updates of live flows; the others have one line a flow.
[[nodiscard]] constexpr bool tells_updates(Format format) noexcept {
  return format == Format::Eve || format == Format::Ecs || format == Format::Ocsf;
}

/// Whether the format has lines for application events; in the others the flow's line names the
/// protocol.
[[nodiscard]] constexpr bool tells_app_events(Format format) noexcept {
  return format == Format::Eve;
}

enum class TimeZone : uint8_t { Utc, Local };  ///< of the table; the other formats are in UTC

enum class OutputType : uint8_t {
  Plain,       ///< whatever `path` names, "-" = standard output
  LogFile,     ///< the daemon's: rotated, never emptied; `log` says how
  UnixSocket,  ///< `path` is a stream socket that somebody listens on
};

/// Of log files; 0 = never, no limit.
struct LogFileOptions {
  uint64_t rotate_bytes = 0;       ///< the next line would make the file larger
  int64_t rotate_interval_ns = 0;  ///< at multiples of it since 1970 UTC, if there are lines
  uint64_t keep_bytes = 0;         ///< of all files of this log together
  int64_t keep_age_ns = 0;         ///< since the last line
  uint64_t keep_free_bytes = 0;    ///< room that must stay free on the disk
  bool compress = false;           ///< zstd
  /// After the rotation: shippers are still reading till then.
  int64_t compress_after_ns = 60'000'000'000;
};

struct OutputOptions {
  static constexpr int kDefaultFlush = -1;

  /// Plain: "-" = standard output. A regular file is created with mode 0640 less the umask, or
  /// truncated when it is there, as users know it of tools; a pipe or device is written to as it
  /// is.
  std::string path = "-";
  OutputType type = OutputType::Plain;
  Format format = Format::Eve;
  bool flow_events = true;
  bool update_events = false;                     ///< updates of live flows; EVE, ECS, OCSF
  bool app_events = true;                         ///< EVE and ECS: what dissectors tell of flows
  std::vector<std::string> app_event_names = {};  ///< of these only; empty = all
  bool stats_events = true;  ///< EVE and ECS: the other formats have no lines for them
  bool scan_events = true;   ///< EVE only
  bool io_uring = true;      ///< regular files: false, or a system without it, means pwrite(2)
  bool sync = false;         ///< finish() waits until a regular file is on the disk (fdatasync)
  /// Longest time that a line waits in a buffer; 0 = written as soon as nothing more is at hand.
  /// By default 0 for live output to anything but a regular file, else 1000.
  int flush_ms = kDefaultFlush;
  /// Plain: writes on a thread of its own, so that this output can't hold up another; what it can't
  /// take in time waits in memory, then is dropped. Log files and sockets always do.
  bool own_thread = false;
  size_t memory_bytes = size_t{16} << 20;  ///< of an output with its own thread, in whole MiB
  LogFileOptions log = {};
  /// Flow expression; the engine makes `test` of it. Flow records that don't match are passed over.
  std::string where = {};
  std::shared_ptr<RecordTest> test = {};  ///< shared since options are copied; null = all
  bool color = false;                     ///< table
  bool wide = false;                      ///< table: columns of TCP beyond the hundredth
  bool narrow = false;       ///< table: 80 columns, without duration, milliseconds and state
  unsigned app_columns = 0;  ///< table: so wide are application and name; 0 = left out
  TimeZone time_zone = TimeZone::Utc;  ///< table
};

}  // namespace pktana::sink
