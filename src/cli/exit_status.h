// SPDX-License-Identifier: Apache-2.0
// What the process says when it ends. The numbers are fixed: scripts rely on them.
#pragma once

namespace pktana::cli {

enum ExitStatus : int {
  kDone = 0,
  kFailed = 1,      ///< it ran, but an input or output failed, or a capture file was cut short
  kUsage = 2,       ///< usage, or a bad filter
  kBadConfig = 78,  ///< a bad configuration; systemctl says EX_CONFIG
};

}  // namespace pktana::cli
