// SPDX-License-Identifier: Apache-2.0
// Records and handshake fragments of DTLS 1.0 and 1.2 (RFC 6347 section 4), which DTLS 1.3 begins
// with as well.
#pragma once

#include <cstdint>

#include "app/reader.h"

namespace pktana::app::secure {

/// Lifetime: borrows the datagram.
struct DtlsRecord {
  uint8_t type = 0;
  uint16_t version = 0;
  uint16_t epoch = 0;  ///< 0: in clear
  Bytes content;       ///< as much as was captured
  bool whole = false;
};
/// The next record of a datagram. False at its end and where it is none.
[[nodiscard]] bool next_dtls_record(Reader& datagram, DtlsRecord& record) noexcept;

struct DtlsFragment {
  uint8_t type = 0;
  uint32_t message_bytes = 0;
  uint16_t sequence = 0;
  uint32_t offset = 0;
  Bytes body;
};
/// The next handshake fragment of a record in clear. False at its end and where it lies.
[[nodiscard]] bool next_dtls_fragment(Reader& record, DtlsFragment& fragment) noexcept;

/// Whether a datagram is DTLS: a hello, or a record of something encrypted that fills it.
[[nodiscard]] bool looks_like_dtls(Bytes datagram) noexcept;

}  // namespace pktana::app::secure
