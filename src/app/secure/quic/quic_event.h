// SPDX-License-Identifier: Apache-2.0
// The "extensions" of EVE's quic event: those of a hello with names and values.
#pragma once

#include "app/dissector.h"

namespace pktana::app::secure {

/// @param extensions  those of a ClientHello or ServerHello, with their headers. GREASE is left
/// out.
void put_quic_extensions(Fields& fields, Bytes extensions, bool from_client);

}  // namespace pktana::app::secure
