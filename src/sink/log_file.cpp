// SPDX-License-Identifier: Apache-2.0
#include "sink/log_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

namespace pktana::sink {
namespace {

constexpr mode_t kFileMode = 0640;  // flow records tell who talked to whom: not for everybody
constexpr int64_t kRetryNs = base::kNsPerSecond;
constexpr const char* kOpen = "open log";

int errno_of(const base::Error& error) noexcept {
  return error.code ? error.code.value() : EBUSY;  // the directory is another's, or no place for us
}

/// Ends of intervals lie at multiples of them since 1970 UTC: each hour on the hour.
int64_t end_of_interval(int64_t now_ns, int64_t interval_ns) noexcept {
  return interval_ns == 0 ? 0 : now_ns - now_ns % interval_ns + interval_ns;
}

/// Never onto a file that is there; where the file system can't promise that, the number in the
/// name does.
int rename_new(const std::string& from, const std::string& to) noexcept {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

std::string first_bytes(int fd) {
  std::array<char, 2 * kFileHeaderBytes> bytes{};
  const ssize_t size = ::pread(fd, bytes.data(), bytes.size(), 0);
  const std::string_view text(bytes.data(), size > 0 ? static_cast<size_t>(size) : 0);
  return std::string(text.substr(0, text.find('\n')));
}

}  // namespace

base::Result<std::unique_ptr<LogFile>> LogFile::open(LogFileSetup setup,
                                                     std::shared_ptr<LogDirectory> directory) {
  std::unique_ptr<LogFile> log(new LogFile(std::move(setup), std::move(directory)));
  if (auto begun = log->begin_file(); !begun) return base::Unexpected(begun.error());
  return log;
}

LogFile::LogFile(LogFileSetup setup, std::shared_ptr<LogDirectory> directory)
    : setup_(std::move(setup)), name_(LogName::of(setup_.path)), directory_(std::move(directory)) {
  header_.host = setup_.host;
  header_.boot_id = read_boot_id();
  header_.stream = make_stream_id();
  header_.first_seq = 1;
  for (const RotatedLog& file : list_rotated(name_))
    header_.file_sequence = std::max(header_.file_sequence, file.sequence);
}

LogFile::Progress LogFile::put(const LineBuffer& buffer, size_t from) noexcept {
  const size_t lines_before = buffer.records_within(from);
  size_t end = buffer.end_of(std::min(lines_before + 1, buffer.lines()));
  if (from == buffer.end_of(lines_before)) {
    if (const int error = prepare(); error != 0) return {from, error};
    size_t fit = lines_that_fit(buffer, from);
    if (fit == lines_before && base::monotonic_ns() >= retry_ns_) {
      if (auto rotated = rotate_now(); !rotated && !has_file_)
        return {from, errno_of(rotated.error())};
      fit = lines_that_fit(buffer, from);
    }
    end = buffer.end_of(std::max(fit, lines_before + 1));
  }
  if (!header_rest_.empty())
    if (const int error = write_header(); error != 0) return {from, error};
  file_->start(buffer.bytes().subspan(from, end - from));
  const Written written = file_->wait();
  file_bytes_ += written.bytes;
  has_lines_ |= written.bytes > 0;
  const size_t position = from + written.bytes;
  if (buffer.first_seq() > 0)
    header_.first_seq = buffer.first_seq() + buffer.records_within(position);
  if (written.error == EFBIG && has_lines_) rotate();
  return {position, written.error};
}

size_t LogFile::lines_that_fit(const LineBuffer& buffer, size_t from) const noexcept {
  const uint64_t limit = setup_.log.rotate_bytes;
  if (limit == 0) return buffer.lines();
  const uint64_t room = limit > file_bytes_ ? limit - file_bytes_ : 0;
  const size_t before = buffer.records_within(from);
  const size_t fit = buffer.records_within(from + static_cast<size_t>(room));
  return !has_lines_ ? std::max(fit, before + 1) : fit;  // a file holds a line at least
}

int LogFile::tick() noexcept { return prepare(); }

int LogFile::prepare() noexcept {
  look_wanted_.store(false, std::memory_order_relaxed);
  if (has_file_ && !is_in_place()) {
    has_file_ = false;
    remade_.add(1);
  }
  if (!has_file_) {
    if (auto begun = begin_file(); !begun) return errno_of(begun.error());
  } else if (is_due(base::realtime_ns()) && base::monotonic_ns() >= retry_ns_) {
    if (auto rotated = rotate_now(); !rotated && !has_file_) return errno_of(rotated.error());
  }
  return header_rest_.empty() ? 0 : write_header();
}

bool LogFile::is_due(int64_t now_ns) const noexcept {
  if (rotate_wanted_.load(std::memory_order_relaxed)) return true;
  return due_ns_ != 0 && now_ns >= due_ns_ && has_lines_;
}

bool LogFile::is_in_place() const noexcept {
  struct stat status {};
  return ::stat(setup_.path.c_str(), &status) == 0 && status.st_dev == device_ &&
         status.st_ino == inode_;
}

base::Result<void> LogFile::rotate_now() {
  if (auto moved = move_away(header_.file_sequence); !moved) {
    retry_ns_ = base::monotonic_ns() + kRetryNs;
    return moved;
  }
  has_file_ = false;
  rotate_wanted_.store(false, std::memory_order_relaxed);
  rotations_.add(1);
  auto begun = begin_file();
  if (setup_.on_rotated) setup_.on_rotated();
  return begun;
}

base::Result<void> LogFile::move_away(uint64_t sequence) {
  const std::string to = name_.directory + "/" + rotated_name(name_, base::realtime_ns(), sequence);
  if (const int error = rename_new(setup_.path, to); error != 0)
    return base::fail(error, "rotate log", to);
  return {};
}

base::Result<void> LogFile::clear_path() {
  struct stat status {};
  if (::lstat(setup_.path.c_str(), &status) != 0) {
    if (errno == ENOENT) return {};
    return base::fail(errno, kOpen, setup_.path);
  }
  if (!S_ISREG(status.st_mode))
    return base::fail_input(kOpen, setup_.path + ": is no regular file, and log files are renamed");
  if (status.st_size == 0) return {};
  const base::Fd fd(::open(setup_.path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) return base::fail(errno, kOpen, setup_.path);
  char last = '\n';
  if (::pread(fd.get(), &last, 1, status.st_size - 1) == 1 && last != '\n' &&
      ::pwrite(fd.get(), "\n", 1, status.st_size) == 1)
    torn_lines_.add(1);
  const uint64_t own = file_sequence_of(first_bytes(fd.get()));
  header_.file_sequence = std::max(header_.file_sequence + 1, own);
  return move_away(header_.file_sequence);
}

base::Result<void> LogFile::begin_file() {
  if (auto there = directory_->ensure(); !there) return there;
  if (auto cleared = clear_path(); !cleared) return cleared;
  constexpr int kFlags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY;
  base::Fd fd(::open(setup_.path.c_str(), kFlags, kFileMode));
  if (!fd) return base::fail(errno, kOpen, setup_.path);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return base::fail(errno, kOpen, setup_.path);
  if (!S_ISREG(status.st_mode) || status.st_size != 0)
    return base::fail(EEXIST, kOpen, setup_.path);
  device_ = status.st_dev;
  inode_ = status.st_ino;
  if (file_ == nullptr)
    file_ = make_file_output(std::move(fd), {.path = setup_.path,
                                             .io_uring = setup_.io_uring,
                                             .sync = setup_.sync,
                                             .buffers = setup_.buffers});
  else
    (void)file_->switch_to(std::move(fd));  // what the old file lacks, its readers see
  has_file_ = true;
  has_lines_ = false;
  file_bytes_ = 0;
  ++header_.file_sequence;
  header_.time_ns = base::realtime_ns();
  due_ns_ = end_of_interval(header_.time_ns, setup_.log.rotate_interval_ns);
  header_rest_ = file_header_line(setup_.format, header_) + setup_.first_line;
  (void)write_header();  // a full disk is told of by the next line, or tick()
  return {};
}

int LogFile::write_header() noexcept {
  file_->start(header_rest_);
  const Written written = file_->wait();
  file_bytes_ += written.bytes;
  header_rest_.erase(0, written.bytes);
  return written.error;
}

base::Result<void> LogFile::close() {
  auto closed = file_->close();
  if (!closed) closed.error().detail = setup_.path;
  return closed;
}

OutputHealth LogFile::health() const {
  return {.method = file_->method(),
          .rotations = rotations_.get(),
          .torn_lines = torn_lines_.get(),
          .remade = remade_.get()};
}

}  // namespace pktana::sink
