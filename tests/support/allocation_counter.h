// SPDX-License-Identifier: Apache-2.0
// Counts calls of operator new in the whole executable; allocation_counter.cpp replaces it there.
#pragma once

#include <cstdint>

namespace pktana::support {

/// Allocations by operator new since the process began, over all threads. Under ThreadSanitizer
/// always 0: its operator new cannot be replaced.
[[nodiscard]] uint64_t allocation_count() noexcept;

}  // namespace pktana::support
