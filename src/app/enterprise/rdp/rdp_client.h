// SPDX-License-Identifier: Apache-2.0
// What an RDP client says of itself where the session is not within TLS: the settings in its MCS
// Connect Initial (MS-RDPBCGR 2.2.1.3). Pure apart from the event.
#pragma once

#include <optional>

#include "app/dissector.h"

namespace pktana::app::enterprise {

enum class RdpMcs : uint8_t { ConnectInitial, ConnectResponse };

/// @param tpkt  one whole TPKT.
/// @return nothing if it is neither.
[[nodiscard]] std::optional<RdpMcs> rdp_mcs_kind(Bytes tpkt) noexcept;

/// Writes "client" and "channels".
/// @param tpkt  with a Connect Initial.
void show_rdp_client(Fields& out, Bytes tpkt) noexcept;

}  // namespace pktana::app::enterprise
