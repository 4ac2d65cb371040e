// SPDX-License-Identifier: Apache-2.0
#include "base/version.h"

#include "config.h"

namespace pktana::base {

std::string_view version() noexcept { return PKTANA_VERSION; }

}  // namespace pktana::base
