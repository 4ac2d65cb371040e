// SPDX-License-Identifier: Apache-2.0
// Flow by flow against Suricata's events of the same captures: the four counters, state, TCP flags,
// VLANs and Community ID.
#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oracle/corpus.h"
#include "oracle/eve_log.h"
#include "oracle/pinned_list.h"
#include "oracle/replay.h"
#include "support/catch.h"

using namespace pktana;
using oracle::EveFlow;

namespace {

constexpr double kWantedShare = 0.95;
constexpr const char* kKnown = "eve_differences.tsv";

struct Score {
  size_t total = 0;  ///< Suricata's flows
  size_t equal = 0;

  [[nodiscard]] double share() const {
    return total == 0 ? 1.0 : static_cast<double>(equal) / static_cast<double>(total);
  }
};

/// Takes the best match for `theirs` out of `ours`: equal, or at least of the same ends.
std::optional<EveFlow> take_match(const EveFlow& theirs, std::vector<EveFlow>& ours) {
  auto found = std::find(ours.begin(), ours.end(), theirs);
  if (found == ours.end())
    found = std::find_if(ours.begin(), ours.end(),
                         [&](const EveFlow& one) { return oracle::same_ends(one, theirs); });
  if (found == ours.end()) return std::nullopt;
  EveFlow match = std::move(*found);
  ours.erase(found);
  return match;
}

/// Those that are equal go first, so that no flow takes what another one equals.
std::vector<oracle::PinnedDifference> compare(const oracle::Capture& capture, Score& score) {
  std::vector<EveFlow> ours;
  for (const flow::FlowRecord& record : oracle::replay(capture.path).records)
    ours.push_back(oracle::to_eve(record));
  std::vector<EveFlow> theirs = oracle::read_eve_flows(capture);
  score.total += theirs.size();
  std::erase_if(theirs, [&](const EveFlow& their) {
    const auto same = std::find(ours.begin(), ours.end(), their);
    if (same == ours.end()) return false;
    ours.erase(same);
    ++score.equal;
    return true;
  });
  std::vector<oracle::PinnedDifference> differences;
  for (const EveFlow& their : theirs) {
    const auto our = take_match(their, ours);
    differences.push_back({capture.name, oracle::ends_of(their),
                           our ? oracle::ends_of(*our) + ' ' + oracle::sums_of(*our) : "-",
                           oracle::sums_of(their)});
  }
  return differences;
}

}  // namespace

TEST_CASE("oracle: flows are those of Suricata's events, the known ones apart") {
  if (oracle::captures().empty()) return;
  std::map<std::string, Score> scores;
  Score all;
  std::vector<oracle::PinnedDifference> differences;
  for (const oracle::Capture& capture : oracle::captures()) {
    if (!oracle::lies_in(capture, "flows") && !oracle::lies_in(capture, "dpi")) continue;
    Score& score = scores[capture.folder];
    const Score before = score;
    const auto found = compare(capture, score);
    differences.insert(differences.end(), found.begin(), found.end());
    all.total += score.total - before.total;
    all.equal += score.equal - before.equal;
  }
  for (const auto& [folder, score] : scores)
    std::printf("  %-24s %5zu of %5zu equal, %6.2f %%\n", folder.c_str(), score.equal, score.total,
                100 * score.share());
  std::printf("Suricata's flows: %zu of %zu equal, %.2f %%\n", all.equal, all.total,
              100 * all.share());
  std::fflush(stdout);
  REQUIRE(all.total > 0);
  CHECK(all.share() >= kWantedShare);
  oracle::check_pinned(differences, kKnown);
}
