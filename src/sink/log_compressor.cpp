// SPDX-License-Identifier: Apache-2.0
#include "sink/log_compressor.h"

#include "config.h"
#include "sink/log_name.h"

#if PKTANA_HAVE_ZSTD
#include <array>
#include <cerrno>
#include <memory>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zstd.h>

#include "base/fd.h"
#include "sink/file_output.h"
#endif

namespace pktana::sink {

std::string part_name(const std::string& name) {
  return "." + name + std::string(kCompressedSuffix) + std::string(kPartSuffix);
}

#if PKTANA_HAVE_ZSTD
namespace {

constexpr int kLevel = 3;
constexpr const char* kCompress = "compress log";

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const noexcept { ::ZSTD_freeCCtx(context); }
};
using Context = std::unique_ptr<ZSTD_CCtx, FreeContext>;

/// One step: what is in `input`, all of it, to the file.
base::Result<void> put(ZSTD_CCtx& context, ZSTD_inBuffer input, ZSTD_EndDirective mode,
                       std::vector<char>& out, std::pair<int, uint64_t&> file) {
  for (size_t left = 1; left != 0 || input.pos < input.size;) {
    ZSTD_outBuffer output{.dst = out.data(), .size = out.size(), .pos = 0};
    left = ::ZSTD_compressStream2(&context, &output, &input, mode);
    if (::ZSTD_isError(left) != 0) return base::fail_input(kCompress, ::ZSTD_getErrorName(left));
    const Written written = pwrite_all(file.first, {out.data(), output.pos}, file.second);
    file.second += written.bytes;
    if (written.error != 0) return base::fail(written.error, kCompress);
    if (mode == ZSTD_e_continue && input.pos == input.size) return {};
  }
  return {};
}

base::Result<void> copy_compressed(int from, int to, const std::atomic<bool>& stop) {
  const Context context(::ZSTD_createCCtx());
  if (!context) return base::fail(ENOMEM, kCompress);
  ::ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ::ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::vector<char> in(size_t{1} << 20);
  std::vector<char> out(::ZSTD_CStreamOutSize());
  uint64_t offset = 0;
  for (;;) {
    if (stop.load(std::memory_order_relaxed)) return base::fail(ECANCELED, kCompress);
    const ssize_t size = ::read(from, in.data(), in.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return base::fail(errno, kCompress);
    const ZSTD_inBuffer input{.src = in.data(), .size = static_cast<size_t>(size), .pos = 0};
    const auto mode = size == 0 ? ZSTD_e_end : ZSTD_e_continue;
    if (auto done = put(*context, input, mode, out, {to, offset}); !done || size == 0) return done;
  }
}

/// The times and the mode of the original.
base::Result<void> finish_part(int from, int to) {
  struct stat status {};
  if (::fstat(from, &status) != 0) return base::fail(errno, kCompress);
  const std::array<timespec, 2> times{status.st_atim, status.st_mtim};
  if (::fchmod(to, status.st_mode & 07777) != 0 || ::futimens(to, times.data()) != 0 ||
      ::fdatasync(to) != 0)
    return base::fail(errno, kCompress);
  return {};
}

}  // namespace

base::Result<void> compress_log(const std::string& directory, const std::string& name,
                                const std::atomic<bool>& stop) {
  const std::string original = directory + "/" + name;
  const std::string part = directory + "/" + part_name(name);
  const base::Fd from(::open(original.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!from) return base::fail(errno, kCompress, original);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
  const base::Fd to(::open(part.c_str(), kFlags, 0640));
  if (!to) return base::fail(errno, kCompress, part);
  auto done = copy_compressed(from.get(), to.get(), stop);
  if (done) done = finish_part(from.get(), to.get());
  const std::string target = original + std::string(kCompressedSuffix);
  if (done && ::rename(part.c_str(), target.c_str()) != 0) done = base::fail(errno, kCompress);
  if (!done) {
    ::unlink(part.c_str());
    done.error().detail = original;
    return done;
  }
  if (::unlink(original.c_str()) != 0) return base::fail(errno, kCompress, original);
  return {};
}
#else
base::Result<void> compress_log(const std::string& directory, const std::string& name,
                                const std::atomic<bool>&) {
  return base::fail_input("compress log", directory + "/" + name + ": no zstd in this build");
}
#endif

}  // namespace pktana::sink
