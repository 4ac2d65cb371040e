// SPDX-License-Identifier: Apache-2.0
#include "sink/log_name.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <filesystem>

#include "base/clock.h"

namespace pktana::sink {
namespace {

constexpr size_t kTimeDigits = 16;     // 20261123T081457Z
constexpr size_t kSequenceDigits = 6;  // and more when they are needed
constexpr size_t kMaxSequenceDigits = 19;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_time(std::string_view text) noexcept {
  for (size_t i = 0; i < text.size(); ++i)
    if (i == 8 ? text[i] != 'T' : i == 15 ? text[i] != 'Z' : !is_digit(text[i])) return false;
  return true;
}

}  // namespace

LogName LogName::of(const std::string& path) {
  const std::filesystem::path whole(path);
  LogName log{.directory = whole.parent_path().string(),
              .stem = whole.stem().string(),
              .extension = whole.extension().string()};
  if (log.directory.empty()) log.directory = ".";
  return log;
}

std::string rotated_name(const LogName& log, int64_t time_ns, uint64_t sequence) {
  const auto seconds = static_cast<time_t>(time_ns / base::kNsPerSecond);
  std::tm calendar{};
  ::gmtime_r(&seconds, &calendar);
  std::array<char, 32> time{};
  const size_t size = std::strftime(time.data(), time.size(), "%Y%m%dT%H%M%SZ", &calendar);
  const std::string number = std::to_string(sequence);
  const std::string zeros(kSequenceDigits - std::min(kSequenceDigits, number.size()), '0');
  return log.stem + "-" + std::string(time.data(), size) + "-" + zeros + number + log.extension;
}

std::optional<RotatedLog> parse_rotated(const LogName& log, std::string_view name) {
  RotatedLog file{.name = std::string(name)};
  if (name.ends_with(kCompressedSuffix)) {
    file.compressed = true;
    name.remove_suffix(kCompressedSuffix.size());
  }
  if (!name.starts_with(log.stem + "-") || !name.ends_with(log.extension)) return std::nullopt;
  name.remove_prefix(log.stem.size() + 1);
  if (name.size() < kTimeDigits + 1 + kSequenceDigits + log.extension.size()) return std::nullopt;
  name.remove_suffix(log.extension.size());
  if (!is_time(name.substr(0, kTimeDigits)) || name[kTimeDigits] != '-') return std::nullopt;
  name.remove_prefix(kTimeDigits + 1);
  if (name.size() > kMaxSequenceDigits || !std::all_of(name.begin(), name.end(), is_digit))
    return std::nullopt;
  std::from_chars(name.data(), name.data() + name.size(), file.sequence);
  return file;
}

std::vector<RotatedLog> list_rotated(const LogName& log) {
  std::vector<RotatedLog> files;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(log.directory, error), end; !error && entry != end;
       entry.increment(error))
    if (auto file = parse_rotated(log, entry->path().filename().string()))
      files.push_back(std::move(*file));
  std::sort(files.begin(), files.end(), [](const RotatedLog& a, const RotatedLog& b) {
    return a.sequence != b.sequence ? a.sequence < b.sequence : a.name < b.name;
  });
  return files;
}

}  // namespace pktana::sink
