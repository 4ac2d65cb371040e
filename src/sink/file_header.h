// SPDX-License-Identifier: Apache-2.0
// The first line of a log file: says which file of which stream it is. At least 1 KiB long and
// never the same twice, so that shippers that know a file by its first KiB or its first line never
// mistake one for another.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sink/output_options.h"

namespace pktana::sink {

inline constexpr size_t kFileHeaderBytes = 1024;  ///< at least

struct FileHeader {
  int64_t time_ns = 0;       ///< when the file began
  std::string host = {};     ///< sensor name; empty = not written
  std::string boot_id = {};  ///< of the machine
  std::string stream = {};   ///< of this process and output: numbers of records count within it
  uint64_t file_sequence = 0;
  uint64_t first_seq = 0;  ///< number of the record that comes next in the stream
};

/// EVE: an event `file_header`. ECS, OCSF and Zeek: an object that carries the same in its member
/// `pktana`. Empty for CSV and tables, which have no place for it.
[[nodiscard]] std::string file_header_line(Format format, const FileHeader& header);

/// The file_sequence in the first line of a log; 0 = there is none.
[[nodiscard]] uint64_t file_sequence_of(std::string_view line) noexcept;

[[nodiscard]] std::string read_boot_id();    ///< "unknown" where the system doesn't say
[[nodiscard]] std::string make_stream_id();  ///< 16 hex digits at random

}  // namespace pktana::sink
