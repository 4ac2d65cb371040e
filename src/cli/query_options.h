// SPDX-License-Identifier: Apache-2.0
// The options of the command query: which fields, which times, in which form.
#pragma once

#include "base/result.h"
#include "cli/options.h"
#include "cli/typed_words.h"

namespace pktana::cli {

/// Fills `options.query`, after read_values(). The first bad value is an error that names the
/// option and says what to write.
[[nodiscard]] base::Result<void> read_query_options(const TypedWords& typed, Options& options);

}  // namespace pktana::cli
