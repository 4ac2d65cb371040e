// SPDX-License-Identifier: Apache-2.0
// Compresses one rotated log with zstd, beside it and in its place.
#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pktana::sink {

inline constexpr std::string_view kPartSuffix = ".part";

/// DIRECTORY/NAME becomes DIRECTORY/NAME.zst, with the same times and mode: written under a hidden
/// name first, put on the disk, renamed, and only then the original is removed.
/// @param stop ends it early, with an error and nothing changed.
[[nodiscard]] base::Result<void> compress_log(const std::string& directory, const std::string& name,
                                              const std::atomic<bool>& stop);

/// The hidden name that a file has while it is compressed.
[[nodiscard]] std::string part_name(const std::string& name);

}  // namespace pktana::sink
