// SPDX-License-Identifier: Apache-2.0
// The dissector of QUIC: an event "quic" for the client's hello and one for the server's, as EVE
// has them; with the version alone if neither could be read.
#pragma once

#include "pktana/plugin.h"

namespace pktana::app::secure {

extern const pktana_dissector kQuic;

}  // namespace pktana::app::secure
