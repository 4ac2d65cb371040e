// SPDX-License-Identifier: Apache-2.0
#include "query/part_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "ring/compression.h"
#include "ring/file_reader.h"

namespace pktana::query {
namespace {

constexpr size_t kStep = size_t{64} << 10;  ///< read on behind a part until its last line ends
constexpr size_t kStreamBytes = size_t{1} << 20;

}  // namespace

void PartReader::reserve(size_t bytes) {
  if (buffer_.size() < bytes + kPadding) buffer_.resize(bytes + kPadding);
}

base::Result<void> PartReader::open(const LogPart& part) {
  part_ = part;
  kept_ = 0;
  kept_at_ = 0;
  ended_ = false;
  stream_.reset();
  if (!part.as_stream) {
    fd_ = base::Fd(::open(part.path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd_) return base::fail(errno, "open log", part.path);
    return {};
  }
  auto file = ring::FileReader::open(part.path);
  if (!file) return base::Unexpected(file.error());
  auto stream = ring::decompress_if_needed(std::move(*file));
  if (!stream) {
    stream.error().detail = part.path + ": " + stream.error().detail;
    return base::Unexpected(stream.error());
  }
  stream_ = std::move(*stream);
  return {};
}

base::Result<PartReader::Block> PartReader::next() {
  if (ended_) return Block{};
  return stream_ ? next_of_stream() : next_of_file();
}

base::Result<size_t> PartReader::read_at(uint64_t offset, size_t used, size_t count) {
  reserve(used + count);
  size_t done = 0;
  while (done < count) {
    const ssize_t got = ::pread(fd_.get(), buffer_.data() + used + done, count - done,
                                static_cast<off_t>(offset + done));
    if (got == 0) break;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::fail(errno, "read log", part_.path);
    done += static_cast<size_t>(got);
  }
  return done;
}

/// Reads one step more behind what is there. False: the file has ended.
base::Result<bool> PartReader::extend(size_t& used, uint64_t begin) {
  if (used > LogPart::kBytes + kMaxLineBytes)
    return base::fail_input("read log", part_.path + ": a line longer than 16 MiB");
  const auto got = read_at(begin + used, used, kStep);
  if (!got) return base::Unexpected(got.error());
  used += *got;
  return *got > 0;
}

/// The lines that begin in the part: from behind the newline at or after the byte before it, to the
/// newline at or after its last byte.
base::Result<PartReader::Block> PartReader::next_of_file() {
  ended_ = true;
  const size_t before = part_.offset > 0 ? 1 : 0;
  const uint64_t begin = part_.offset - before;
  const size_t wanted = static_cast<size_t>(part_.length) + before;
  const auto got = read_at(begin, 0, wanted);
  if (!got) return base::Unexpected(got.error());
  size_t used = *got;
  size_t first = 0;
  if (before > 0) {
    const void* newline = std::memchr(buffer_.data(), '\n', used);
    if (newline == nullptr) return Block{};  // a line of before covers all of this part
    first = static_cast<size_t>(static_cast<const char*>(newline) - buffer_.data()) + 1;
  }
  if (first >= wanted || used == 0) return Block{};
  size_t look = used - 1;
  for (;;) {
    const void* newline = std::memchr(buffer_.data() + look, '\n', used - look);
    if (newline != nullptr) {
      const auto end = static_cast<size_t>(static_cast<const char*>(newline) - buffer_.data()) + 1;
      return Block{.lines = {buffer_.data() + first, end - first}, .torn = {}};
    }
    look = used;
    const auto more = extend(used, begin);
    if (!more) return base::Unexpected(more.error());
    if (!*more) break;
  }
  const std::string_view all(buffer_.data() + first, used - first);
  const size_t last = all.rfind('\n');
  const size_t whole = last == std::string_view::npos ? 0 : last + 1;
  return Block{.lines = all.substr(0, whole), .torn = all.substr(whole)};
}

base::Result<PartReader::Block> PartReader::next_of_stream() {
  if (kept_at_ > 0) std::memmove(buffer_.data(), buffer_.data() + kept_at_, kept_);
  kept_at_ = 0;
  for (;;) {
    if (kept_ > kMaxLineBytes)
      return base::fail_input("read log", part_.path + ": a line longer than 16 MiB");
    reserve(kept_ + kStreamBytes);
    auto got = stream_->read({reinterpret_cast<uint8_t*>(buffer_.data()) + kept_, kStreamBytes});
    if (!got) {
      got.error().detail = part_.path + ": " + got.error().detail;
      return base::Unexpected(got.error());
    }
    const std::string_view all(buffer_.data(), kept_ + *got);
    if (*got == 0) {
      ended_ = true;
      return Block{.lines = {}, .torn = all};
    }
    const size_t last = all.rfind('\n');
    kept_ = all.size();
    if (last == std::string_view::npos) continue;
    kept_at_ = last + 1;
    kept_ = all.size() - kept_at_;
    return Block{.lines = all.substr(0, kept_at_), .torn = {}};
  }
}

}  // namespace pktana::query
