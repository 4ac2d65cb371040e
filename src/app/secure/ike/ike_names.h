// SPDX-License-Identifier: Apache-2.0
// Words for IKE's numbers, those that EVE has. Empty for what has none.
#pragma once

#include <cstdint>
#include <string_view>

namespace pktana::app::secure {

[[nodiscard]] std::string_view ike_payload_name(uint8_t major, uint8_t type) noexcept;
[[nodiscard]] std::string_view ike_notify_name(uint16_t type) noexcept;
/// IKEv2 transforms: type 1 encryption, 3 integrity, 4 Diffie-Hellman group.
[[nodiscard]] std::string_view ike2_transform_key(uint8_t type) noexcept;  ///< "alg_enc"
[[nodiscard]] std::string_view ike2_transform_name(uint8_t type, uint16_t id) noexcept;

/// How an attribute of IKEv1 is called in events and what its value is called.
struct IkeAttributeNames {
  std::string_view key;
  std::string_view value;
};
/// Without a key: not shown.
[[nodiscard]] IkeAttributeNames ike1_attribute_names(uint16_t type, uint64_t value) noexcept;

}  // namespace pktana::app::secure
