// SPDX-License-Identifier: Apache-2.0
#include "sink/file_series.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "base/clock.h"

namespace pktana::sink {
namespace {

constexpr size_t kMaxNameBytes = 4096;  // PATH_MAX

int decimal_digits(unsigned number) noexcept {
  int digits = 1;
  while (number >= 10) {
    number /= 10;
    ++digits;
  }
  return digits;
}

/// `pattern` as it is when strftime(3) makes nothing of it.
std::string with_time(const std::string& pattern, int64_t ts_ns, bool utc) {
  const auto seconds = static_cast<time_t>(ts_ns / base::kNsPerSecond);
  std::tm calendar{};
  if ((utc ? ::gmtime_r(&seconds, &calendar) : ::localtime_r(&seconds, &calendar)) == nullptr)
    return pattern;
  std::array<char, kMaxNameBytes> text{};
  const size_t length = std::strftime(text.data(), text.size(), pattern.c_str(), &calendar);
  return length == 0 ? pattern : std::string(text.data(), length);
}

}  // namespace

FileSeries::FileSeries(const PacketFileOptions& options)
    : pattern_(options.path),
      max_bytes_(options.rotate_bytes),
      interval_ns_(options.rotate_interval_ns),
      count_(options.rotate_count),
      utc_(options.time_zone == TimeZone::Utc) {
  if (max_bytes_ == 0 || count_ < 2) return;
  number_first_ = true;
  number_width_ = decimal_digits(count_ - 1);
}

std::string FileSeries::first(int64_t ts_ns) {
  interval_begin_ns_ = ts_ns - ts_ns % base::kNsPerSecond;
  interval_end_ns_ = interval_begin_ns_ + interval_ns_;
  intervals_ = 1;
  return name();
}

std::optional<std::string> FileSeries::next(int64_t ts_ns) {
  if (interval_ns_ != 0 && ts_ns >= interval_end_ns_) {
    if (count_ != 0 && intervals_ >= count_) return std::nullopt;
    ++intervals_;
    interval_begin_ns_ += (ts_ns - interval_begin_ns_) / interval_ns_ * interval_ns_;
    interval_end_ns_ = interval_begin_ns_ + interval_ns_;
    number_ = 0;
    return name();
  }
  ++number_;
  if (count_ != 0 && number_ >= count_) number_ = 0;
  return name();
}

std::string FileSeries::name() const {
  std::string text = interval_ns_ == 0 ? pattern_ : with_time(pattern_, interval_begin_ns_, utc_);
  if (number_ == 0 && !number_first_) return text;
  const std::string number = std::to_string(number_);
  const auto width = static_cast<size_t>(number_width_);
  return text + std::string(width - std::min(width, number.size()), '0') + number;
}

}  // namespace pktana::sink
