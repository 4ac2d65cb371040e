// SPDX-License-Identifier: Apache-2.0
// For tests that need what not every machine has: a right, a kernel feature, ../shared. CI counts a
// skip as a failure.
#pragma once

#include <string>

namespace pktana::support {

/// Marks the running test case as skipped, with the reason; the case returns by itself afterwards.
void skip_case(std::string reason);

}  // namespace pktana::support
