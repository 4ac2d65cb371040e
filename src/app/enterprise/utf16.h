// SPDX-License-Identifier: Apache-2.0
// Little-endian UTF-16, as Windows' protocols have it, to UTF-8.
#pragma once

#include <cstddef>
#include <string>

#include "app/dissector.h"

namespace pktana::app::enterprise {

/// @param bytes  an odd last byte is left out.
/// @param max_bytes  of the result; what does not fit is cut off between characters.
/// @return UTF-8; a surrogate without its other half becomes U+FFFD.
[[nodiscard]] std::string utf8_of_utf16(Bytes bytes, size_t max_bytes) noexcept;

}  // namespace pktana::app::enterprise
