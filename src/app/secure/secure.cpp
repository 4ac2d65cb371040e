// SPDX-License-Identifier: Apache-2.0
#include "app/builtin.h"
#include "app/secure/ike/ike.h"
#include "app/secure/quic/quic.h"
#include "app/secure/ssh/ssh.h"
#include "app/secure/tls/tls.h"
#include "app/secure/vpn/vpn.h"

namespace pktana::app {

DissectorList secure_dissectors() noexcept {
  static constexpr const pktana_dissector* kList[] = {
      &secure::kTls, &secure::kDtls,      &secure::kQuic,   &secure::kSsh,
      &secure::kIke, &secure::kWireGuard, &secure::kOpenVpn};
  return kList;
}

}  // namespace pktana::app
