// SPDX-License-Identifier: Apache-2.0
// A directory that is there for one test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace pktana::support {

/// Made below TMPDIR (/tmp); removed with all that is in it when it goes.
class TempDir {
 public:
  TempDir() : path_((std::filesystem::temp_directory_path() / "pktana-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) std::abort();
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace pktana::support
