// SPDX-License-Identifier: Apache-2.0
// The directory of what outlives a restart. Files are replaced as a whole: a crash leaves the old
// one or the new one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/fd.h"
#include "base/keyed_hash.h"
#include "base/result.h"

namespace pktana::daemon {

class StateDirectory {
 public:
  /// Makes the directory (0700) if it is not there. The descriptor stays: no path is looked up
  /// later. An empty path: nothing is kept, and nothing fails.
  [[nodiscard]] static base::Result<StateDirectory> open(const std::string& path);

  [[nodiscard]] bool is_there() const noexcept { return static_cast<bool>(fd_); }

  /// The file's content; empty if there is no such file.
  [[nodiscard]] base::Result<std::vector<uint8_t>> read(const char* name) const;
  /// @param sync wait until it is on the disk.
  [[nodiscard]] base::Result<void> write(const char* name, base::Bytes content, bool sync) const;
  void remove(const char* name) const noexcept;

 private:
  base::Fd fd_;
};

/// The secret of flow ids: that of the directory, or a new one that is put there. It must outlive
/// a restart for a flow to keep its id.
[[nodiscard]] base::Result<base::HashSecret> keep_secret(const StateDirectory& directory);

}  // namespace pktana::daemon
