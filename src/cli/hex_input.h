// SPDX-License-Identifier: Apache-2.0
// Frames typed or pasted as hex: plain digits, or dumps of tcpdump -x and -xx, xxd, hexdump -C and
// Wireshark, with their offsets and characters.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pktana::cli {

using Octets = std::vector<uint8_t>;

/// Without offsets all digits are one frame; blanks, ':', '-', ',', "0x" and "\x" may part them.
/// With offsets in front of the lines (lines without one are skipped), each offset 0 begins a
/// frame.
/// @return an Error that names the line and what is wrong in it.
[[nodiscard]] base::Result<std::vector<Octets>> parse_hex(std::string_view text);

/// Whether a text can be meant as hex for parse_hex(), not as a capture file: printable characters
/// only.
[[nodiscard]] bool looks_like_hex_text(std::string_view text) noexcept;

}  // namespace pktana::cli
