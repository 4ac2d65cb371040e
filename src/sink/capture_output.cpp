// SPDX-License-Identifier: Apache-2.0
#include "sink/capture_output.h"

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>

#include <sys/stat.h>
#include <unistd.h>

#include "sink/packet_encoder.h"

namespace pktana::sink {
namespace {

bool is_disk_full(int error) noexcept { return error == ENOSPC || error == EDQUOT; }

/// Standard output, a pipe or a device: there is nothing to rename.
bool is_stream(const std::string& path) noexcept {
  struct stat status {};
  return path == "-" || (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode));
}

/// Where a symbolic link leads, so that it stays one.
std::string resolved(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISLNK(status.st_mode)) return path;
  char target[PATH_MAX];
  return ::realpath(path.c_str(), target) != nullptr ? std::string(target) : path;
}

/// Beside the file, so that it can be renamed; hidden, and no other process's.
std::string name_in_the_making(const std::string& path) {
  const size_t slash = path.rfind('/');
  const size_t base = slash == std::string::npos ? 0 : slash + 1;
  return path.substr(0, base) + "." + path.substr(base) + "." + std::to_string(::getpid()) + ".tmp";
}

}  // namespace

CaptureOutput::CaptureOutput(const PacketFileOptions& options)
    : format_(options.format), io_uring_(options.io_uring) {}

base::Result<void> CaptureOutput::begin(const std::string& path) {
  torn_.clear();
  torn_bytes_ = 0;
  whole_bytes_ = 0;
  header_missing_ = 0;
  down_.set(0);
  if (auto opened = open(path); !opened) {
    fail(opened.error());
    return opened;
  }
  files_.add(1);
  return {};
}

base::Result<void> CaptureOutput::open(const std::string& path) {
  made_as_.clear();
  path_ = is_stream(path) ? path : resolved(path);
  if (!is_stream(path)) made_as_ = name_in_the_making(path_);
  auto output = open_output({.path = made_as_.empty() ? path_ : made_as_, .io_uring = io_uring_});
  if (!output && !made_as_.empty()) {
    // No new file may be made there; the old one may be ours to write all the same.
    made_as_.clear();
    output = open_output({.path = path_, .io_uring = io_uring_});
  }
  if (!output) return base::Unexpected(output.error());
  output_ = std::move(*output);
  return {};
}

void CaptureOutput::write(const PacketBlock& block) noexcept {
  if (block.used == 0) return;
  if (is_down()) return dropped_down_.add(block.packets);
  if (!complete_torn()) return (is_down() ? dropped_down_ : dropped_full_).add(block.packets);
  header_missing_ += block.header_bytes;
  output_->start(block.bytes());
  account(block, output_->wait());
  if (header_missing_ == 0 && whole_bytes_ > 0) publish();
}

void CaptureOutput::account(const PacketBlock& block, Written result) noexcept {
  bytes_.add(result.bytes);
  const auto header_now = std::min<uint64_t>(header_missing_, result.bytes);
  if (result.error == 0) {
    header_missing_ = 0;
    whole_bytes_ += result.bytes;
    written_.add(block.packets);
    return;
  }
  header_missing_ -= header_now;
  fail_write(result.error);
  tear(block, result.bytes);
}

/// The write stopped `written` bytes into the block.
void CaptureOutput::tear(const PacketBlock& block, size_t written) noexcept {
  size_t whole = 0;
  size_t next_end = block.header_bytes;
  uint64_t packets = 0;
  bool is_packet = false;
  if (written >= block.header_bytes) {
    const auto records = block.bytes().subspan(block.header_bytes);
    const WholeRecords done = whole_records(format_, records.first(written - block.header_bytes));
    whole = block.header_bytes + done.bytes;
    packets = done.packets;
    const RecordExtent next =
        whole < block.used ? first_record(format_, block.bytes().subspan(whole)) : RecordExtent{};
    next_end = whole + next.bytes;
    is_packet = next.is_packet;
  }
  written_.add(packets);
  whole_bytes_ += whole;
  uint64_t lost = block.packets - packets;
  if (written > whole && !is_down()) {
    torn_.assign(block.bytes().data() + written, next_end - written);
    torn_bytes_ = written - whole;
    torn_packets_.set(is_packet ? 1 : 0);
    lost -= torn_packets_.get();
  }
  (is_down() ? dropped_down_ : dropped_full_).add(lost);
}

/// False: the disk is still full, or the file has failed.
bool CaptureOutput::complete_torn() noexcept {
  if (torn_.empty()) return true;
  output_->start(torn_);
  const Written result = output_->wait();
  bytes_.add(result.bytes);
  torn_bytes_ += result.bytes;
  header_missing_ -= std::min<uint64_t>(header_missing_, result.bytes);
  torn_.erase(0, result.bytes);
  if (result.error == 0) {
    whole_bytes_ += torn_bytes_;
    torn_bytes_ = 0;
    written_.add(torn_packets_.get());
    torn_packets_.set(0);
    return true;
  }
  fail_write(result.error);
  return false;
}

void CaptureOutput::cut_torn_off() noexcept {
  (is_down() ? dropped_down_ : dropped_full_).add(torn_packets_.get());
  torn_packets_.set(0);
  torn_.clear();
  const std::string& present = made_as_.empty() ? path_ : made_as_;
  if (!is_stream(present)) (void)!::truncate(present.c_str(), static_cast<off_t>(whole_bytes_));
}

void CaptureOutput::publish() noexcept {
  if (made_as_.empty()) return;
  if (::rename(made_as_.c_str(), path_.c_str()) != 0)
    fail(base::errno_error(errno, "rename", made_as_ + " to " + path_));
  made_as_.clear();
}

void CaptureOutput::end() noexcept {
  if (!output_) return;
  const bool torn = !complete_torn();
  if (header_missing_ == 0 && whole_bytes_ > 0) publish();
  if (auto closed = output_->close(); !closed) {
    closed.error().detail = path_;
    fail(closed.error());
  }
  output_.reset();
  if (torn) cut_torn_off();
  if (made_as_.empty()) return;
  // A header that never became whole, or nothing at all: no file.
  (void)::unlink(made_as_.c_str());
  made_as_.clear();
}

void CaptureOutput::fail(base::Error error) noexcept {
  down_.set(1);
  if (!error_) error_ = std::move(error);
}

void CaptureOutput::fail_write(int error) noexcept {
  auto failure = base::errno_error(error, "write", path_ == "-" ? "standard output" : path_);
  if (!is_disk_full(error)) return fail(std::move(failure));
  if (!error_) error_ = std::move(failure);
}

void CaptureOutput::add_to(PacketFileTotals& totals) const noexcept {
  totals.written += written_.get();
  totals.dropped_disk_full += dropped_full_.get() + torn_packets_.get();
  totals.dropped_file_down += dropped_down_.get();
  totals.files += files_.get();
  totals.bytes_written += bytes_.get();
}

}  // namespace pktana::sink
