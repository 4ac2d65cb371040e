// SPDX-License-Identifier: Apache-2.0
// From the configuration to what the engine and the sink are told: the one place that knows both.
#pragma once

#include "base/result.h"
#include "daemon/config.h"
#include "engine/run.h"

namespace pktana::daemon {

/// @param secret of the flow ids, where the configuration gives none.
[[nodiscard]] base::Result<engine::RunOptions> make_run_options(const Config& config,
                                                                const base::HashSecret& secret);

[[nodiscard]] engine::LiveOptions make_live_options(const Config& config);

[[nodiscard]] sink::OutputOptions make_output_options(const OutputConfig& output);

/// Workers: those that were asked for, or one for each core that we may use.
[[nodiscard]] unsigned worker_count(const Config& config);

}  // namespace pktana::daemon
