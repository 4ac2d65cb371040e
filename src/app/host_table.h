// SPDX-License-Identifier: Apache-2.0
// The pktana_host that every dissector is given: C functions on a FlowCall.
#pragma once

#include "app/conversation.h"
#include "pktana/plugin.h"

namespace pktana::app {

[[nodiscard]] const pktana_host& host_table() noexcept;

/// Makes the flow's summary its own again, if records have references to it.
void detach_summary(FlowApp& app) noexcept;

}  // namespace pktana::app
