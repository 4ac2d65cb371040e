// SPDX-License-Identifier: Apache-2.0
// Puts the right decompressor on top of a file, by its first bytes.
#pragma once

#include <memory>

#include "ring/byte_reader.h"

namespace pktana::ring {

/// A reader of what `file` holds: decompressed if it is gzip or zstd, as it is if it isn't. An
/// Error if the build lacks the decompressor or the file is compressed by something else. The
/// Error's detail doesn't name the file.
[[nodiscard]] base::Result<std::unique_ptr<ByteReader>> decompress_if_needed(
    std::unique_ptr<ByteReader> file);

}  // namespace pktana::ring
