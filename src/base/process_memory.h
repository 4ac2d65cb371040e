// SPDX-License-Identifier: Apache-2.0
// The memory that this process has, as the kernel sees it: for the ledger, which shows whether the
// tables got the huge pages that they asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pktana::base {

struct ProcessMemory {
  uint64_t resident_bytes = 0;
  uint64_t huge_page_bytes = 0;  ///< of them, anonymous memory on huge pages
};

/// Of this process. None: the kernel does not say (no /proc, or one before 4.14). Cost: the kernel
/// walks the page tables, some 10 ms a GiB that is not on huge pages; not for the packet path.
[[nodiscard]] std::optional<ProcessMemory> process_memory() noexcept;

/// The same from the text of smaps_rollup (proc(5)). None: a line that is needed is not there.
[[nodiscard]] std::optional<ProcessMemory> parse_smaps_rollup(std::string_view text) noexcept;

}  // namespace pktana::base
