// SPDX-License-Identifier: Apache-2.0
// The options of -w: what they mean, and what does not go together.
#pragma once

#include "base/result.h"
#include "cli/options.h"
#include "cli/typed_words.h"

namespace pktana::cli {

/// Fills options.save from -w, --file-format, -C, -G, -W and -U. options.time_zone is read already.
[[nodiscard]] base::Result<void> read_save_options(const TypedWords& typed, Options& options);

}  // namespace pktana::cli
