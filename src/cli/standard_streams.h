// SPDX-License-Identifier: Apache-2.0
// Keeps the numbers 0, 1 and 2 for stdin, stdout and stderr, whatever the caller left open.
#pragma once

namespace pktana::cli {

/// A stream that is closed (`pktana ... >&-`) gets a descriptor on which reading or writing fails:
/// otherwise the first file opened would take its number, and records would go into a capture.
void hold_standard_streams() noexcept;

}  // namespace pktana::cli
