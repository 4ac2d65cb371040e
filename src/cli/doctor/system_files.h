// SPDX-License-Identifier: Apache-2.0
// /proc and /sys as the checks see them. Tests put a directory of their own in place of "/".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pktana::cli {

class SystemFiles {
 public:
  /// @param root empty = this machine; else the directory that holds proc/ and sys/.
  explicit SystemFiles(std::string root = {}) : root_(std::move(root)) {}

  /// The file's text without the line end behind it, at most 1 MiB; none when it can't be read.
  [[nodiscard]] std::optional<std::string> read(const std::string& path) const;
  /// The number that the file begins with; none when there is no such file or number.
  [[nodiscard]] std::optional<int64_t> read_number(const std::string& path) const;
  [[nodiscard]] bool exists(const std::string& path) const;
  /// Names in a directory, sorted; empty when there is none.
  [[nodiscard]] std::vector<std::string> list(const std::string& path) const;
  /// Last part of what a symbolic link points to; empty when it is none.
  [[nodiscard]] std::string link_name(const std::string& path) const;

 private:
  std::string root_;
};

}  // namespace pktana::cli
