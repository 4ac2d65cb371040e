// SPDX-License-Identifier: Apache-2.0
// CIP messages (ODVA, CIP Networks Library volume 1): service, path and
// status, and those within a Multiple Service Packet. Pure apart from the event.
#pragma once

#include <string>

#include "app/dissector.h"

namespace pktana::app::enterprise {

enum class CipSide : uint8_t { Request, Response };

/// Writes the object "cip"; nothing at all if there is no message.
/// @param bytes  from the service on; may be cut.
void show_cip(Fields& out, Bytes bytes, CipSide side) noexcept;

/// Names of the specification; "unknown-NUMBER" for others.
[[nodiscard]] std::string cip_service_text(uint8_t service) noexcept;
[[nodiscard]] std::string cip_status_text(uint8_t status) noexcept;
[[nodiscard]] std::string cip_class_text(uint32_t number) noexcept;
[[nodiscard]] std::string cip_vendor_text(uint16_t vendor) noexcept;
[[nodiscard]] std::string cip_device_text(uint16_t type) noexcept;
/// Of extended statuses of the connection manager; empty for others.
[[nodiscard]] std::string_view cip_extended_text(uint16_t status) noexcept;

}  // namespace pktana::app::enterprise
