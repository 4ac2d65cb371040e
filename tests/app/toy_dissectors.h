// SPDX-License-Identifier: Apache-2.0
// Small protocols for the tests of the application layer: "toy" speaks lines that begin with "TOY
// ".
#pragma once

#include "app/registry.h"

namespace pktana::app {

/// toy: an event for each line, "<offset>:<line>"; knows "skip N", "need N", "done", "reject",
/// "change NAME", "expect PORT", "name X", "big" and "open" (an event that it never ends).
/// other: claims "OTHER", an event for each chunk. late: asks for 8 bytes before it says no.
/// silent: claims "SILENT", recognition only; hinted to port 7777. fallback: takes "what is left".
[[nodiscard]] const Registry& toy_registry();

}  // namespace pktana::app
