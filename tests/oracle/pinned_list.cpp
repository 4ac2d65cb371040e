// SPDX-License-Identifier: Apache-2.0
#include "oracle/pinned_list.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

#include "support/catch.h"

namespace pktana::oracle {
namespace {

constexpr char kTab = '\t';

std::vector<PinnedDifference> read_list(const std::string& list) {
  const char* root = std::getenv("PKTANA_SOURCE_ROOT");  // NOLINT(concurrency-mt-unsafe)
  const std::string path = std::string(root == nullptr ? "." : root) + "/tests/oracle/" + list;
  std::ifstream file(path);
  if (!file) FAIL("cannot read " << path);
  std::vector<PinnedDifference> known;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream fields(line);
    PinnedDifference one;
    std::string reason;
    for (std::string* field : {&one.capture, &one.subject, &one.ours, &one.theirs, &reason})
      std::getline(fields, *field, kTab);
    if (reason.empty()) FAIL("no reason given in " << path << ": " << line);
    known.push_back(std::move(one));
  }
  return known;
}

/// Prints what of `list` is not in `other`; both are sorted. Returns how many.
size_t print_missing(const char* what, const std::vector<PinnedDifference>& list,
                     const std::vector<PinnedDifference>& other) {
  std::vector<PinnedDifference> missing;
  std::set_difference(list.begin(), list.end(), other.begin(), other.end(),
                      std::back_inserter(missing));
  for (const PinnedDifference& one : missing)
    std::cout << what << kTab << one.capture << kTab << one.subject << kTab << one.ours << kTab
              << one.theirs << '\n';
  return missing.size();
}

}  // namespace

void check_pinned(std::vector<PinnedDifference> found, const std::string& list) {
  std::vector<PinnedDifference> known = read_list(list);
  std::sort(found.begin(), found.end());
  std::sort(known.begin(), known.end());
  const size_t unknown = print_missing("new difference", found, known);
  const size_t gone = print_missing("differs no more", known, found);
  std::cout.flush();
  CHECK(unknown == 0);
  CHECK(gone == 0);
}

}  // namespace pktana::oracle
