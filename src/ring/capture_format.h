// SPDX-License-Identifier: Apache-2.0
// Which capture format a file has, by its first bytes; its name says nothing.
#pragma once

#include <memory>

#include "ring/block_buffer.h"
#include "ring/format_reader.h"

namespace pktana::ring {

/// Reads the file header from `buffer`, leaves it ready for the first scan() and returns the
/// reader. The Error's detail says what is wrong with the file, without its name.
[[nodiscard]] base::Result<std::unique_ptr<FormatReader>> open_format(BlockBuffer& buffer,
                                                                      FileOrigin origin);

}  // namespace pktana::ring
