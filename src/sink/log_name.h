// SPDX-License-Identifier: Apache-2.0
// Names of rotated log files: NAME-YYYYMMDDTHHMMSSZ-SEQUENCE.json beside NAME.json, and the same
// with .zst behind it once compressed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pktana::sink {

/// A log's path in its parts: directory "/var/log/pktana", stem "eve", extension ".json".
struct LogName {
  std::string directory;
  std::string stem;
  std::string extension;

  [[nodiscard]] static LogName of(const std::string& path);
  [[nodiscard]] std::string path() const { return directory + "/" + stem + extension; }
};

inline constexpr std::string_view kCompressedSuffix = ".zst";

/// One file that was rotated away.
struct RotatedLog {
  std::string name;  ///< within the directory
  uint64_t sequence = 0;
  bool compressed = false;
};

/// The name for a file whose end came at `time_ns`.
[[nodiscard]] std::string rotated_name(const LogName& log, int64_t time_ns, uint64_t sequence);

/// None: not one of this log's.
[[nodiscard]] std::optional<RotatedLog> parse_rotated(const LogName& log, std::string_view name);

/// Those in the log's directory, by sequence. A directory that can't be read has none.
[[nodiscard]] std::vector<RotatedLog> list_rotated(const LogName& log);

}  // namespace pktana::sink
