// SPDX-License-Identifier: Apache-2.0
#include "ring/gzip_reader.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <zlib.h>

#include "ring/compressed_input.h"

namespace pktana::ring {
namespace {

constexpr int kGzipWindow = 15 + 16;  ///< zlib: largest window, gzip header and trailer
constexpr uint8_t kMagic = 0x1f;      ///< first byte of a member
constexpr size_t kMaxOutputBytes = size_t{1} << 30;  ///< per call: zlib counts in unsigned int

class GzipReader final : public ByteReader {
 public:
  explicit GzipReader(std::unique_ptr<ByteReader> file) noexcept : input_(std::move(file)) {}
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;
  ~GzipReader() override { ::inflateEnd(&stream_); }

  [[nodiscard]] bool init() noexcept { return ::inflateInit2(&stream_, kGzipWindow) == Z_OK; }

  [[nodiscard]] base::Result<size_t> read(std::span<uint8_t> to) override;
  [[nodiscard]] uint64_t file_position() const noexcept override {
    return input_.file().file_position();
  }
  [[nodiscard]] std::optional<uint64_t> file_size() const noexcept override {
    return input_.file().file_size();
  }
  [[nodiscard]] bool decompresses() const noexcept override { return true; }

 private:
  enum class State { InMember, BetweenMembers, End, Failed };

  [[nodiscard]] State next_input();
  [[nodiscard]] State begin_member();
  [[nodiscard]] State inflate_into(std::span<uint8_t> to, size_t& produced);
  [[nodiscard]] State fail(base::Error error);
  [[nodiscard]] State fail(const std::string& what) {
    return fail(base::input_error("gunzip", what + input_.place()));
  }

  CompressedInput input_;
  z_stream stream_{};
  State state_ = State::InMember;
  bool may_hold_output_ = false;  ///< the last call filled its output: zlib may have more
  base::Error error_;
};

base::Result<size_t> GzipReader::read(std::span<uint8_t> to) {
  size_t produced = 0;
  while (produced == 0) {
    if (state_ == State::End) return 0;
    if (state_ == State::Failed) return base::Unexpected(error_);
    if (input_.bytes().empty() && !may_hold_output_) {
      state_ = next_input();
    } else if (state_ == State::BetweenMembers) {
      state_ = begin_member();
    } else {
      state_ = inflate_into(to, produced);
    }
  }
  return produced;
}

GzipReader::State GzipReader::next_input() {
  auto more = input_.refill();
  if (!more) return fail(std::move(more.error()));
  if (*more) return state_;
  return state_ == State::InMember ? fail("compressed data cut short at") : State::End;
}

GzipReader::State GzipReader::begin_member() {
  const uint8_t first = input_.bytes().front();
  if (first == 0) {  // padding
    input_.use(1);
    return State::BetweenMembers;
  }
  if (first != kMagic) return fail("compressed data is followed by something else at");
  ::inflateReset(&stream_);
  return State::InMember;
}

GzipReader::State GzipReader::inflate_into(std::span<uint8_t> to, size_t& produced) {
  const base::Bytes input = input_.bytes();
  stream_.next_in = const_cast<uint8_t*>(input.data());  // zlib doesn't write there
  stream_.avail_in = static_cast<uInt>(input.size());
  stream_.next_out = to.data();
  stream_.avail_out = static_cast<uInt>(std::min<size_t>(to.size(), kMaxOutputBytes));
  const int status = ::inflate(&stream_, Z_NO_FLUSH);
  produced = static_cast<size_t>(stream_.next_out - to.data());
  input_.use(input.size() - stream_.avail_in);
  may_hold_output_ = stream_.avail_out == 0 && status == Z_OK;
  if (status == Z_STREAM_END) return State::BetweenMembers;
  if (status == Z_OK || status == Z_BUF_ERROR) return State::InMember;
  return fail("compressed data damaged (" +
              std::string(stream_.msg != nullptr ? stream_.msg : ::zError(status)) + ") at");
}

GzipReader::State GzipReader::fail(base::Error error) {
  error_ = std::move(error);
  return State::Failed;
}

}  // namespace

base::Result<std::unique_ptr<ByteReader>> open_gzip(std::unique_ptr<ByteReader> file) {
  auto reader = std::make_unique<GzipReader>(std::move(file));
  if (!reader->init()) return base::fail(ENOMEM, "gunzip");
  return reader;
}

}  // namespace pktana::ring
