// SPDX-License-Identifier: Apache-2.0
#include "base/mapping.h"

#include <algorithm>
#include <cstdint>
#include <span>

#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.h"
#include "support/catch.h"

namespace pktana::base {
namespace {

std::span<uint8_t> bytes_of(const Mapping& mapping) {
  return {static_cast<uint8_t*>(mapping.data()), mapping.size()};
}

bool is_mapped(void* page) {
  unsigned char resident = 0;
  return ::mincore(page, 1, &resident) == 0;
}

TEST_CASE("mapping: anonymous memory is zero and writable to its last byte") {
  auto mapping = Mapping::anonymous(size_t{3} << 20);
  REQUIRE(mapping);
  const auto bytes = bytes_of(*mapping);
  CHECK(bytes.size() == size_t{3} << 20);
  CHECK(std::all_of(bytes.begin(), bytes.end(), [](uint8_t byte) { return byte == 0; }));
  bytes.back() = 1;
  CHECK(bytes.back() == 1);
  CHECK(reinterpret_cast<uintptr_t>(bytes.data()) % (size_t{2} << 20) == 0);  // or no huge pages
}

TEST_CASE("mapping: memory that is never touched costs none") {
  const auto mapping = Mapping::anonymous(size_t{1} << 40);
  if (!mapping) WARN("SKIP: this system limits address space: " + to_string(mapping.error()));
}

TEST_CASE("mapping: an impossible size is an error that names it") {
  const auto empty = Mapping::anonymous(0);
  REQUIRE_FALSE(empty);
  CHECK(to_string(empty.error()) == "mmap: 0 bytes of memory: Invalid argument");
  CHECK_FALSE(Mapping::anonymous(~size_t{0}));
}

TEST_CASE("mapping: a shared one shows what others write to the file") {
  const Fd file(::memfd_create("mapping_test", MFD_CLOEXEC));
  REQUIRE(file);
  REQUIRE(::ftruncate(file.get(), 4096) == 0);
  const auto mapping = Mapping::shared(file.get(), 4096);
  REQUIRE(mapping);
  REQUIRE(::pwrite(file.get(), "x", 1, 100) == 1);
  CHECK(bytes_of(*mapping)[100] == 'x');
}

TEST_CASE("mapping: sharing a descriptor that is not open is an error") {
  const auto mapping = Mapping::shared(-1, 4096);
  REQUIRE_FALSE(mapping);
  CHECK(mapping.error().code == std::errc::bad_file_descriptor);
}

TEST_CASE("mapping: unmaps when it goes, once, and not what was moved away") {
  void* page = nullptr;
  {
    auto first = Mapping::anonymous(4096);
    REQUIRE(first);
    page = first->data();
    const Mapping second(std::move(*first));
    CHECK(first->data() == nullptr);
    CHECK(first->size() == 0);
    CHECK(second.data() == page);
    CHECK(is_mapped(page));
  }
  CHECK_FALSE(is_mapped(page));
}

TEST_CASE("mapping: assigning unmaps what was there; assigning to itself keeps it") {
  auto first = Mapping::anonymous(4096);
  auto second = Mapping::anonymous(4096);
  REQUIRE(first);
  REQUIRE(second);
  void* old_page = first->data();
  void* page = second->data();
  *first = std::move(*second);
  CHECK_FALSE(is_mapped(old_page));
  CHECK(first->data() == page);
  Mapping& same = *first;
  *first = std::move(same);
  CHECK(first->data() == page);
  CHECK(is_mapped(page));
}

}  // namespace
}  // namespace pktana::base
