// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/system_files.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace pktana::cli {
namespace {

constexpr size_t kMaxFileBytes = size_t{1} << 20;

}  // namespace

std::optional<std::string> SystemFiles::read(const std::string& path) const {
  std::ifstream file(root_ + path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text(kMaxFileBytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return std::nullopt;
  text.resize(static_cast<size_t>(file.gcount()));
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  return text;
}

std::optional<int64_t> SystemFiles::read_number(const std::string& path) const {
  const auto text = read(path);
  if (!text) return std::nullopt;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc()) return std::nullopt;
  return number;
}

bool SystemFiles::exists(const std::string& path) const {
  std::error_code error;
  return std::filesystem::exists(root_ + path, error);
}

std::vector<std::string> SystemFiles::list(const std::string& path) const {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(root_ + path, error), end; !error && entry != end;
       entry.increment(error))
    names.push_back(entry->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string SystemFiles::link_name(const std::string& path) const {
  std::error_code error;
  const auto target = std::filesystem::read_symlink(root_ + path, error);
  return error ? std::string() : target.filename().string();
}

}  // namespace pktana::cli
