// SPDX-License-Identifier: Apache-2.0
#include "base/process_memory.h"

#include <array>
#include <charconv>

#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"

namespace pktana::base {
namespace {

constexpr size_t kRollupBytes = 4096;  ///< of some 25 short lines
constexpr uint64_t kKibibyte = 1024;

/// The number in the line that begins with `name`.
std::optional<uint64_t> kibibytes(std::string_view text, std::string_view name) noexcept {
  const size_t line = text.find(name);
  if (line == std::string_view::npos) return std::nullopt;
  const size_t digits = text.find_first_not_of(' ', line + name.size());
  if (digits == std::string_view::npos) return std::nullopt;
  uint64_t value = 0;
  const auto read = std::from_chars(text.data() + digits, text.data() + text.size(), value);
  if (read.ec != std::errc()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<ProcessMemory> parse_smaps_rollup(std::string_view text) noexcept {
  const auto resident = kibibytes(text, "\nRss:");
  const auto huge = kibibytes(text, "\nAnonHugePages:");
  if (!resident || !huge) return std::nullopt;
  return ProcessMemory{.resident_bytes = *resident * kKibibyte,
                       .huge_page_bytes = *huge * kKibibyte};
}

std::optional<ProcessMemory> process_memory() noexcept {
  const Fd file(::open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC));
  if (!file) return std::nullopt;
  std::array<char, kRollupBytes> text;
  size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + size, text.size() - size);
    if (got <= 0) break;
    size += static_cast<size_t>(got);
  }
  return parse_smaps_rollup({text.data(), size});
}

}  // namespace pktana::base
