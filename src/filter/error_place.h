// SPDX-License-Identifier: Apache-2.0
// Where a packet filter is wrong. libpcap gives a message without a place; this finds the word, for
// a caret under it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pktana::filter {

/// Bytes of the expression at fault. An expression that breaks off has offset = its size, length 0.
struct ErrorPlace {
  size_t offset = 0;
  size_t length = 0;
};

/// Place of the error that compiling `expression` for `link_type` gave. Compiles a few prefixes
/// (the logarithm of the number of words). None: the expression compiles, or no single word is at
/// fault.
[[nodiscard]] std::optional<ErrorPlace> find_error_place(std::string_view expression,
                                                         uint16_t link_type);

/// The line of the expression that holds the place, indented by two, and below it a caret and
/// tildes:
///   "  tcp prot 80\n      ^~~~". Control characters are shown as '?', so that columns stay true.
[[nodiscard]] std::string draw_caret(std::string_view expression, const ErrorPlace& place);

}  // namespace pktana::filter
