// SPDX-License-Identifier: Apache-2.0
#include "oracle/corpus.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>

#include "support/catch.h"
#include "support/skip.h"

namespace pktana::oracle {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOracleSuffix = ".oracle.json";

std::string environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no thread writes it
  return value == nullptr ? std::string() : value;
}

fs::path captures_folder() {
  if (const std::string shared = environment("PKTANA_SHARED"); !shared.empty())
    return fs::path(shared) / "captures";
  return fs::path(environment("PKTANA_SOURCE_ROOT")) / ".." / "shared" / "captures";
}

std::vector<Capture> read_all(const fs::path& root) {
  std::vector<Capture> found;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string file = entry.path().string();
    if (!file.ends_with(kOracleSuffix)) continue;
    Capture capture;
    capture.path = file.substr(0, file.size() - kOracleSuffix.size());
    capture.name = fs::relative(capture.path, root).string();
    capture.folder = fs::path(capture.name).parent_path().string();
    capture.oracle = read_oracle(entry.path());
    found.push_back(std::move(capture));
  }
  std::sort(found.begin(), found.end(),
            [](const Capture& a, const Capture& b) { return a.name < b.name; });
  return found;
}

std::vector<Capture> read_corpus() {
  std::error_code error;
  const fs::path root = captures_folder();
  if (!fs::is_directory(root, error)) return {};
  return read_all(root);
}

void report_missing() {
  const std::string reason = "no captures at " + captures_folder().string() +
                             " (PKTANA_SHARED names the folder that holds captures/)";
  std::cerr << "*** oracle tests did not run: " << reason << " ***\n";
  if (!environment("CI").empty()) FAIL(reason);
  support::skip_case(reason);
}

}  // namespace

const std::vector<Capture>& captures() {
  static const std::vector<Capture> kAll = read_corpus();
  if (kAll.empty()) report_missing();
  return kAll;
}

bool lies_in(const Capture& capture, std::string_view folder) noexcept {
  return capture.name.starts_with(folder) && capture.name.size() > folder.size() &&
         capture.name[folder.size()] == '/';
}

bool is_compared(const Capture& capture) noexcept {
  constexpr std::array<std::string_view, 4> kFolders = {"flows", "tunnels/vlan", "tunnels/qinq",
                                                        "linktypes"};
  return std::any_of(kFolders.begin(), kFolders.end(),
                     [&](std::string_view folder) { return lies_in(capture, folder); });
}

}  // namespace pktana::oracle
