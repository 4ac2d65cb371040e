// SPDX-License-Identifier: Apache-2.0
// Buffered text output to a file or stdout, for lines of packets and the summary. Records go
// through the sink instead.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.h"
#include "base/result.h"

namespace pktana::cli {

class LineOutput {
 public:
  /// @param path "-" = stdout, which stays open; a file is created or truncated.
  [[nodiscard]] static base::Result<LineOutput> open(const std::string& path);

  /// Room for at least `bytes` (at most kBufferBytes) more; flushes if there is none. Lifetime:
  /// until the next call.
  [[nodiscard]] char* room(size_t bytes) noexcept;
  /// What was written at room() ends here.
  void commit(const char* end) noexcept;

  void write(std::string_view text) noexcept;

  /// Writes what is buffered. The first failure is kept, everything after it dropped.
  void flush() noexcept;

  /// A closed pipe is std::errc::broken_pipe.
  [[nodiscard]] const std::optional<base::Error>& error() const noexcept { return error_; }
  /// Each line should be seen at once.
  [[nodiscard]] bool is_terminal() const noexcept { return is_terminal_; }

 private:
  static constexpr size_t kBufferBytes = size_t{64} * 1024;

  LineOutput(base::Fd owned, int fd, std::string name);

  base::Fd owned_;  ///< none for stdout
  int fd_;
  std::string name_;
  bool is_terminal_;
  std::vector<char> buffer_;
  size_t used_ = 0;
  std::optional<base::Error> error_;
};

}  // namespace pktana::cli
