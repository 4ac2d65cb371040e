// SPDX-License-Identifier: Apache-2.0
// Rows of values and how each format writes them; for query_output.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "filter/field.h"
#include "query/accumulator.h"

namespace pktana::cli {

struct Cell {
  enum class Kind : uint8_t { Nothing, Number, Text };  ///< Number: also true and false

  Kind kind = Kind::Nothing;
  std::string text;
};
using Cells = std::vector<Cell>;

/// ns as seconds, without trailing zeros.
[[nodiscard]] std::string seconds_text(query::Wide ns);
[[nodiscard]] std::string wide_text(query::Wide number);
/// "2026-11-23T08:15:00Z", with a fraction if there is one.
[[nodiscard]] std::string time_text(int64_t ns);

/// What a log line or a key says of the field: numbers as numbers, durations (given in ns) in
/// seconds, the rest as text.
[[nodiscard]] Cell cell_of(const filter::Field& field, std::string_view text);

[[nodiscard]] std::string json_row(const std::vector<std::string>& names, const Cells& cells);
/// RFC 4180, with a plain line end.
[[nodiscard]] std::string csv_row(const Cells& cells);
/// Columns at least so wide; numbers to the right. Control characters are made visible.
[[nodiscard]] std::string table_row(const Cells& cells, const std::vector<size_t>& widths);

[[nodiscard]] Cells header_cells(const std::vector<std::string>& names);

}  // namespace pktana::cli
