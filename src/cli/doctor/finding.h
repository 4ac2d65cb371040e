// SPDX-License-Identifier: Apache-2.0
// What one check of `pktana doctor` found. Made by the checks, printed by report.h.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace pktana::cli {

enum class Verdict : uint8_t { Pass, Warn, Fail };

struct Finding {
  Verdict verdict = Verdict::Pass;
  std::string check;      ///< "offloads"; the same for every run, scripts look for it
  std::string interface;  ///< empty = the machine
  std::string what;       ///< what is, and what it does to a capture
  std::string mend;       ///< the command that mends it; empty = nothing to mend
};

using Findings = std::vector<Finding>;

[[nodiscard]] inline Finding pass(std::string check, std::string what) {
  return {Verdict::Pass, std::move(check), {}, std::move(what), {}};
}
[[nodiscard]] inline Finding warn(std::string check, std::string what, std::string mend) {
  return {Verdict::Warn, std::move(check), {}, std::move(what), std::move(mend)};
}
[[nodiscard]] inline Finding fail(std::string check, std::string what, std::string mend) {
  return {Verdict::Fail, std::move(check), {}, std::move(what), std::move(mend)};
}

}  // namespace pktana::cli
