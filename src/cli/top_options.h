// SPDX-License-Identifier: Apache-2.0
// What the options of the command top mean.
#pragma once

#include "base/result.h"
#include "cli/options.h"
#include "cli/typed_words.h"

namespace pktana::cli {

/// Sets `options.top` (and the expression in it); the interfaces are known already.
[[nodiscard]] base::Result<void> read_top_options(const TypedWords& typed, Options& options);

}  // namespace pktana::cli
