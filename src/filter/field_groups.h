// SPDX-License-Identifier: Apache-2.0
// The table of fields in its parts: field.cpp puts them together, each other file has one.
#pragma once

#include <span>

#include "filter/field.h"

namespace pktana::filter {

[[nodiscard]] std::span<const Field> endpoint_fields() noexcept;
[[nodiscard]] std::span<const Field> flow_fields() noexcept;
[[nodiscard]] std::span<const Field> tcp_fields() noexcept;
[[nodiscard]] std::span<const Field> application_fields() noexcept;

}  // namespace pktana::filter
