// SPDX-License-Identifier: Apache-2.0
// What is known of the terminal: whether there is one, whether to use colours, and text made safe
// for it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pktana::cli {

enum class ColorChoice : uint8_t { Auto, Always, Never };

[[nodiscard]] bool is_terminal(int fd) noexcept;

/// --color first; then NO_COLOR (no-color.org), CLICOLOR_FORCE (bixense.com/clicolors), TERM=dumb,
/// and whether `fd` is a terminal.
[[nodiscard]] bool use_color(ColorChoice choice, int fd) noexcept;

/// A terminal whose line can be overwritten: for the progress bar.
[[nodiscard]] bool can_redraw(int fd) noexcept;

/// Columns of the terminal, 80 if it doesn't say.
[[nodiscard]] unsigned terminal_columns(int fd) noexcept;

/// `text` with every control character and every byte that is no UTF-8 as \u00XX; line ends are
/// kept. For messages: they quote names of files and words of users.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace pktana::cli
