// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.h"

#include <algorithm>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

#include "sink/escape.h"

namespace pktana::cli {
namespace {

constexpr unsigned kUsualColumns = 80;
constexpr size_t kMaxMessageBytes = size_t{64} * 1024;
constexpr size_t kMaxEscapeBytes = 6;

std::string_view environment(const char* name) noexcept {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

bool is_dumb() noexcept {
  const std::string_view term = environment("TERM");
  return term.empty() || term == "dumb";
}

/// Appends `stretch`, which holds none of the bytes that a message keeps as they are.
void append_escaped(std::string_view stretch, std::string& out) {
  const size_t before = out.size();
  out.resize(before + stretch.size() * kMaxEscapeBytes);
  char* begin = out.data() + before;
  const char* end =
      sink::put_escaped(begin, stretch, sink::QuoteStyle::Json, stretch.size() * kMaxEscapeBytes);
  out.resize(before + static_cast<size_t>(end - begin));
}

}  // namespace

bool is_terminal(int fd) noexcept { return ::isatty(fd) == 1; }

bool use_color(ColorChoice choice, int fd) noexcept {
  if (choice != ColorChoice::Auto) return choice == ColorChoice::Always;
  if (!environment("NO_COLOR").empty()) return false;
  const std::string_view force = environment("CLICOLOR_FORCE");
  if (!force.empty() && force != "0") return true;
  return is_terminal(fd) && !is_dumb();
}

bool can_redraw(int fd) noexcept { return is_terminal(fd) && !is_dumb(); }

unsigned terminal_columns(int fd) noexcept {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualColumns;
  return size.ws_col;
}

std::string printable(std::string_view text) {
  // What would be escaped for a parser but harms no terminal; carets below a quoted filter must
  // stay in their columns.
  constexpr std::string_view kKept = "\n\"\\";
  text = text.substr(0, kMaxMessageBytes);
  std::string out;
  while (!text.empty()) {
    const size_t stretch = std::min(text.find_first_of(kKept), text.size());
    append_escaped(text.substr(0, stretch), out);
    text.remove_prefix(stretch);
    if (text.empty()) break;
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

}  // namespace pktana::cli
