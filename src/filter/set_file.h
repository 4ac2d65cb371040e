// SPDX-License-Identifier: Apache-2.0
// Files with the values of a set: `src_ip in @blocklist.txt`.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pktana::filter {

/// A value and the line it stands on, from 1.
struct SetEntry {
  std::string_view text;
  size_t line;
};

struct SetFile {
  std::string content;
  std::vector<SetEntry> entries;  ///< borrow from `content`
};

/// One value a line; blanks around it and lines that are empty or begin with '#' don't count.
/// @return an Error that names the file; also for one larger than 1 GiB.
[[nodiscard]] base::Result<std::unique_ptr<SetFile>> read_set_file(const std::string& path);

}  // namespace pktana::filter
