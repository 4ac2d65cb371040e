// SPDX-License-Identifier: Apache-2.0
// The terminal of `pktana top`: the one file that knows ncurses.
#define NCURSES_NOMACROS 1
#include <array>
#include <cstdio>
#include <utility>

#include <termios.h>
#include <unistd.h>

#include <curses.h>

#include "top/fetcher.h"
#include "top/front.h"
#include "top/keys.h"
#include "top/terminal_guard.h"

namespace pktana::top {
namespace {

constexpr const char* kOperation = "show a screen";
constexpr int kKeyWaitMs = 100;

/// What ends the screen mode, for a signal handler that can't ask ncurses.
std::string leave_sequences() {
  std::string all;
  for (const char* name : {"sgr0", "cnorm", "rmkx", "rmcup"}) {
    const char* sequence = ::tigetstr(const_cast<char*>(name));
    if (sequence != nullptr && sequence != reinterpret_cast<const char*>(-1)) all += sequence;
  }
  return all;
}

/// Colours by number of a pair; without colours what is red is bold, as what is strong.
constexpr std::array<std::pair<short, attr_t>, 9> kStyles{{{0, A_NORMAL},
                                                           {0, A_DIM},
                                                           {0, A_BOLD},
                                                           {0, A_REVERSE},
                                                           {1, A_NORMAL},
                                                           {2, A_NORMAL},
                                                           {3, A_NORMAL},
                                                           {4, A_BOLD},
                                                           {0, A_REVERSE}}};

/// ncurses from its begin to its end.
class Terminal {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<Terminal>> open(bool color,
                                                                    std::atomic<bool>& stop);
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    ::endwin();
    guard_.reset();
    ::delscreen(screen_);
  }

  [[nodiscard]] unsigned columns() const { return static_cast<unsigned>(getmaxx(stdscr)); }
  [[nodiscard]] unsigned rows() const { return static_cast<unsigned>(getmaxy(stdscr)); }
  void show(const Grid& grid) const;
  /// Waits for a key, or a change of size, for a short time.
  struct Pressed {
    std::optional<Key> key;
    bool resized = false;
    bool gone = false;  ///< the terminal is no longer there
  };
  [[nodiscard]] Pressed wait() const;

 private:
  Terminal(SCREEN* screen, bool color) : screen_(screen), color_(color) {}
  void put_run(const Grid& grid, unsigned row, unsigned begin, unsigned end) const;

  SCREEN* screen_;
  bool color_;
  std::unique_ptr<TerminalGuard> guard_;
};

base::Result<std::unique_ptr<Terminal>> Terminal::open(bool color, std::atomic<bool>& stop) {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1)
    return base::fail_input(kOperation, "this is no terminal: use --once");
  termios before{};
  if (::tcgetattr(STDOUT_FILENO, &before) != 0) return base::fail(errno, kOperation, "stdout");
  SCREEN* screen = ::newterm(nullptr, stdout, stdin);
  if (screen == nullptr)
    return base::fail_input(kOperation, "TERM names no terminal that is known here: use --once");
  ::set_term(screen);
  std::unique_ptr<Terminal> terminal(new Terminal(screen, color));
  ::cbreak();
  ::noecho();
  ::nonl();
  ::keypad(stdscr, TRUE);
  ::set_escdelay(25);
  ::wtimeout(stdscr, kKeyWaitMs);
  ::curs_set(0);
  terminal->color_ = color && ::has_colors() && ::start_color() == OK;
  if (terminal->color_) {
    const short background = ::use_default_colors() == OK ? -1 : COLOR_BLACK;
    constexpr short kColors[] = {COLOR_CYAN, COLOR_GREEN, COLOR_YELLOW, COLOR_RED};
    for (short i = 0; i < 4; ++i)
      ::init_pair(static_cast<short>(i + 1), kColors[i], background);
  }
  terminal->guard_ =
      std::make_unique<TerminalGuard>(stop, STDOUT_FILENO, leave_sequences(), before);
  return terminal;
}

void Terminal::put_run(const Grid& grid, unsigned row, unsigned begin, unsigned end) const {
  const auto& [pair, attributes] = kStyles[static_cast<size_t>(grid.at(row, begin).style)];
  std::wstring text;
  for (unsigned column = begin; column < end; ++column)
    text += static_cast<wchar_t>(grid.at(row, column).glyph);
  ::wattr_set(stdscr, attributes, color_ ? pair : short{0}, nullptr);
  ::mvwaddnwstr(stdscr, static_cast<int>(row), static_cast<int>(begin), text.c_str(),
                static_cast<int>(text.size()));
}

