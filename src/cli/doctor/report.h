// SPDX-License-Identifier: Apache-2.0
// Findings as text: lines for people, one JSON object for programs.
#pragma once

#include <string>

#include "cli/doctor/finding.h"

namespace pktana::cli {

/// "PASS", "WARN", "FAIL"
[[nodiscard]] const char* to_string(Verdict verdict) noexcept;

/// The worst of them; Pass if there is none.
[[nodiscard]] Verdict worst_of(const Findings& findings) noexcept;

/// A line each, the mend on a line of its own below it, a sum at the end.
[[nodiscard]] std::string findings_as_text(const Findings& findings, bool color);

[[nodiscard]] std::string findings_as_json(const Findings& findings);

}  // namespace pktana::cli
