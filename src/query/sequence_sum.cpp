// SPDX-License-Identifier: Apache-2.0
#include "query/sequence_sum.h"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <utility>

#include <sys/stat.h>

namespace pktana::query {
namespace {

constexpr size_t kTimeBytes = 18;  ///< of "-20261123T081457Z-"
constexpr int kJustNowSeconds = 10;

bool is_digits(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_time(std::string_view text) noexcept {
  return text.size() == kTimeBytes && text[0] == '-' && text[9] == 'T' && text[16] == 'Z' &&
         text[17] == '-' && is_digits(text.substr(1, 8)) && is_digits(text.substr(10, 6));
}

/// Somebody may be about to write the end of the line.
bool was_written_just_now(const std::string& path) noexcept {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 &&
         ::time(nullptr) - status.st_mtim.tv_sec <= kJustNowSeconds;
}

}  // namespace

LogFileName split_log_file_name(const std::string& path) {
  std::string_view name = path;
  for (const std::string_view suffix : {".zst", ".gz"})
    if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  const size_t slash = name.rfind('/');
  const size_t dot = name.rfind('.');
  LogFileName split{.log = std::string(name)};
  if (dot == std::string_view::npos || (slash != std::string_view::npos && dot < slash))
    return split;
  const std::string_view stem = name.substr(0, dot);
  const size_t dash = stem.rfind('-');
  if (dash == std::string_view::npos || dash + 1 < kTimeBytes) return split;
  const std::string_view number = stem.substr(dash + 1);
  const size_t begin = dash + 1 - kTimeBytes;
  if (number.empty() || !is_digits(number) || !is_time(stem.substr(begin, kTimeBytes)))
    return split;
  std::from_chars(number.data(), number.data() + number.size(), split.number);
  split.log = std::string(stem.substr(0, begin)) + std::string(name.substr(dot));
  return split;
}

void SequenceSum::add(const std::string& path, bool begins, const SequenceFacts& facts) {
  if (begins) begin_file(path);
  report_.lines += facts.lines;
  report_.records += facts.records;
  report_.unnumbered += facts.unnumbered;
  report_.bytes += facts.bytes;
  for (const uint64_t line : facts.torn) {
    ++report_.torn;
    report_.faults.push_back({.kind = LogFault::Kind::Torn,
                              .first = lines_of_file_ + line + 1,
                              .last = lines_of_file_ + line + 1,
                              .path = path});
  }
  lines_of_file_ += facts.lines;
  has_tail_ = facts.has_tail;
  for (const SequenceSegment& segment : facts.segments)
    add_segment(segment);
}

void SequenceSum::begin_file(const std::string& path) {
  if (!paths_.empty()) end_file();
  ++report_.files;
  paths_.push_back(path);
  lines_of_file_ = 0;
  has_tail_ = false;
  current_ = nullptr;
  const LogFileName name = split_log_file_name(path);
  if (name.number > 0) files_of_log_[name.log].insert(name.number);
}

void SequenceSum::end_file() {
  if (!has_tail_) return;
  const std::string& path = paths_.back();
  const bool is_current = split_log_file_name(path).number == 0;
  if (is_current && was_written_just_now(path)) {
    ++report_.unfinished;
    return;
  }
  ++report_.torn;
  report_.faults.push_back({.kind = LogFault::Kind::Torn,
                            .first = lines_of_file_ + 1,
                            .last = lines_of_file_ + 1,
                            .path = path});
}

void SequenceSum::add_segment(const SequenceSegment& segment) {
  const size_t file = paths_.size() - 1;
  if (segment.header) {
    current_ = &streams_[segment.header->stream];
    const uint64_t next = segment.header->first_seq;
    if (next > 0)
      current_->runs.push_back({.run = {.first = next, .last = next - 1}, .file = file});
    if (segment.header->file_sequence > 0)
      files_of_log_[split_log_file_name(paths_.back()).log].insert(segment.header->file_sequence);
  }
  if (segment.runs.empty()) return;
  if (current_ == nullptr) current_ = &streams_[paths_.back()];
  for (const SequenceRun& run : segment.runs)
    current_->runs.push_back({.run = run, .file = file});
}

void SequenceSum::find_faults(const std::string& name, Stream& stream) {
  std::stable_sort(stream.runs.begin(), stream.runs.end(),
                   [](const PlacedRun& a, const PlacedRun& b) {
                     return std::pair(a.run.first, a.run.last) < std::pair(b.run.first, b.run.last);
                   });
  uint64_t next = stream.runs.front().run.first;
  size_t before = stream.runs.front().file;
  for (const PlacedRun& placed : stream.runs) {
    const SequenceRun& run = placed.run;
    if (run.first > next) {
      report_.missing += run.first - next;
      report_.faults.push_back({.kind = LogFault::Kind::Gap,
                                .stream = name,
                                .first = next,
                                .last = run.first - 1,
                                .path = paths_[placed.file],
                                .before = paths_[before]});
    }
    if (run.first < next && run.last >= run.first) {
      const uint64_t last = std::min(run.last, next - 1);
      report_.doubled += last - run.first + 1;
      report_.faults.push_back({.kind = LogFault::Kind::Doubled,
                                .stream = name,
                                .first = run.first,
                                .last = last,
                                .path = paths_[placed.file],
                                .before = paths_[before]});
    }
    if (run.last + 1 >= next) before = placed.file;
    next = std::max(next, run.last + 1);
  }
}

void SequenceSum::find_missing_files() {
  for (const auto& [log, numbers] : files_of_log_) {
    uint64_t next = *numbers.begin();
    for (const uint64_t number : numbers) {
      if (number > next)
        report_.faults.push_back(
            {.kind = LogFault::Kind::MissingFile, .first = next, .last = number - 1, .path = log});
      next = number + 1;
    }
  }
}

VerifyReport SequenceSum::take() {
  if (!paths_.empty()) end_file();
  for (auto& [name, stream] : streams_) {
    if (stream.runs.empty()) continue;
    ++report_.streams;
    find_faults(name, stream);
  }
  find_missing_files();
  return std::move(report_);
}

}  // namespace pktana::query
