// SPDX-License-Identifier: Apache-2.0
// The dissector of IKE: an event "ike" for each message in clear, those that set up a security
// association.
#pragma once

#include "pktana/plugin.h"

namespace pktana::app::secure {

extern const pktana_dissector kIke;

}  // namespace pktana::app::secure
