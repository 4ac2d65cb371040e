// SPDX-License-Identifier: Apache-2.0
// Differences from another tool that are known, each with its reason, in a list of this folder. A
// test fails on a difference that is not in its list and on one that is no more.
#pragma once

#include <compare>
#include <string>
#include <vector>

namespace pktana::oracle {

struct PinnedDifference {
  std::string capture;
  std::string subject;  ///< what of the capture differs
  std::string ours;     ///< "-" = we have no such thing
  std::string theirs;

  friend auto operator<=>(const PinnedDifference&, const PinnedDifference&) = default;
};

/// Fails the running test case unless `found` is what tests/oracle/`list` says: lines "capture,
/// subject, ours, theirs, reason", tabs between; '#' begins a comment. Prints the lines to add or
/// remove.
void check_pinned(std::vector<PinnedDifference> found, const std::string& list);

}  // namespace pktana::oracle
