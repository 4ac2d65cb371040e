// SPDX-License-Identifier: Apache-2.0
// Reads a part of a log as blocks of whole lines, with the room behind them that the JSON parser
// may read into.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "base/result.h"
#include "query/log_files.h"
#include "ring/byte_reader.h"

namespace pktana::query {

/// Threads: one. One reader serves many parts, so that its memory is kept.
class PartReader {
 public:
  static constexpr size_t kPadding = 128;                    ///< readable bytes behind every block
  static constexpr size_t kMaxLineBytes = size_t{16} << 20;  ///< a longer line is an Error

  /// Begins with a part.
  [[nodiscard]] base::Result<void> open(const LogPart& part);

  struct Block {
    std::string_view lines;  ///< whole ones, each with its newline; empty = no more
    std::string_view torn;   ///< behind them, at the end of the file only: a line without one
  };
  /// Lifetime: until the next call.
  [[nodiscard]] base::Result<Block> next();

 private:
  [[nodiscard]] base::Result<Block> next_of_file();
  [[nodiscard]] base::Result<Block> next_of_stream();
  [[nodiscard]] base::Result<size_t> read_at(uint64_t offset, size_t used, size_t count);
  [[nodiscard]] base::Result<bool> extend(size_t& used, uint64_t begin);
  void reserve(size_t bytes);

  LogPart part_;
  base::Fd fd_;
  std::unique_ptr<ring::ByteReader> stream_;
  std::vector<char> buffer_;
  size_t kept_ = 0;  ///< stream: bytes at the front that belong to a line not yet whole
  size_t kept_at_ = 0;
  bool ended_ = false;
};

}  // namespace pktana::query
