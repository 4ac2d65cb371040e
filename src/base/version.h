// SPDX-License-Identifier: Apache-2.0
// The program's version, for those who can't include the build's config.h.
#pragma once

#include <string_view>

namespace pktana::base {

[[nodiscard]] std::string_view version() noexcept;  ///< "0.1.0"

}  // namespace pktana::base
