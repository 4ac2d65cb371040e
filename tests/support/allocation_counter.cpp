// SPDX-License-Identifier: Apache-2.0
#include "support/allocation_counter.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<uint64_t> allocations{0};

[[maybe_unused]] void* counted(void* memory) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (memory == nullptr) std::abort();
  return memory;
}

[[maybe_unused]] void* counted_aligned(std::size_t size, std::align_val_t alignment) {
  const auto align = static_cast<std::size_t>(alignment);
  return counted(std::aligned_alloc(align, (size + align - 1) / align * align));
}

}  // namespace

namespace pktana::support {
uint64_t allocation_count() noexcept { return allocations.load(std::memory_order_relaxed); }
}  // namespace pktana::support

// ThreadSanitizer's operator new cannot be replaced.
#if defined(__SANITIZE_THREAD__)
#define PKTANA_COUNTS_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define PKTANA_COUNTS_ALLOCATIONS 0
#endif
#endif
#ifndef PKTANA_COUNTS_ALLOCATIONS
#define PKTANA_COUNTS_ALLOCATIONS 1
#endif

#if PKTANA_COUNTS_ALLOCATIONS
// The array forms of the standard library call these; AddressSanitizer's own do not, and go
// uncounted.
void* operator new(std::size_t size) { return counted(std::malloc(size == 0 ? 1 : size)); }
void* operator new(std::size_t size, std::align_val_t align) {
  return counted_aligned(size, align);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return counted(std::malloc(size == 0 ? 1 : size));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
#endif
