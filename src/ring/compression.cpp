// SPDX-License-Identifier: Apache-2.0
#include "ring/compression.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.h"
#include "config.h"
#include "ring/gzip_reader.h"
#include "ring/zstd_reader.h"

namespace pktana::ring {
namespace {

/// Gives the bytes that were taken to look at once more, then the rest of the file.
class PeekedReader final : public ByteReader {
 public:
  explicit PeekedReader(std::unique_ptr<ByteReader> file) noexcept : file_(std::move(file)) {}

  /// The first four bytes, fewer if the file has no more.
  [[nodiscard]] base::Result<base::Bytes> peek() {
    while (size_ < first_.size()) {
      const auto got = file_->read(std::span(first_).subspan(size_));
      if (!got) return base::Unexpected(got.error());
      if (*got == 0) break;
      size_ += *got;
    }
    return base::Bytes(first_.data(), size_);
  }

  [[nodiscard]] base::Result<size_t> read(std::span<uint8_t> to) override {
    if (given_ == size_) return file_->read(to);
    const size_t count = std::min(to.size(), size_ - given_);
    std::copy_n(first_.begin() + given_, count, to.begin());
    given_ += count;
    return count;
  }
  [[nodiscard]] uint64_t file_position() const noexcept override { return file_->file_position(); }
  [[nodiscard]] std::optional<uint64_t> file_size() const noexcept override {
    return file_->file_size();
  }

 private:
  std::unique_ptr<ByteReader> file_;
  std::array<uint8_t, 4> first_{};
  size_t size_ = 0;
  size_t given_ = 0;
};

bool is_gzip(base::Bytes first) noexcept {
  return first.size() >= 2 && base::load_be<uint16_t>(first.data()) == 0x1f8b;
}

/// A frame, or one of the skippable frames that some tools put first (RFC 8878, sections 3.1.1
/// and 3.1.2).
bool is_zstd(base::Bytes first) noexcept {
  if (first.size() < 4) return false;
  const auto magic = base::load_le<uint32_t>(first.data());
  return magic == 0xfd2fb528 || (magic & 0xfffffff0) == 0x184d2a50;
}

[[maybe_unused]] base::Unexpected not_in_this_build(const char* method) {
  return base::fail_input("read capture file", std::string("compressed with ") + method +
                                                   ", which this build can't decompress");
}

}  // namespace

base::Result<std::unique_ptr<ByteReader>> decompress_if_needed(std::unique_ptr<ByteReader> file) {
  auto peeked = std::make_unique<PeekedReader>(std::move(file));
  auto first = peeked->peek();
  if (!first) return base::Unexpected(std::move(first.error()));
  if (is_gzip(*first)) {
#if PKTANA_HAVE_ZLIB
    return open_gzip(std::move(peeked));
#else
    return not_in_this_build("gzip");
#endif
  }
  if (is_zstd(*first)) {
#if PKTANA_HAVE_ZSTD
    return open_zstd(std::move(peeked));
#else
    return not_in_this_build("zstd");
#endif
  }
  return peeked;
}

}  // namespace pktana::ring
