// SPDX-License-Identifier: Apache-2.0
// The dissector of SSH: one event "ssh" per connection, when both sides have said what they can, or
// with what was seen when the flow ends.
#pragma once

#include "pktana/plugin.h"

namespace pktana::app::secure {

extern const pktana_dissector kSsh;

}  // namespace pktana::app::secure
