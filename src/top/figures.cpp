// SPDX-License-Identifier: Apache-2.0
#include "top/figures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "base/clock.h"
#include "sink/human_text.h"
#include "top/grid.h"

namespace pktana::top {
namespace {

constexpr char32_t kLowestBlock = 0x2581;
constexpr unsigned kLevels = 8;

uint64_t whole(double value) noexcept {
  return value <= 0 ? 0 : static_cast<uint64_t>(std::llround(std::min(value, 9e18)));
}

template <typename... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 64> text{};
  const int length = std::snprintf(text.data(), text.size(), format, values...);
  return {text.data(), std::min(static_cast<size_t>(std::max(length, 0)), text.size() - 1)};
}

}  // namespace

std::string count_text(double value) { return std::string(sink::human_count(whole(value)).view()); }

std::string bytes_text(uint64_t value) { return std::string(sink::human_bytes(value).view()); }

std::string bits_text(double bytes) { return count_text(bytes * 8); }

std::string duration_text(int64_t ns) {
  const auto positive = static_cast<uint64_t>(std::max<int64_t>(ns, 0));
  constexpr uint64_t kMinute = uint64_t{60} * base::kNsPerSecond;
  if (positive >= base::kNsPerSecond && positive < kMinute)
    return formatted("%.1fs", static_cast<double>(positive) / base::kNsPerSecond);
  return std::string(sink::human_duration(positive).view());
}

std::string percent_text(double part, double whole_value) {
  if (whole_value <= 0) return "-";
  const double percent = 100 * part / whole_value;
  // What is not nothing must not look like it.
  if (percent > 0 && percent < 0.01) return "<0.01%";
  return formatted("%.*f%%", percent < 10 ? 2 : 1, percent);
}

std::string clock_text(int64_t time_ns) {
  const std::time_t seconds = time_ns / base::kNsPerSecond;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return formatted("%02d:%02d:%02d UTC", parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string span_text(int64_t ns) {
  const long long seconds = std::max<int64_t>(ns, 0) / base::kNsPerSecond;
  return formatted("%02lld:%02lld:%02lld", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

double highest(const History& history) {
  return history.empty() ? 0 : *std::max_element(history.begin(), history.end());
}

std::string sparkline(const History& history, size_t width) {
  const size_t count = std::min(width, history.size());
  const auto begin = history.end() - static_cast<std::ptrdiff_t>(count);
  const double most = count == 0 ? 0 : *std::max_element(begin, history.end());
  std::string line(width - count, ' ');
  for (auto value = begin; value != history.end(); ++value) {
    if (*value <= 0) {
      line += ' ';
      continue;
    }
    const double level = std::ceil(*value / most * kLevels) - 1;
    append_utf8(line, kLowestBlock + static_cast<char32_t>(std::clamp(level, 0.0, 7.0)));
  }
  return line;
}

std::string bar(double part, double whole_value, size_t width) {
  constexpr char32_t kFull = 0x2588;
  if (whole_value <= 0 || part <= 0) return {};
  const double share = std::min(part / whole_value, 1.0);
  const auto filled =
      std::max<size_t>(1, static_cast<size_t>(std::llround(share * static_cast<double>(width))));
  std::string text;
  for (size_t i = 0; i < filled; ++i)
    append_utf8(text, kFull);
  return text;
}

}  // namespace pktana::top
