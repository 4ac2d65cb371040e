// SPDX-License-Identifier: Apache-2.0
#include "base/mapping.h"

#include <cerrno>

#include <sys/mman.h>

namespace pktana::base {
namespace {
constexpr size_t kHugePageBytes = size_t{2} << 20;
}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  if (this != &other) {
    reset();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Result<Mapping> Mapping::shared(int fd, size_t size) {
  void* data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (data == MAP_FAILED) return fail(errno, "mmap", std::to_string(size) + " bytes shared");
  return Mapping(data, size);
}

Result<Mapping> Mapping::anonymous(size_t size) {
  void* data = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (data == MAP_FAILED) return fail(errno, "mmap", std::to_string(size) + " bytes of memory");
  if (size >= kHugePageBytes) (void)::madvise(data, size, MADV_HUGEPAGE);
  return Mapping(data, size);
}

void Mapping::reset() noexcept {
  if (data_ != nullptr) ::munmap(std::exchange(data_, nullptr), std::exchange(size_, 0));
}

}  // namespace pktana::base
