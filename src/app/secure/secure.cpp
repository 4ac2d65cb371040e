// SPDX-License-Identifier: Apache-2.0
#include "app/builtin.h"
#include "app/secure/tls/tls.h"

namespace pktana::app {

DissectorList secure_dissectors() noexcept {
  static constexpr const pktana_dissector* kList[] = {&secure::kTls, &secure::kDtls};
  return kList;
}

}  // namespace pktana::app
