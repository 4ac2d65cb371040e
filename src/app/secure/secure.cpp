// SPDX-License-Identifier: Apache-2.0
#include "app/builtin.h"

namespace pktana::app {

DissectorList secure_dissectors() noexcept { return {}; }

}  // namespace pktana::app
