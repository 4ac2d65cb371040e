// SPDX-License-Identifier: Apache-2.0
// What a user can say of one output.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

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

struct OutputOptions {
  static constexpr int kDefaultFlush = -1;

  /// "-" = standard output. A regular file is created with mode 0640 less the umask, or truncated
  /// when it is there, as users know it of tools; a pipe or device is written to as it is.
  std::string path = "-";
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
  bool color = false;                  ///< table
  bool wide = false;                   ///< table: columns of TCP beyond the hundredth
  TimeZone time_zone = TimeZone::Utc;  ///< table
};

}  // namespace pktana::sink
