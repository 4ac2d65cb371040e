// SPDX-License-Identifier: Apache-2.0
// Values as an expression or a set file writes them, read as the type of a field.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "filter/field.h"
#include "filter/number_set.h"

namespace pktana::filter {

/// A number, size, duration, time, port, flag or TCP flags; "a..b", "a.." and "..b" of all but the
/// last two. A time covers what it names: 2026-11-23 is all of that day.
/// @return an Error whose detail quotes the text and says what to write.
[[nodiscard]] base::Result<NumberRange> read_numbers(const Field& field, std::string_view text);

[[nodiscard]] base::Result<AddressRange> read_addresses(std::string_view text);

/// Index of a word; for `proto` a number is one too.
[[nodiscard]] base::Result<uint8_t> read_word(const Field& field, std::string_view text);

/// The text between the quotes, `\"` and `\\` read; a word as it is.
[[nodiscard]] std::string unquote(std::string_view token);

/// The same for a regular expression, whose backslashes are its own: only `\"` and `\'` are read.
[[nodiscard]] std::string unquote_regex(std::string_view token);

}  // namespace pktana::filter
