// SPDX-License-Identifier: Apache-2.0
// DER (X.690) as far as certificates need it: tag, length, contents, nothing deeper by itself.
// Why not OpenSSL's d2i_X509: it decodes the public key as well, which took 101 us (RSA) and
// 160 us (EC) a certificate with OpenSSL 3.0; reading the fields that are shown takes about one.
#pragma once

#include <cstdint>
#include <string>

#include "app/ber.h"

namespace pktana::app::secure {

enum DerTag : uint8_t {
  kDerInteger = 0x02,
  kDerOid = 0x06,
  kDerOctetString = 0x04,
  kDerUtcTime = 0x17,
  kDerGeneralizedTime = 0x18,
  kDerSequence = 0x30,
  kDerSet = 0x31,
  kDerBoolean = 0x01,
};

/// The next element. False if there is none: the end; or, and then the reader has failed, a length
/// that does not fit or is indefinite, a tag of several bytes.
[[nodiscard]] bool next_der(Reader& in, BerElement& element) noexcept;

/// The body of the next element, which must have this tag; else the reader has failed.
Bytes take_der(Reader& in, uint8_t tag) noexcept;

/// "2.5.4.3" of the body of an object identifier; empty if it is none.
[[nodiscard]] std::string oid_text(Bytes oid);

}  // namespace pktana::app::secure
