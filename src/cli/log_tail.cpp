// SPDX-License-Identifier: Apache-2.0
#include "cli/log_tail.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink/file_header.h"

namespace pktana::cli {
namespace {

/// Number that the file's first line tells; none: it has no such line, or not yet.
std::optional<uint64_t> sequence_in(int fd) {
  std::array<char, 4096> head;
  const ssize_t got = ::pread(fd, head.data(), head.size(), 0);
  if (got <= 0) return std::nullopt;
  const std::string_view text(head.data(), static_cast<size_t>(got));
  const size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const uint64_t sequence = sink::file_sequence_of(text.substr(0, end + 1));
  return sequence == 0 ? std::nullopt : std::optional(sequence);
}

}  // namespace

LogTail::LogTail(const std::string& path) : path_(path), name_(sink::LogName::of(path)) {}

base::Result<std::string_view> LogTail::next() {
  std::memmove(buffer_.data(), buffer_.data() + given_, used_ - given_);
  used_ -= given_;
  given_ = 0;
  while (true) {
    if (!fd_ && !take_current()) return std::string_view();
    auto lines = lines_read();
    if (!lines || !lines->empty()) return lines;
    if (!is_rotated()) return std::string_view();
    // What was written between the last look and the renaming.
    lines = lines_read();
    if (!lines || !lines->empty()) return lines;
    const auto went_on = go_on();
    if (!went_on) return base::Unexpected(went_on.error());
    if (!*went_on) return std::string_view();
  }
}

/// Reads on in the present file, up to its end or a step; whole lines of it.
base::Result<std::string_view> LogTail::lines_read() {
  if (packed_) {
    const auto block = packed_->next();
    if (!block) return base::Unexpected(block.error());
    torn_ += !block->torn.empty();
    return block->lines;
  }
  while (true) {
    const auto more = read_more();
    if (!more) return base::Unexpected(more.error());
    if (!*more) return std::string_view();
    const void* const newline = ::memrchr(buffer_.data(), '\n', used_);
    if (newline == nullptr) continue;
    given_ = static_cast<size_t>(static_cast<const char*>(newline) - buffer_.data()) + 1;
    return std::string_view(buffer_.data(), given_);
  }
}

/// False: nothing more at present.
base::Result<bool> LogTail::read_more() {
  if (used_ > kMaxLineBytes)
    return base::fail_input("read log", path_ + ": a line longer than 16 MiB");
  buffer_.resize(used_ + kStepBytes + query::PartReader::kPadding);
  while (true) {
    const ssize_t got =
        ::pread(fd_.get(), buffer_.data() + used_, kStepBytes, static_cast<off_t>(offset_));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::fail(errno, "read log", path_);
    offset_ += static_cast<uint64_t>(got);
    used_ += static_cast<size_t>(got);
    if (got > 0) return true;
    // Emptied by somebody who copies and truncates: it begins anew.
    struct stat status {};
    if (::fstat(fd_.get(), &status) != 0 || static_cast<uint64_t>(status.st_size) >= offset_)
      return false;
    torn_ += used_ > 0;
    used_ = 0;
    offset_ = 0;
  }
}

/// Another file, or none, stands at the path.
bool LogTail::is_rotated() const noexcept {
  struct stat status {};
  if (::stat(path_.c_str(), &status) != 0) return errno == ENOENT;
  return status.st_ino != inode_ || status.st_dev != device_;
}

/// The present file has been read and is nobody's any more. False: the next one is not there yet.
base::Result<bool> LogTail::go_on() {
  if (!sequence_) sequence_ = sequence_in(fd_.get());
  if (!sequence_) sequence_ = own_sequence();
  if (const auto rotated = next_rotated()) return take_rotated(*rotated);
  const auto before = sequence_;
  base::Fd kept = std::move(fd_);
  if (!take_current()) {
    fd_ = std::move(kept);
    return false;
  }
  // It may have been rotated, and more than once, since the directory was looked at.
  if (before && sequence_ && *sequence_ > *before + 1) {
    const auto now = sequence_;
    sequence_ = before;
    const auto between = next_rotated();
    if (between && between->sequence < *now) return take_rotated(*between);
    missed_ += *now - *before - 1;
    sequence_ = now;
  }
  return true;
}

std::optional<sink::RotatedLog> LogTail::next_rotated() const {
  if (!sequence_) return std::nullopt;
  for (const sink::RotatedLog& file : sink::list_rotated(name_))
    if (file.sequence > *sequence_) return file;
  return std::nullopt;
}

/// Number of the present file by its new name, for logs whose files don't tell.
std::optional<uint64_t> LogTail::own_sequence() const {
  for (const sink::RotatedLog& file : sink::list_rotated(name_)) {
    struct stat status {};
    const std::string path = name_.directory + "/" + file.name;
    if (::stat(path.c_str(), &status) != 0) continue;
    if (status.st_ino == inode_ && status.st_dev == device_) return file.sequence;
  }
  return std::nullopt;
}

base::Result<bool> LogTail::take_rotated(const sink::RotatedLog& file) {
  const std::string path = name_.directory + "/" + file.name;
  base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  // Compressed or removed just now: the next look tells which.
  if (!fd && errno == ENOENT) return false;
  if (!fd) return base::fail(errno, "open log", path);
  std::unique_ptr<query::PartReader> packed;
  if (file.compressed) {
    packed = std::make_unique<query::PartReader>();
    if (auto opened = packed->open({.path = path, .as_stream = true}); !opened)
      return base::Unexpected(opened.error());
  }
  missed_ += file.sequence - *sequence_ - 1;
  begin(std::move(fd), file.sequence);
  packed_ = std::move(packed);
  return true;
}

/// False: nothing is there, or nothing yet that tells which file it is.
bool LogTail::take_current() {
  base::Fd fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0) return false;
  const bool first = inode_ == 0;
  if (!first && status.st_size == 0) return false;
  const auto sequence = sequence_in(fd.get());
  begin(std::move(fd), sequence);
  return true;
}

void LogTail::begin(base::Fd fd, std::optional<uint64_t> sequence) {
  struct stat status {};
  if (::fstat(fd.get(), &status) == 0) {
    inode_ = status.st_ino;
    device_ = status.st_dev;
  }
  torn_ += used_ > 0;  // the beginning of a line, of the file before
  used_ = 0;
  given_ = 0;
  offset_ = 0;
  packed_.reset();
  fd_ = std::move(fd);
  sequence_ = sequence;
}

}  // namespace pktana::cli
