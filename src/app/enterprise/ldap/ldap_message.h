// SPDX-License-Identifier: Apache-2.0
// LDAP messages (RFC 4511): the envelope, the names of operations and results, and their fields
// written into events. Pure apart from the event.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/dissector.h"

namespace pktana::app::enterprise {

/// protocolOp, [APPLICATION n].
enum class LdapOperation : uint8_t {
  BindRequest = 0,
  BindResponse = 1,
  UnbindRequest = 2,
  SearchRequest = 3,
  SearchEntry = 4,
  SearchDone = 5,
  ModifyRequest = 6,
  ModifyResponse = 7,
  AddRequest = 8,
  AddResponse = 9,
  DeleteRequest = 10,
  DeleteResponse = 11,
  RenameRequest = 12,
  RenameResponse = 13,
  CompareRequest = 14,
  CompareResponse = 15,
  AbandonRequest = 16,
  SearchReference = 19,
  ExtendedRequest = 23,
  ExtendedResponse = 24,
  IntermediateResponse = 25,
};

struct LdapMessage {
  int64_t id = 0;
  LdapOperation operation = LdapOperation::BindRequest;
  Bytes body;  ///< value of protocolOp
};

/// @param bytes  one whole LDAPMessage (section 4.1.1).
/// @return nothing if it is none: not a sequence of id and an operation that exists.
/// Lifetime: borrowed from `bytes`.
[[nodiscard]] std::optional<LdapMessage> parse_ldap(Bytes bytes) noexcept;

[[nodiscard]] bool is_request(LdapOperation operation) noexcept;
/// Requests that nobody answers: unbind, abandon.
[[nodiscard]] bool is_unanswered(LdapOperation operation) noexcept;
/// Responses after which no other comes.
[[nodiscard]] bool is_final(LdapOperation operation) noexcept;
[[nodiscard]] const char* ldap_operation_text(LdapOperation operation) noexcept;
/// "success", "invalid_credentials", ...; "unknown" for others.
[[nodiscard]] std::string_view ldap_result_text(int64_t code) noexcept;
/// resultCode of a response that has one.
[[nodiscard]] std::optional<int64_t> ldap_result(const LdapMessage& message) noexcept;
/// The OID of an extended request; empty for others.
[[nodiscard]] std::string_view ldap_extension(const LdapMessage& message) noexcept;

/// Writes the operation's name and fields into an open object. ldap_show_request.cpp and
/// ldap_show_response.cpp.
void show_ldap_request(Fields& out, const LdapMessage& message) noexcept;
void show_ldap_response(Fields& out, const LdapMessage& message) noexcept;

/// RFC 4515's form of a search filter, of about 2 KiB: what is longer or nested deeper than 16 is
/// left out. ldap_filter.cpp.
[[nodiscard]] std::string ldap_filter_text(uint8_t tag, Bytes value);

/// Lower-case digits of at most 1024 bytes.
void put_hex(Fields& out, const char* key, Bytes bytes) noexcept;
/// Text of an attribute value, which may be anything.
void put_values(Fields& out, const char* key, Bytes set) noexcept;
/// "attributes": of a list of attributes with their values, at most 64. `type_key`: what EVE calls
/// the name of one here.
void put_attributes(Fields& out, const char* type_key, Bytes list) noexcept;

inline constexpr std::string_view kLdapStartTls = "1.3.6.1.4.1.1466.20037";

}  // namespace pktana::app::enterprise
