// SPDX-License-Identifier: Apache-2.0
// What the texts of the options mean: numbers, durations, sizes, names from a list.
#pragma once

#include "base/result.h"
#include "cli/options.h"
#include "cli/typed_words.h"

namespace pktana::cli {

/// Sets the fields of `options` whose option was given. The first bad value is an error that names
/// the option, quotes the value and says what to write.
[[nodiscard]] base::Result<void> read_values(const TypedWords& typed, Options& options);

}  // namespace pktana::cli
