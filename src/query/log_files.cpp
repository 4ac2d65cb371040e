// SPDX-License-Identifier: Apache-2.0
#include "query/log_files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"

namespace pktana::query {
namespace {

bool is_log_name(std::string_view name) noexcept {
  for (const std::string_view suffix : {".gz", ".zst"})
    if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  while (!name.empty() && name.back() >= '0' && name.back() <= '9')
    name.remove_suffix(1);
  if (name.ends_with('.')) name.remove_suffix(1);
  for (const std::string_view suffix : {".json", ".jsonl", ".ndjson", ".log"})
    if (name.ends_with(suffix)) return true;
  return false;
}

base::Result<std::vector<std::string>> files_in(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error))
    if (entry->is_regular_file(error) && is_log_name(entry->path().filename().string()))
      files.push_back(entry->path().string());
  if (error) return base::fail(error.value(), "open log folder", folder);
  if (files.empty()) return base::fail_input("open log folder", folder + ": no log files in it");
  std::sort(files.begin(), files.end());
  return files;
}

/// gzip or zstd, by the first bytes.
bool is_compressed(int fd) noexcept {
  std::array<uint8_t, 4> magic{};
  const ssize_t got = ::pread(fd, magic.data(), magic.size(), 0);
  if (got < 2) return false;
  const bool gzip = magic[0] == 0x1F && magic[1] == 0x8B;
  const bool zstd = magic == std::array<uint8_t, 4>{0x28, 0xB5, 0x2F, 0xFD};
  return gzip || zstd;
}

base::Result<void> add_file(const std::string& path, std::vector<LogPart>& parts) {
  const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return base::fail(errno, "open log", path);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return base::fail(errno, "open log", path);
  if (!S_ISREG(status.st_mode) || is_compressed(fd.get())) {
    parts.push_back({.path = path, .as_stream = true});
    return {};
  }
  const auto size = static_cast<uint64_t>(status.st_size);
  for (uint64_t offset = 0; offset < size; offset += LogPart::kBytes)
    parts.push_back(
        {.path = path, .offset = offset, .length = std::min(LogPart::kBytes, size - offset)});
  return {};
}

}  // namespace

LogParts split_logs(const std::vector<std::string>& paths) {
  LogParts logs;
  for (const std::string& path : paths) {
    if (path == "-") {
      logs.parts.push_back({.path = path, .as_stream = true});
      continue;
    }
    std::vector<std::string> files{path};
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
      auto inside = files_in(path);
      if (!inside) logs.errors.push_back(inside.error());
      files = inside ? std::move(*inside) : std::vector<std::string>();
    }
    for (const std::string& file : files)
      if (auto added = add_file(file, logs.parts); !added) logs.errors.push_back(added.error());
  }
  return logs;
}

}  // namespace pktana::query
