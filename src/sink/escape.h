// SPDX-License-Identifier: Apache-2.0
// Escapes for text that comes from outside (names of interfaces, files and hosts; later whatever
// packets say), so that no byte of it can break a line, a parser or a terminal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pktana::sink {

/// Longest escaped name (interface, file, host) on a line; a longer one is cut between two escapes.
inline constexpr size_t kMaxNameBytes = size_t{8} * 1024;
/// The same of a sensor's name.
inline constexpr size_t kMaxHostBytes = 1024;

enum class QuoteStyle : uint8_t {
  Json,  ///< a quote becomes \"
  Csv,   ///< a quote becomes "" (RFC 4180)
};

/// Text from outside, made safe for a line, a terminal and a parser. Well-formed UTF-8 stays as it
/// is; a backslash is doubled; a quote follows `style`; and each byte that is an ASCII control,
/// DEL, part of a C1 control (U+0080..U+009F) or no part of well-formed UTF-8 (RFC 3629) becomes
/// the six characters \u00XX, XX being the byte in lower-case hex. Nothing else is ever written as
/// \u, so that undoing the escapes in the line gives the bytes back. This mapping never changes.
/// Stops before the escape or character that would take the output beyond `limit` bytes.
char* put_escaped(char* out, std::string_view text, QuoteStyle style, size_t limit) noexcept;

}  // namespace pktana::sink
