// SPDX-License-Identifier: Apache-2.0
#include "sink/output.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "sink/file_output.h"
#include "sink/stream_output.h"
#include "sink/uring_output.h"

namespace pktana::sink {
namespace {
constexpr mode_t kFileMode = 0640;  // flow records tell who talked to whom: not for everybody
}

base::Result<std::unique_ptr<Output>> open_output(const OutputTarget& target) {
  if (target.path == "-") return std::make_unique<StreamOutput>(STDOUT_FILENO, base::Fd());
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY;
  base::Fd fd(::open(target.path.c_str(), kFlags, kFileMode));
  if (!fd) return base::fail(errno, "open output", target.path);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return base::fail(errno, "fstat", target.path);
  if (!S_ISREG(status.st_mode)) {
    const int number = fd.get();
    return std::make_unique<StreamOutput>(number, std::move(fd));
  }
  return make_file_output(std::move(fd), target);
}

std::unique_ptr<RegularFile> make_file_output(base::Fd fd, const OutputTarget& target) {
#if PKTANA_HAVE_IO_URING
  if (target.io_uring)
    if (auto output = try_uring_output(fd, target.sync, target.buffers)) return output;
#endif
  return std::make_unique<FileOutput>(std::move(fd), target.sync);
}

}  // namespace pktana::sink
