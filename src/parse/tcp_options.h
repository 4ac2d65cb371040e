// SPDX-License-Identifier: Apache-2.0
// Walks the options of a TCP header (Packet::tcp_options). Used for flow records, printing and
// fingerprints.
#pragma once

#include <optional>

#include "base/bytes.h"

namespace pktana::parse {

inline constexpr uint8_t kTcpOptionEnd = 0;
inline constexpr uint8_t kTcpOptionNop = 1;
inline constexpr uint8_t kTcpOptionMss = 2;
inline constexpr uint8_t kTcpOptionWindowScale = 3;
inline constexpr uint8_t kTcpOptionSackPermitted = 4;
inline constexpr uint8_t kTcpOptionSack = 5;
inline constexpr uint8_t kTcpOptionTimestamps = 8;

/// Blocks that fit into 40 bytes of options.
inline constexpr unsigned kMaxSackBlocks = 4;

struct TcpTimestamps {
  uint32_t value = 0;
  uint32_t echo_reply = 0;
};

struct SackBlock {
  uint32_t left = 0;   ///< first sequence number of the block
  uint32_t right = 0;  ///< the one behind its last
};

/// One option. `data` is what follows kind and length; empty for NOP. The as_x() accessors give
/// nothing when kind or length is not that of x.
struct TcpOption {
  uint8_t kind = kTcpOptionEnd;
  base::Bytes data;

  [[nodiscard]] std::optional<uint16_t> as_mss() const noexcept;  ///< RFC 9293 section 3.7.1
  [[nodiscard]] std::optional<uint8_t> as_window_scale()
      const noexcept;  ///< RFC 7323 section 2; at most 14
  [[nodiscard]] std::optional<TcpTimestamps> as_timestamps()
      const noexcept;  ///< RFC 7323 section 3
  /// Blocks of a SACK option (RFC 2018 section 3): 0 if this is none or its length is not 8 n.
  [[nodiscard]] unsigned sack_block_count() const noexcept;
  /// @param index below sack_block_count().
  [[nodiscard]] SackBlock sack_block(unsigned index) const noexcept;
};

/// Range over options: `for (const TcpOption& option : TcpOptions(packet.tcp_options))`. NOPs are
/// given out too. It ends at the end-of-list option, and quietly at an option whose length is below
/// 2 or beyond the bytes: cut or malformed.
/// Lifetime: that of `bytes`. Cost: O(1) a step, at most 40 steps.
class TcpOptions {
 public:
  explicit TcpOptions(base::Bytes bytes) noexcept : bytes_(bytes) {}

  struct Sentinel {};

  class Iterator {
   public:
    explicit Iterator(base::Bytes rest) noexcept : rest_(rest) { read(); }
    [[nodiscard]] const TcpOption& operator*() const noexcept { return option_; }
    [[nodiscard]] const TcpOption* operator->() const noexcept { return &option_; }
    Iterator& operator++() noexcept {
      read();
      return *this;
    }
    [[nodiscard]] friend bool operator==(const Iterator& it, Sentinel) noexcept {
      return it.option_.kind == kTcpOptionEnd;
    }

   private:
    void read() noexcept;  ///< takes the next option off rest_; kind End when there is none
    base::Bytes rest_;
    TcpOption option_;
  };

  [[nodiscard]] Iterator begin() const noexcept { return Iterator(bytes_); }
  [[nodiscard]] Sentinel end() const noexcept { return {}; }

 private:
  base::Bytes bytes_;
};

}  // namespace pktana::parse
