// SPDX-License-Identifier: Apache-2.0
// Decompresses gzip (RFC 1952) with zlib. In builds with zlib only.
#pragma once

#include <memory>

#include "ring/byte_reader.h"

namespace pktana::ring {

/// Reads all members of `file`, one after the other. Zero bytes behind the last one (tape padding)
/// are fine, anything else is an Error when all has been read. Holds 128 KiB of compressed bytes
/// and zlib's 40 KiB.
[[nodiscard]] base::Result<std::unique_ptr<ByteReader>> open_gzip(std::unique_ptr<ByteReader> file);

}  // namespace pktana::ring
