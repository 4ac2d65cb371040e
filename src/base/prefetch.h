// SPDX-License-Identifier: Apache-2.0
// Brings a cache line near before it is needed.
#pragma once

namespace pktana::base {

// PERF NOTE: __builtin_prefetch() alone does nothing in the eyes of g++ 12: a function that only
// prefetches is called pure, and calls of it that are not inlined are taken out. The empty asm is
// an effect that it must keep.

[[gnu::always_inline]] inline void prefetch_for_read(const void* line) noexcept {
  __builtin_prefetch(line, 0);
  __asm__ volatile("" : : "r"(line));
}

[[gnu::always_inline]] inline void prefetch_for_write(const void* line) noexcept {
  __builtin_prefetch(line, 1);
  __asm__ volatile("" : : "r"(line));
}

}  // namespace pktana::base
