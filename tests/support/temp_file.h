// SPDX-License-Identifier: Apache-2.0
// A file that is there for one test.
#pragma once

#include <cassert>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include <unistd.h>

namespace pktana::support {

/// Made below TMPDIR (/tmp) with the given content; removed when it goes.
class TempFile {
 public:
  explicit TempFile(std::span<const uint8_t> content = {}) : path_(directory() + "/pktana-XXXXXX") {
    const int fd = ::mkstemp(path_.data());
    if (fd < 0) std::abort();
    while (!content.empty()) {
      const ssize_t written = ::write(fd, content.data(), content.size());
      if (written <= 0) std::abort();
      content = content.subspan(static_cast<size_t>(written));
    }
    ::close(fd);
  }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  ~TempFile() { ::unlink(path_.c_str()); }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  static std::string directory() {
    const char* chosen = std::getenv("TMPDIR");
    return chosen != nullptr && *chosen != '\0' ? chosen : "/tmp";
  }

  std::string path_;
};

}  // namespace pktana::support