void Terminal::show(const Grid& grid) const {
  ::werase(stdscr);
  for (unsigned row = 0; row < grid.rows(); ++row)
    for (unsigned begin = 0; begin < grid.columns();) {
      unsigned end = begin + 1;
      while (end < grid.columns() && grid.at(row, end).style == grid.at(row, begin).style)
        ++end;
      put_run(grid, row, begin, end);
      begin = end;
    }
  ::wrefresh(stdscr);
}

std::optional<Key> key_of(wint_t code) {
  using Kind = Key::Kind;
  constexpr std::pair<int, Kind> kKeys[] = {
      {KEY_UP, Kind::Up},          {KEY_DOWN, Kind::Down},    {KEY_PPAGE, Kind::PageUp},
      {KEY_NPAGE, Kind::PageDown}, {KEY_HOME, Kind::Home},    {KEY_END, Kind::End},
      {KEY_ENTER, Kind::Enter},    {KEY_BTAB, Kind::BackTab}, {KEY_BACKSPACE, Kind::Backspace}};
  for (const auto& [key, kind] : kKeys)
    if (static_cast<int>(code) == key) return Key{.kind = kind};
  return std::nullopt;
}

Key character_key(wint_t character) {
  using Kind = Key::Kind;
  if (character == L'\r' || character == L'\n') return {.kind = Kind::Enter};
  if (character == 0x1B) return {.kind = Kind::Escape};
  if (character == 0x7F || character == 0x08) return {.kind = Kind::Backspace};
  if (character == L'\t') return {.kind = Kind::Tab};
  return {.kind = Kind::Character, .character = static_cast<char32_t>(character)};
}

Terminal::Pressed Terminal::wait() const {
  wint_t code = 0;
  errno = 0;
  const int got = ::wget_wch(stdscr, &code);
  if (got == KEY_CODE_YES && code == KEY_RESIZE) return {.key = {}, .resized = true};
  if (got == KEY_CODE_YES) return {.key = key_of(code)};
  if (got == OK) return {.key = character_key(code)};
  // No key in that time says ERR too.
  return {.key = {}, .gone = errno == EIO || ::isatty(STDIN_FILENO) != 1};
}

/// The loop's own: what is shown, and what was asked for.
class Front {
 public:
  Front(std::unique_ptr<Source> source, const FrontOptions& options)
      : look_(options.look), fetcher_(std::move(source), options.interval_ns) {
    state_.wanted = options.wanted;
    state_.page = options.page;
    ask();
  }

  /// @return false: the user wants to leave.
  [[nodiscard]] bool on_pressed(const Key& key) {
    const bool stays = on_key(key, state_, shown_, list_rows(look_, state_.page));
    if (!state_.paused) shown_ = model_;
    ask();
    return stays;
  }
  /// @return whether there was any.
  bool take_news() {
    auto news = fetcher_.take();
    if (!news) return false;
    state_.trouble = news->trouble;
    if (news->request.flow == state_.detailed && news->fields) {
      state_.has_ended = news->fields->empty();
      if (!state_.has_ended) state_.fields = std::move(news->fields);
    }
    const bool is_asked_for = news->request.wanted.where == state_.wanted.where;
    if (news->snapshot && is_asked_for) model_.update(std::move(*news->snapshot));
    if (!state_.paused) shown_ = model_;
    settle_cursor(state_, shown_);
    return true;
  }
  [[nodiscard]] Grid screen(unsigned columns, unsigned rows) {
    look_.columns = columns;
    look_.rows = rows;
    return draw(shown_, state_, look_);
  }

 private:
  void ask() { fetcher_.ask({.wanted = state_.wanted, .flow = state_.detailed}); }

  Look look_;
  State state_;
  Model model_;
  Model shown_;
  Fetcher fetcher_;
};

}  // namespace

base::Result<void> run_terminal(std::unique_ptr<Source> source, const FrontOptions& options,
                                std::atomic<bool>& stop) {
  FrontOptions own = options;
  own.look.utf8 = has_utf8_locale();
  own.look.title = source->title();
  auto terminal = Terminal::open(options.color, stop);
  if (!terminal) return base::Unexpected(terminal.error());
  Front front(std::move(source), own);
  bool changed = true;
  while (!stop) {
    if (front.take_news() || changed)
      (*terminal)->show(front.screen((*terminal)->columns(), (*terminal)->rows()));
    const Terminal::Pressed pressed = (*terminal)->wait();
    if (pressed.gone) break;
    changed = pressed.resized || pressed.key;
    if (pressed.key && !front.on_pressed(*pressed.key)) break;
  }
  // The terminal first: what the source has to end must not keep the user from the next command.
  terminal->reset();
  return {};
}

}  // namespace pktana::top
