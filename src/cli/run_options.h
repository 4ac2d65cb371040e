// SPDX-License-Identifier: Apache-2.0
// The engine's options for a run that the command line asks for.
#pragma once

#include "base/result.h"
#include "cli/options.h"
#include "engine/run.h"

namespace pktana::cli {

/// Without an observer. Fails if there is no randomness for the hash secret.
[[nodiscard]] base::Result<engine::RunOptions> make_run_options(const Options& options);

[[nodiscard]] engine::LiveOptions make_live_options(const Options& options);

}  // namespace pktana::cli
