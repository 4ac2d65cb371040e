// SPDX-License-Identifier: Apache-2.0
// What events tell of an X.509 certificate (RFC 5280), in the words of EVE. Nothing is verified.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/dissector.h"

namespace pktana::app::secure {

inline constexpr size_t kMaxAltNames = 128;  ///< subject alternative names that are kept

struct Certificate {
  std::string subject;  ///< "C=US, O=Example, CN=www.example.com"
  std::string issuer;
  std::string serial;       ///< "0C:67:3E"
  std::string fingerprint;  ///< SHA-1, "af:cc:00"
  std::string not_before;   ///< "2018-03-24T07:15:42"; empty if it is no time
  std::string not_after;
  std::vector<std::string> alt_names;  ///< of subjectAltName: DNS names, addresses, URIs, ...
};

/// @param der  one certificate, with nothing behind it.
/// @return nothing if the parts up to the subject's name are not there.
[[nodiscard]] std::optional<Certificate> parse_certificate(Bytes der);

/// The fields "subject" to "notafter" of a tls event or of its client object.
void put_certificate(Fields& fields, const Certificate& certificate) noexcept;

/// The validity as events show it, of the body of a UTCTime or GeneralizedTime; empty if it is
/// neither.
[[nodiscard]] std::string time_text(uint8_t tag, Bytes body);

}  // namespace pktana::app::secure
