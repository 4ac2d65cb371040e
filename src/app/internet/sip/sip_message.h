// SPDX-License-Identifier: Apache-2.0
// SIP messages (RFC 3261) and the session descriptions they carry (SDP, RFC 8866), as far as
// events show them. Pure parsing.
#pragma once

#include "app/internet/text.h"

namespace pktana::app::internet::sip {

/// Lifetime: borrows the message.
struct Message {
  bool is_request = false;
  std::string_view first_line;
  std::string_view method;   ///< of a request
  std::string_view uri;      ///< of a request
  std::string_view version;  ///< "SIP/2.0"
  std::string_view code;     ///< of a response
  std::string_view reason;   ///< of a response
  bool has_sdp = false;
  std::string_view body;        ///< what is there of it
  uint64_t content_length = 0;  ///< what its field says; 0 without one
  size_t head_len = 0;          ///< first line and fields, with the empty line
};

enum class Match : uint8_t { No, Maybe, Yes };

/// Whether the text begins with a first line of SIP. Maybe: as far as it is there.
[[nodiscard]] Match match_first_line(std::string_view text) noexcept;

/// False unless it begins with a first line of SIP.
/// @param text of a message; its fields may be cut off at the end.
[[nodiscard]] bool parse_message(std::string_view text, Message& message) noexcept;

/// "sdp": { ... }; what comes before the first media line is the session's.
void write_sdp(Fields& fields, std::string_view text) noexcept;

}  // namespace pktana::app::internet::sip
