// SPDX-License-Identifier: Apache-2.0
#include "sink/file_output.h"

#include <cerrno>
#include <utility>

#include <unistd.h>

namespace pktana::sink {

Written pwrite_all(int fd, std::span<const char> bytes, uint64_t offset) noexcept {
  Written written;
  while (written.bytes < bytes.size()) {
    const ssize_t count = ::pwrite(fd, bytes.data() + written.bytes, bytes.size() - written.bytes,
                                   static_cast<off_t>(offset + written.bytes));
    const int error = count < 0 ? errno : 0;
    if (count > 0) {
      written.bytes += static_cast<size_t>(count);
    } else if (error != EINTR) {
      written.error = error != 0 ? error : EIO;  // a file that takes nothing, without a word
      break;
    }
  }
  return written;
}

base::Result<void> close_file(base::Fd fd, bool sync) {
  if (!fd) return {};
  if (sync && ::fdatasync(fd.get()) != 0) return base::fail(errno, "fdatasync");
  if (::close(fd.release()) != 0 && errno != EINTR) return base::fail(errno, "close");
  return {};
}

base::Result<void> FileOutput::switch_to(base::Fd fd) {
  offset_ = 0;
  return close_file(std::exchange(fd_, std::move(fd)), sync_);
}

void FileOutput::start(std::span<const char> bytes) noexcept {
  written_ = pwrite_all(fd_.get(), bytes, offset_);
  offset_ += written_.bytes;
}

}  // namespace pktana::sink
