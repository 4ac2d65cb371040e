// SPDX-License-Identifier: Apache-2.0
// The public captures of ../shared/captures with the oracle file beside each. Used by every test of
// this folder.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "oracle/oracle_file.h"

namespace pktana::oracle {

struct Capture {
  std::string name;    ///< relative to captures/: "flows/tcp/zeek_missing-syn.pcap"
  std::string folder;  ///< "flows/tcp"
  std::filesystem::path path;
  Oracle oracle;
};

/// All captures, sorted by name. Empty when the folder is not there: the running test case is then
/// marked as skipped, or failed where the environment variable CI is set. Lifetime: of the process;
/// read once.
[[nodiscard]] const std::vector<Capture>& captures();

/// Whether `capture` lies in `folder` or below it.
[[nodiscard]] bool lies_in(const Capture& capture, std::string_view folder) noexcept;

/// The folders whose flow numbers are compared with the oracle's, one conversation at a time.
[[nodiscard]] bool is_compared(const Capture& capture) noexcept;

}  // namespace pktana::oracle
