// SPDX-License-Identifier: Apache-2.0
// Record headers of TLS (RFC 8446 section 5.1) and the hello of SSL 2.0 (its draft of 1995; RFC
// 5246 appendix E.2), for the probe and the dissector.
#pragma once

#include <cstdint>
#include <optional>

#include "app/reader.h"

namespace pktana::app::secure {

enum RecordType : uint8_t {
  kChangeCipherSpec = 20,
  kAlert = 21,
  kHandshake = 22,
  kApplicationData = 23,
  kHeartbeat = 24,
};

inline constexpr size_t kRecordHeader = 5;
inline constexpr size_t kMaxRecord = (1U << 14) + 2048;  ///< contents, with what encryption adds

struct RecordHeader {
  uint8_t type;
  uint16_t version;
  uint16_t length;
};
/// Nothing if fewer than five bytes are there, or they are no record header.
[[nodiscard]] std::optional<RecordHeader> parse_record_header(Bytes bytes) noexcept;

/// What an SSL 2.0 record with a hello is: two bytes of length, then the message.
struct Ssl2Hello {
  bool from_client = false;
  uint16_t version = 0;
  Bytes certificate;        ///< of the server
  size_t record_bytes = 0;  ///< header included
};
/// Nothing if the bytes are no such hello; its inner lengths must add up. A record that is longer
/// than `bytes` gives nothing too.
[[nodiscard]] std::optional<Ssl2Hello> parse_ssl2_hello(Bytes bytes) noexcept;

/// Whether a stream of which this is the beginning is TLS: a hello, or two records in a row in the
/// middle of a connection. False for both: no. `unsure`: it may become one.
struct TlsGuess {
  bool yes = false;
  bool unsure = false;
};
[[nodiscard]] TlsGuess guess_tls(Bytes beginning) noexcept;

}  // namespace pktana::app::secure
