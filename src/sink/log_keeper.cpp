// SPDX-License-Identifier: Apache-2.0
#include "sink/log_keeper.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "sink/log_compressor.h"
#include "sink/quiet_thread.h"

namespace pktana::sink {
namespace {

constexpr auto kLookInterval = std::chrono::seconds(1);
constexpr int kLowPriority = 19;

bool has_work(const LogFileOptions& options) noexcept {
  return options.compress || options.keep_bytes > 0 || options.keep_age_ns > 0 ||
         options.keep_free_bytes > 0;
}

int64_t ns_of(const timespec& time) noexcept {
  return time.tv_sec * base::kNsPerSecond + time.tv_nsec;
}

uint64_t size_of(const std::string& path) noexcept {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<uint64_t>(status.st_size) : 0;
}

bool is_disk_low(const std::string& directory, uint64_t keep_free_bytes) noexcept {
  struct statvfs disk {};
  if (keep_free_bytes == 0 || ::statvfs(directory.c_str(), &disk) != 0) return false;
  return uint64_t{disk.f_bavail} * disk.f_frsize < keep_free_bytes;
}

}  // namespace

LogKeeper::~LogKeeper() {
  if (!thread_.joinable()) return;
  stop_.store(true, std::memory_order_relaxed);
  wake();
  thread_.join();
}

bool LogKeeper::add(const LogName& log, const LogFileOptions& options) {
  for (const Log& other : logs_)
    if (other.path == log.path()) return false;
  Log& kept = logs_.emplace_back();
  kept.path = log.path();
  kept.name = log;
  kept.options = options;
  return true;
}

base::Result<void> LogKeeper::start() {
  if (std::none_of(logs_.begin(), logs_.end(),
                   [](const Log& log) { return has_work(log.options); }))
    return {};
  auto thread = start_quiet_thread("pktana-keeper", [this] { run(); });
  if (!thread) return base::Unexpected(thread.error());
  thread_ = std::move(*thread);
  return {};
}

void LogKeeper::wake() noexcept {
  const std::lock_guard lock(mutex_);
  wake_ = true;
  woken_.notify_one();
}

void LogKeeper::add_to(const std::string& path, OutputHealth& health) const {
  const std::string whole = LogName::of(path).path();
  for (const Log& log : logs_) {
    if (log.path != whole) continue;
    health.compressed = log.compressed.get();
    health.removed = log.removed.get();
  }
}

void LogKeeper::run() {
  // Compression takes what capture leaves over. A priority that can't be had is no failure.
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kLowPriority);
  for (const Log& log : logs_)
    remove_leftovers(log);
  while (!stop_.load(std::memory_order_relaxed)) {
    for (Log& log : logs_)
      if (has_work(log.options)) look_after(log);
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, kLookInterval, [this] { return wake_ || stop_.load(); });
    wake_ = false;
  }
}

void LogKeeper::look_after(Log& log) {
  std::deque<KeptFile> files = files_of(log);
  remove_beyond_limits(log, files);
  if (log.options.compress) compress_due(log, files);
}

std::deque<LogKeeper::KeptFile> LogKeeper::files_of(const Log& log) {
  std::deque<KeptFile> files;
  for (RotatedLog& file : list_rotated(log.name)) {
    KeptFile kept{.file = std::move(file), .path = {}};
    kept.path = log.name.directory + "/" + kept.file.name;
    struct stat status {};
    if (::stat(kept.path.c_str(), &status) != 0) continue;
    kept.bytes = static_cast<uint64_t>(status.st_size);
    kept.rotated_ns = ns_of(status.st_ctim);
    kept.written_ns = ns_of(status.st_mtim);
    // A crash between the last two steps of compression leaves both; the .zst is whole.
    const bool twice = !files.empty() && kept.file.compressed &&
                       kept.file.name == files.back().file.name + std::string(kCompressedSuffix);
    if (twice) {
      ::unlink(files.back().path.c_str());
      files.pop_back();
    }
    files.push_back(std::move(kept));
  }
  return files;
}

/// What compression left behind when the process was killed.
void LogKeeper::remove_leftovers(const Log& log) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(log.name.directory, error), end;
       !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.starts_with("." + log.name.stem + "-") && name.ends_with(kPartSuffix))
      ::unlink(entry->path().c_str());
  }
}

void LogKeeper::remove_beyond_limits(Log& log, std::deque<KeptFile>& files) const {
  const LogFileOptions& options = log.options;
  uint64_t bytes = size_of(log.path);
  for (const KeptFile& file : files)
    bytes += file.bytes;
  const int64_t now_ns = base::realtime_ns();
  while (!files.empty()) {
    const KeptFile& oldest = files.front();
    const bool too_much = options.keep_bytes > 0 && bytes > options.keep_bytes;
    const bool too_old =
        options.keep_age_ns > 0 && now_ns - oldest.written_ns > options.keep_age_ns;
    if (!too_much && !too_old && !is_disk_low(log.name.directory, options.keep_free_bytes)) return;
    if (::unlink(oldest.path.c_str()) != 0) return;
    log.removed.add(1);
    bytes -= oldest.bytes;
    files.pop_front();
  }
}

void LogKeeper::compress_due(Log& log, const std::deque<KeptFile>& files) const {
  for (const KeptFile& file : files) {
    if (stop_.load(std::memory_order_relaxed)) return;
    if (file.file.compressed) continue;
    if (base::realtime_ns() - file.rotated_ns < log.options.compress_after_ns) continue;
    // A failure (no room, for one) is tried again with the next look.
    if (compress_log(log.name.directory, file.file.name, stop_)) log.compressed.add(1);
  }
}

}  // namespace pktana::sink
