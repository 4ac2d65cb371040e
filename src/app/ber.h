// SPDX-License-Identifier: Apache-2.0
// The part of BER (X.690) that Kerberos, LDAP, SNMP and certificates need: tags of one byte,
// definite lengths. Nothing is copied, nothing reads beyond its range.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "app/dissector.h"
#include "app/reader.h"

namespace pktana::app {

inline constexpr uint8_t kBerBoolean = 0x01;
inline constexpr uint8_t kBerInteger = 0x02;
inline constexpr uint8_t kBerOctets = 0x04;
inline constexpr uint8_t kBerEnumerated = 0x0a;
inline constexpr uint8_t kBerSequence = 0x30;
inline constexpr uint8_t kBerSet = 0x31;
/// Constructed tags [n] and [APPLICATION n], n below 31.
[[nodiscard]] constexpr uint8_t ber_context(uint8_t n) noexcept {
  return static_cast<uint8_t>(0xa0 | n);
}
[[nodiscard]] constexpr uint8_t ber_application(uint8_t n) noexcept {
  return static_cast<uint8_t>(0x60 | n);
}

/// Head of an element.
struct BerHead {
  uint8_t tag = 0;
  size_t head_len = 0;   ///< bytes of tag and length
  size_t value_len = 0;  ///< as the head says; may be more than is there
};

/// @return nothing while the head is not all there, or (is_malformed) if it can be none: long tag,
///         indefinite length, length of more than four bytes.
struct BerHeadResult {
  std::optional<BerHead> head;
  bool is_malformed = false;
};
[[nodiscard]] BerHeadResult ber_head(Bytes bytes) noexcept;

/// One whole element.
struct BerElement {
  uint8_t tag = 0;
  Bytes value;
};

/// The next element of a cursor. False, and nothing is read, if it is not whole or can be none.
[[nodiscard]] bool read_ber(Reader& in, BerElement& out) noexcept;

/// Walks elements that lie one behind another. Lifetime: borrowed.
class BerReader {
 public:
  explicit BerReader(Bytes bytes) noexcept : in_(bytes) {}

  /// False at the end, and where the next element is not whole.
  [[nodiscard]] bool next(BerElement& out) noexcept { return read_ber(in_, out); }
  /// The value of the next element if its tag is `tag`; else nothing, and the element is not taken.
  [[nodiscard]] std::optional<Bytes> take(uint8_t tag) noexcept;

 private:
  Reader in_;
};

/// Value of the first of the elements in `bytes` that has this tag; nothing if there is none among
/// the first 64.
[[nodiscard]] std::optional<Bytes> ber_child(Bytes bytes, uint8_t tag) noexcept;
/// Value of what lies in the child with this tag: [n] wraps one element in most Kerberos fields.
[[nodiscard]] std::optional<BerElement> ber_wrapped(Bytes bytes, uint8_t tag) noexcept;
/// Value of an INTEGER or ENUMERATED; nothing if it is empty or has more than eight bytes.
[[nodiscard]] std::optional<int64_t> ber_number(Bytes value) noexcept;

}  // namespace pktana::app
