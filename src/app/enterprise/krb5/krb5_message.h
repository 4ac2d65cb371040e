// SPDX-License-Identifier: Apache-2.0
// Messages between Kerberos clients and the KDC (RFC 4120): requests, replies and errors, as far as
// records show them. Pure, nothing is copied.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "app/dissector.h"

namespace pktana::app::enterprise {

/// [APPLICATION n] of the message.
enum class Krb5Type : uint8_t { AsReq = 10, AsRep = 11, TgsReq = 12, TgsRep = 13, Error = 30 };

/// Parts of a principal's name ("krbtgt", "EXAMPLE.COM").
struct Krb5Name {
  static constexpr size_t kMaxParts = 8;
  std::array<std::string_view, kMaxParts> parts;
  size_t count = 0;
};

struct Krb5Message {
  Krb5Type type = Krb5Type::AsReq;
  std::optional<Krb5Name> client;
  std::optional<Krb5Name> service;
  std::optional<std::string_view> realm;  ///< not of errors
  std::optional<int64_t> encryption;      ///< replies: of the part for the client
  std::optional<int64_t> ticket_encryption;
  std::optional<int64_t> error_code;  ///< errors
};

/// @param bytes  from [APPLICATION n] on; for UDP the datagram, for TCP what follows the length.
/// @return nothing if it is cut, is no KDC message, or its version and type fields contradict it.
/// Lifetime: borrowed from `bytes`.
[[nodiscard]] std::optional<Krb5Message> parse_krb5(Bytes bytes) noexcept;

/// Whether `bytes` may be the beginning of a KDC message: its tag, a sequence, version 5.
[[nodiscard]] pktana_match probe_krb5(Bytes bytes) noexcept;

[[nodiscard]] std::string_view krb5_type_text(Krb5Type type) noexcept;  ///< "KRB_AS_REQ" ...
/// "aes256-cts-hmac-sha1-96" ...; empty if it has none.
[[nodiscard]] std::string_view krb5_encryption_text(int64_t encryption) noexcept;
/// Whatever is neither AES nor Camellia.
[[nodiscard]] bool krb5_is_weak(int64_t encryption) noexcept;
/// "KDC_ERR_PREAUTH_REQUIRED" ...; empty if it has none.
[[nodiscard]] std::string_view krb5_error_text(int64_t code) noexcept;

}  // namespace pktana::app::enterprise
