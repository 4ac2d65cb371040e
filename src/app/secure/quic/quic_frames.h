// SPDX-License-Identifier: Apache-2.0
// The frames of an opened Initial packet (RFC 9000 section 19), as far as they carry the handshake.
#pragma once

#include "app/secure/range_buffer.h"

namespace pktana::app::secure {

/// Puts the CRYPTO frames of `payload` into `stream`. False if it holds a frame that an Initial
/// packet must not have; what came before it is kept.
bool collect_crypto(Bytes payload, RangeBuffer& stream);

}  // namespace pktana::app::secure
