// SPDX-License-Identifier: Apache-2.0
// What a parser says of bytes that it can't use. A bad packet is data: counted, never logged, never an exception.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

namespace pktana::parse {

enum class ParseError : uint8_t {
  Truncated,    ///< the header was not all captured (or the frame ended inside it)
  Malformed,    ///< the header lies about itself
  Unsupported,  ///< a version or type that is not decoded here
};
inline constexpr unsigned kParseErrorCount = 3;

/// "truncated", "malformed", "unsupported".
[[nodiscard]] constexpr std::string_view to_string(ParseError error) noexcept {
  switch (error) {
    case ParseError::Truncated: return "truncated";
    case ParseError::Malformed: return "malformed";
    case ParseError::Unsupported: return "unsupported";
  }
  return "unknown";
}

template <typename T>
using Result = tl::expected<T, ParseError>;

using Unexpected = tl::unexpected<ParseError>;

}  // namespace pktana::parse
