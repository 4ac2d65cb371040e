// SPDX-License-Identifier: Apache-2.0
#include "base/mapping.h"

#include <cerrno>
#include <cstdint>

#include <sys/mman.h>

namespace pktana::base {
namespace {
constexpr size_t kHugePageBytes = size_t{2} << 20;

constexpr size_t whole_huge_pages(size_t size) noexcept {
  return (size + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
}

void* map_private(size_t size) noexcept {
  return ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                -1, 0);
}

/// So many bytes from an address at which a huge page can begin: not every kernel sees to that.
/// @param size whole huge pages.
void* map_aligned(size_t size) noexcept {
  void* const data = map_private(size + kHugePageBytes);
  if (data == MAP_FAILED) return data;
  auto* const from = static_cast<unsigned char*>(data);
  const size_t before =
      whole_huge_pages(reinterpret_cast<uintptr_t>(data)) - reinterpret_cast<uintptr_t>(data);
  if (before > 0) ::munmap(from, before);
  ::munmap(from + before + size, kHugePageBytes - before);
  (void)::madvise(from + before, size, MADV_HUGEPAGE);
  return from + before;
}

}  // namespace

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  if (this != &other) {
    reset();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
    mapped_ = std::exchange(other.mapped_, 0);
  }
  return *this;
}

Result<Mapping> Mapping::shared(int fd, size_t size) {
  void* data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (data == MAP_FAILED) return fail(errno, "mmap", std::to_string(size) + " bytes shared");
  return Mapping(data, size, size);
}

Result<Mapping> Mapping::anonymous(size_t size) {
  constexpr size_t kMost = SIZE_MAX - 2 * kHugePageBytes;
  const bool huge = size >= kHugePageBytes && size <= kMost;
  const size_t mapped = huge ? whole_huge_pages(size) : size;
  void* const data = huge ? map_aligned(mapped) : map_private(mapped);
  if (data == MAP_FAILED) return fail(errno, "mmap", std::to_string(size) + " bytes of memory");
  return Mapping(data, size, mapped);
}

void Mapping::reset() noexcept {
  if (data_ != nullptr) ::munmap(std::exchange(data_, nullptr), std::exchange(mapped_, 0));
  size_ = 0;
}

}  // namespace pktana::base
