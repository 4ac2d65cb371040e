// SPDX-License-Identifier: Apache-2.0
#include "top/grid.h"

#include <algorithm>
#include <array>

#include "sink/escape.h"

namespace pktana::top {
namespace {

constexpr char32_t kUnknown = U'?';
constexpr char32_t kEllipsis = U'\u2026';

struct Range {
  char32_t first;
  char32_t last;
};

/// Letters of one column that need no font of their own, and what the renderer draws with.
constexpr Range kShown[] = {{0x20, 0x7E},     {0xA1, 0xAC},     {0xAE, 0x24F},    {0x37A, 0x37F},
                            {0x384, 0x386},   {0x388, 0x3FF},   {0x400, 0x482},   {0x48A, 0x52F},
                            {0x2026, 0x2026}, {0x2190, 0x2193}, {0x2500, 0x257F}, {0x2580, 0x2595}};

bool is_shown(char32_t glyph) noexcept {
  return std::any_of(std::begin(kShown), std::end(kShown), [glyph](const Range& range) {
    return glyph >= range.first && glyph <= range.last;
  });
}

/// For terminals that know no UTF-8.
char32_t in_ascii(char32_t glyph) noexcept {
  constexpr std::u32string_view kLevels = U".:-=+*#@";
  if (glyph < 0x80) return glyph;
  if (glyph == kEllipsis) return U'~';
  if (glyph == U'\u2500') return U'-';
  if (glyph == U'\u2502') return U'|';
  if (glyph >= 0x2581 && glyph <= 0x2588) return kLevels[glyph - 0x2581];
  return kUnknown;
}

/// Takes one code point off the text; kUnknown for a byte that begins none.
char32_t take_glyph(std::string_view& text) noexcept {
  const auto lead = static_cast<unsigned char>(text.front());
  const size_t length = lead < 0x80             ? 1
                        : (lead & 0xE0) == 0xC0 ? 2
                        : (lead & 0xF0) == 0xE0 ? 3
                        : (lead & 0xF8) == 0xF0 ? 4
                                                : 0;
  char32_t glyph = lead & (0xFFU >> (length == 1 ? 0 : length + 1));
  bool good = length > 0 && length <= text.size();
  for (size_t i = 1; good && i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    good = (byte & 0xC0) == 0x80;
    glyph = glyph << 6 | (byte & 0x3F);
  }
  text.remove_prefix(good ? length : 1);
  return good && is_shown(glyph) ? glyph : kUnknown;
}

std::u32string glyphs_of(std::string_view text) {
  std::u32string glyphs;
  while (!text.empty())
    glyphs += take_glyph(text);
  return glyphs;
}

std::u32string fit(std::u32string glyphs, size_t width, Align align) {
  if (glyphs.size() <= width) return glyphs;
  if (width == 0) return {};
  const size_t tail = align == Align::Ends ? (width - 1) * 2 / 3 : 0;
  return glyphs.substr(0, width - 1 - tail) + kEllipsis + glyphs.substr(glyphs.size() - tail);
}

constexpr std::array<std::string_view, 9> kSequences{"",   "2",  "1",    "7", "36",
                                                     "32", "33", "1;31", "7"};

}  // namespace

Grid::Grid(unsigned columns, unsigned rows, bool utf8)
    : columns_(columns), rows_(rows), utf8_(utf8), cells_(size_t{columns} * rows) {}

unsigned Grid::put(const Span& span, std::string_view text, Style style, Align align) {
  if (span.row >= rows_ || span.column >= columns_) return span.column;
  const size_t width = std::min(span.width, columns_ - span.column);
  const std::u32string glyphs = fit(glyphs_of(text), width, align);
  const auto indent = static_cast<unsigned>(align == Align::Right ? width - glyphs.size() : 0);
  Cell* cell = &cells_[size_t{span.row} * columns_ + span.column + indent];
  for (const char32_t glyph : glyphs)
    *cell++ = {.glyph = utf8_ ? glyph : in_ascii(glyph), .style = style};
  return span.column + indent + static_cast<unsigned>(glyphs.size());
}

void Grid::set_style(const Span& span, Style style) {
  if (span.row >= rows_) return;
  for (unsigned i = span.column; i < std::min(columns_, span.column + span.width); ++i)
    cells_[size_t{span.row} * columns_ + i].style = style;
}

std::string Grid::line(unsigned row, bool color) const {
  const Cell* begin = &cells_[size_t{row} * columns_];
  const Cell* end = begin + columns_;
  const auto is_blank = [color](const Cell& cell) {
    const bool bare = !color || cell.style != Style::Title;
    return cell.glyph == U' ' && bare && (!color || cell.style != Style::Selected);
  };
  while (end != begin && is_blank(end[-1]))
    --end;
  std::string out;
  Style style = Style::Plain;
  for (const Cell* cell = begin; cell != end; ++cell) {
    if (color && cell->style != style) {
      if (style != Style::Plain) out += "\x1b[0m";
      style = cell->style;
      if (style != Style::Plain)
        out.append("\x1b[").append(kSequences[static_cast<size_t>(style)]).append("m");
    }
    append_utf8(out, cell->glyph);
  }
  return style == Style::Plain ? out : out + "\x1b[0m";
}

std::string Grid::text(bool color) const {
  std::string out;
  size_t end = 0;
  for (unsigned row = 0; row < rows_; ++row) {
    const std::string one = line(row, color);
    out += one + "\n";
    if (!one.empty()) end = out.size();
  }
  out.resize(end);
  return out;
}

std::string escaped(std::string_view raw) {
  constexpr size_t kMaxBytes = 1024;
  constexpr size_t kMaxEscapeBytes = 6;
  raw = raw.substr(0, kMaxBytes);
  std::string out;
  // A quote ends nothing here: it stays as it is.
  while (!raw.empty()) {
    const size_t stretch = std::min(raw.find('"'), raw.size());
    const size_t before = out.size();
    out.resize(before + stretch * kMaxEscapeBytes);
    const char* end = sink::put_escaped(out.data() + before, raw.substr(0, stretch),
                                        sink::QuoteStyle::Json, stretch * kMaxEscapeBytes);
    out.resize(static_cast<size_t>(end - out.data()));
    if (stretch < raw.size()) out += '"';
    raw.remove_prefix(std::min(stretch + 1, raw.size()));
  }
  return out;
}

void append_utf8(std::string& out, char32_t glyph) {
  const auto add = [&out](char32_t byte) { out += static_cast<char>(byte); };
  if (glyph < 0x80) return add(glyph);
  if (glyph < 0x800) {
    add(0xC0 | glyph >> 6);
    return add(0x80 | (glyph & 0x3F));
  }
  if (glyph < 0x10000)
    add(0xE0 | glyph >> 12);
  else {
    add(0xF0 | glyph >> 18);
    add(0x80 | (glyph >> 12 & 0x3F));
  }
  add(0x80 | (glyph >> 6 & 0x3F));
  add(0x80 | (glyph & 0x3F));
}

}  // namespace pktana::top
