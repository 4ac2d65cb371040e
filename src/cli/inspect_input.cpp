// SPDX-License-Identifier: Apache-2.0
#include "cli/inspect_input.h"

#include <algorithm>

#include "ring/capture_file.h"
#include "ring/file_reader.h"

namespace pktana::cli {
namespace {

constexpr size_t kPeekBytes = 4096;
constexpr size_t kMaxHexText = size_t{16} << 20;

/// Gives bytes that were read ahead, then those of the reader behind.
class PeekedReader final : public ring::ByteReader {
 public:
  PeekedReader(std::string peeked, std::unique_ptr<ring::ByteReader> behind) noexcept
      : peeked_(std::move(peeked)), behind_(std::move(behind)) {}

  [[nodiscard]] base::Result<size_t> read(std::span<uint8_t> to) override {
    if (given_ == peeked_.size()) return behind_->read(to);
    const size_t count = std::min(to.size(), peeked_.size() - given_);
    std::copy_n(peeked_.begin() + static_cast<ptrdiff_t>(given_), count, to.begin());
    given_ += count;
    return count;
  }
  [[nodiscard]] uint64_t file_position() const noexcept override {
    return behind_->file_position();
  }
  [[nodiscard]] std::optional<uint64_t> file_size() const noexcept override {
    return behind_->file_size();
  }

 private:
  std::string peeked_;
  std::unique_ptr<ring::ByteReader> behind_;
  size_t given_ = 0;
};

/// Appends until `text` has `size` bytes or the reader none.
base::Result<void> read_up_to(ring::ByteReader& reader, size_t size, std::string& text) {
  while (text.size() < size) {
    uint8_t block[kPeekBytes];
    const auto got = reader.read({block, std::min(sizeof block, size - text.size())});
    if (!got) return base::Unexpected(got.error());
    if (*got == 0) return {};
    text.append(block, block + *got);
  }
  return {};
}

}  // namespace

base::Result<InspectInput> open_inspect_input(const std::string& path) {
  auto reader = ring::FileReader::open(path);
  if (!reader) return base::Unexpected(reader.error());
  std::string text;
  if (auto peeked = read_up_to(**reader, kPeekBytes, text); !peeked)
    return base::Unexpected(peeked.error());
  InspectInput input;
  if (!text.empty() && looks_like_hex_text(text)) {
    if (auto all = read_up_to(**reader, kMaxHexText, text); !all)
      return base::Unexpected(all.error());
    auto frames = parse_hex(text);
    if (!frames) return base::Unexpected(frames.error());
    input.frames = std::move(*frames);
    return input;
  }
  auto file = ring::CaptureFile::open(
      {.path = path}, std::make_unique<PeekedReader>(std::move(text), std::move(*reader)));
  if (!file) return base::Unexpected(file.error());
  input.capture = std::move(*file);
  return input;
}

}  // namespace pktana::cli
