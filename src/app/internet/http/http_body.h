// SPDX-License-Identifier: Apache-2.0
// Where the body of an HTTP/1 message ends (RFC 9112 section 6), told from the bytes as they come;
// the bodies themselves are not kept.
#pragma once

#include "app/dissector.h"

namespace pktana::app::internet::http {

class Body {
 public:
  /// The next body is of `length` bytes; 0 = there is none.
  void begin_length(uint64_t length) noexcept;
  /// The next body is chunked.
  void begin_chunked() noexcept;
  /// The next body lasts as long as the connection.
  void begin_endless() noexcept;

  [[nodiscard]] bool is_done() const noexcept { return state_ == State::Done; }
  [[nodiscard]] bool is_endless() const noexcept { return state_ == State::Endless; }
  /// Bytes of the body so far as they were sent: with the framing of chunks, without the trailer.
  [[nodiscard]] uint64_t length() const noexcept { return length_; }

  /// How many of `bytes` belong to the body.
  [[nodiscard]] size_t take(Bytes bytes) noexcept;
  /// `missing` bytes were lost, and count as sent. False if nobody can tell where the body ends
  /// now.
  [[nodiscard]] bool skip_gap(uint64_t missing) noexcept;

 private:
  enum class State : uint8_t { Done, Counted, Endless, Size, SizeRest, Data, DataEnd, Trailer };

  size_t take_framing(Bytes bytes) noexcept;
  void on_framing_byte(char c) noexcept;
  void on_size_byte(char c) noexcept;
  void on_size_end() noexcept;
  void begin_next_chunk() noexcept;

  State state_ = State::Done;
  uint8_t digits_ = 0;            // of the chunk size that is being read
  bool trailer_is_empty_ = true;  // the trailer line that is being read
  uint64_t left_ = 0;             // of the counted body or the chunk
  uint64_t length_ = 0;
};

}  // namespace pktana::app::internet::http
