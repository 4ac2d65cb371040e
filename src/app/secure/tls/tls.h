// SPDX-License-Identifier: Apache-2.0
// The dissectors of TLS over TCP and of DTLS. Both tell one event "tls" per connection: when the
// last message in clear has been seen, or with what was seen when the flow ends.
#pragma once

#include "pktana/plugin.h"

namespace pktana::app::secure {

extern const pktana_dissector kTls;
extern const pktana_dissector kDtls;

}  // namespace pktana::app::secure
