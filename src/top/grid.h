// SPDX-License-Identifier: Apache-2.0
// A screen as cells, each one column wide: what the renderer draws on, and what a terminal, a test
// or a text file is given. Nothing else reaches a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pktana::top {

enum class Style : uint8_t { Plain, Dim, Strong, Title, Accent, Good, Warning, Bad, Selected };

struct Cell {
  char32_t glyph = U' ';
  Style style = Style::Plain;
};

enum class Align : uint8_t {
  Left,
  Right,
  Ends,  ///< what is too long loses its middle, not its end
};

/// A place on the grid, one line high.
struct Span {
  unsigned row = 0;
  unsigned column = 0;
  unsigned width = 0;
};

class Grid {
 public:
  /// @param utf8  false: glyphs beyond ASCII become the nearest in it.
  Grid(unsigned columns, unsigned rows, bool utf8);

  [[nodiscard]] unsigned columns() const noexcept { return columns_; }
  [[nodiscard]] unsigned rows() const noexcept { return rows_; }
  [[nodiscard]] bool is_utf8() const noexcept { return utf8_; }
  [[nodiscard]] Cell at(unsigned row, unsigned column) const noexcept {
    return cells_[size_t{row} * columns_ + column];
  }

  /// Writes UTF-8 text within the span; what is too long is cut with an ellipsis, what is beyond
  /// the grid is left away. A cell never holds a control character or one that is not one column
  /// wide: '?' stands for these, and for what is no UTF-8.
  /// @return the column behind what was written.
  unsigned put(const Span& span, std::string_view text, Style style = Style::Plain,
               Align align = Align::Left);
  /// The style of all cells of the span.
  void set_style(const Span& span, Style style);

  /// The lines, without blanks at their ends and empty lines at the end. With colour each change
  /// of style is an SGR sequence.
  [[nodiscard]] std::string text(bool color) const;

 private:
  [[nodiscard]] std::string line(unsigned row, bool color) const;

  unsigned columns_;
  unsigned rows_;
  bool utf8_;
  std::vector<Cell> cells_;
};

/// Text of a packet or a user, made safe to show; well-formed UTF-8 stays.
[[nodiscard]] std::string escaped(std::string_view raw);

/// UTF-8 of a code point.
void append_utf8(std::string& out, char32_t glyph);

}  // namespace pktana::top
