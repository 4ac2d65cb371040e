// SPDX-License-Identifier: Apache-2.0
// Names of numbers that several protocols share.
#pragma once

#include <cstdint>
#include <string_view>

namespace pktana::inspect {

/// All give "" for a number without a name.
[[nodiscard]] std::string_view ethertype_name(uint16_t type) noexcept;
[[nodiscard]] std::string_view ip_protocol_name(uint8_t protocol) noexcept;
[[nodiscard]] std::string_view ppp_protocol_name(uint16_t protocol) noexcept;
[[nodiscard]] std::string_view link_type_name(uint32_t link_type) noexcept;

/// The service that IANA or common use has on a TCP or UDP port: a hint, not what is spoken there.
[[nodiscard]] std::string_view port_service(uint16_t port) noexcept;
[[nodiscard]] std::string_view dscp_name(uint8_t dscp) noexcept;

}  // namespace pktana::inspect
