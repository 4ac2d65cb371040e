// SPDX-License-Identifier: Apache-2.0
// The two ways that a screen of `pktana top` reaches the user: a terminal, again and again
// (ncurses), or once as text.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "top/screen.h"
#include "top/source.h"

namespace pktana::top {

struct FrontOptions {
  int64_t interval_ns = 0;
  Wanted wanted = {};
  Page page = Page::Flows;
  bool color = false;
  Look look = {};  ///< once: the screen's size; the terminal has its own
  bool json = false;
};

/// Shows and obeys until the user leaves or `stop` is set. The terminal is then as it was; also
/// after a signal that ends the process.
/// @return an Error where there is no terminal that can be drawn on, or no ncurses.
[[nodiscard]] base::Result<void> run_terminal(std::unique_ptr<Source> source,
                                              const FrontOptions& options, std::atomic<bool>& stop);

/// Looks twice, an interval apart, and gives the screen, or with `json` the numbers, as text. When
/// `stop` is set it looks the second time at once.
[[nodiscard]] base::Result<std::string> show_once(Source& source, const FrontOptions& options,
                                                  const std::atomic<bool>& stop);

/// Whether this process's locale (LC_CTYPE) is one of UTF-8. Sets it.
[[nodiscard]] bool has_utf8_locale();

}  // namespace pktana::top
