// SPDX-License-Identifier: Apache-2.0
// An output's own thread writes to standard output, a pipe or a device; never waits long for room.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "base/fd.h"
#include "sink/line_target.h"

namespace pktana::sink {

class StreamTarget final : public LineTarget {
 public:
  /// @param path "-" = standard output, which is borrowed; else opened, and created if missing.
  /// @param first_line what it begins with; may be empty.
  [[nodiscard]] static base::Result<std::unique_ptr<StreamTarget>> open(const std::string& path,
                                                                        std::string first_line);

  Progress put(const LineBuffer& buffer, size_t from) noexcept override;
  base::Result<void> close() override;
  /// Nobody will come back to a pipe or a terminal that was left.
  [[nodiscard]] bool is_final(int error) const noexcept override;
  [[nodiscard]] OutputHealth health() const override { return {.method = "write"}; }

 private:
  StreamTarget(int fd, base::Fd owned, std::string first_line) noexcept;
  [[nodiscard]] Progress write_some(std::span<const char> bytes) const noexcept;

  int fd_;
  base::Fd owned_;
  bool in_pieces_;  ///< more than a page at once could block
  std::string first_line_;
};

}  // namespace pktana::sink
