// SPDX-License-Identifier: Apache-2.0
// Decompresses zstd (RFC 8878) with libzstd. In builds with libzstd only.
#pragma once

#include <memory>

#include "ring/byte_reader.h"

namespace pktana::ring {

/// Reads all frames of `file`, one after the other. Holds 128 KiB of compressed bytes and the
/// frame's window, for which libzstd's limit of 128 MiB holds.
[[nodiscard]] base::Result<std::unique_ptr<ByteReader>> open_zstd(std::unique_ptr<ByteReader> file);

}  // namespace pktana::ring
