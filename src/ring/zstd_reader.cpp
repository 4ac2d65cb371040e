// SPDX-License-Identifier: Apache-2.0
#include "ring/zstd_reader.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <zstd.h>

#include "ring/compressed_input.h"

namespace pktana::ring {
namespace {

struct FreeStream {
  void operator()(ZSTD_DStream* stream) const noexcept { ::ZSTD_freeDStream(stream); }
};

class ZstdReader final : public ByteReader {
 public:
  explicit ZstdReader(std::unique_ptr<ByteReader> file) noexcept
      : input_(std::move(file)), stream_(::ZSTD_createDStream()) {
    if (stream_) portion_ = first_portion_ = ::ZSTD_initDStream(stream_.get());
  }

  [[nodiscard]] bool is_ready() const noexcept { return stream_ != nullptr; }

  [[nodiscard]] base::Result<size_t> read(std::span<uint8_t> to) override;
  [[nodiscard]] uint64_t file_position() const noexcept override {
    return input_.file().file_position();
  }
  [[nodiscard]] std::optional<uint64_t> file_size() const noexcept override {
    return input_.file().file_size();
  }
  [[nodiscard]] bool decompresses() const noexcept override { return true; }

 private:
  enum class State { InFrame, BetweenFrames, End, Failed };

  [[nodiscard]] State next_input();
  [[nodiscard]] State decompress_into(std::span<uint8_t> to, size_t& produced);
  [[nodiscard]] State fail(base::Error error);
  [[nodiscard]] State fail(const std::string& what) {
    return fail(base::input_error("unzstd", what + input_.place()));
  }

  CompressedInput input_;
  std::unique_ptr<ZSTD_DStream, FreeStream> stream_;
  State state_ = State::InFrame;
  bool may_hold_output_ = false;  ///< the last call filled its output: the decoder may have more
  size_t first_portion_ = 0;      ///< bytes to give at the beginning of a frame
  size_t portion_ = 0;            ///< bytes to give next
  base::Error error_;
};

base::Result<size_t> ZstdReader::read(std::span<uint8_t> to) {
  size_t produced = 0;
  while (produced == 0) {
    if (state_ == State::End) return 0;
    if (state_ == State::Failed) return base::Unexpected(error_);
    if (input_.bytes().empty() && !may_hold_output_) {
      state_ = next_input();
    } else {
      state_ = decompress_into(to, produced);
    }
  }
  return produced;
}

ZstdReader::State ZstdReader::next_input() {
  auto more = input_.refill();
  if (!more) return fail(std::move(more.error()));
  if (*more) return state_;
  return state_ == State::InFrame ? fail("compressed data cut short at") : State::End;
}

/// Gives the decoder what it asks for and no more, so one block at a time: when a call fails,
/// libzstd forgets what it has put out during that call, and the blocks before a damaged one would
/// be lost.
ZstdReader::State ZstdReader::decompress_into(std::span<uint8_t> to, size_t& produced) {
  const base::Bytes given = input_.bytes().first(std::min(portion_, input_.bytes().size()));
  ZSTD_inBuffer input{given.data(), given.size(), 0};
  ZSTD_outBuffer output{to.data(), to.size(), 0};
  const size_t status = ::ZSTD_decompressStream(stream_.get(), &output, &input);
  if (::ZSTD_isError(status) != 0) {
    input_.use(given.size());
    return fail("compressed data damaged (" + std::string(::ZSTD_getErrorName(status)) +
                ") before");
  }
  produced = output.pos;
  input_.use(input.pos);
  may_hold_output_ = output.pos == output.size && status != 0;
  portion_ = status == 0 ? first_portion_ : status;
  return status == 0 ? State::BetweenFrames : State::InFrame;
}

ZstdReader::State ZstdReader::fail(base::Error error) {
  error_ = std::move(error);
  return State::Failed;
}

}  // namespace

base::Result<std::unique_ptr<ByteReader>> open_zstd(std::unique_ptr<ByteReader> file) {
  auto reader = std::make_unique<ZstdReader>(std::move(file));
  if (!reader->is_ready()) return base::fail(ENOMEM, "unzstd");
  return reader;
}

}  // namespace pktana::ring
