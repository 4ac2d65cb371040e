// SPDX-License-Identifier: Apache-2.0
// One connection to the control socket: what came in and what is yet to go out, both bounded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/fd.h"

namespace pktana::daemon {

/// One thread. Never waits.
class ControlClient {
 public:
  static constexpr size_t kMaxInput = size_t{16} << 10;  ///< of a request

  ControlClient(base::Fd fd, bool may_command, int64_t now_ns) noexcept
      : fd_(std::move(fd)), may_command_(may_command), moved_ns_(now_ns) {}

  /// Reads what is there, as far as a request is not whole yet. False: the connection is over.
  [[nodiscard]] bool receive(int64_t now_ns);
  /// A line without its newline, if one is whole; for HTTP all lines up to the empty one.
  /// Lifetime: until drop_request().
  [[nodiscard]] std::optional<std::string_view> request() const noexcept;
  void drop_request() noexcept;
  /// The input is full without being a request.
  [[nodiscard]] bool is_too_long() const noexcept;

  void put(std::string answer) { output_ += answer; }
  /// Sends what the socket takes. False: the connection is over.
  [[nodiscard]] bool send(int64_t now_ns);
  [[nodiscard]] bool has_output() const noexcept { return !output_.empty(); }
  /// After what is to be sent, the connection ends.
  void end_after_output() noexcept { ending_ = true; }
  [[nodiscard]] bool is_ending() const noexcept { return ending_; }

  /// Since when it has neither asked nor taken anything, though it is in the middle of either.
  [[nodiscard]] bool is_stuck(int64_t now_ns) const noexcept;
  [[nodiscard]] bool is_idle_too_long(int64_t now_ns) const noexcept;

  [[nodiscard]] int64_t moved_ns() const noexcept { return moved_ns_; }
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  [[nodiscard]] bool may_command() const noexcept { return may_command_; }

 private:
  [[nodiscard]] bool is_http() const noexcept { return input_.starts_with("GET "); }

  base::Fd fd_;
  bool may_command_;
  bool ending_ = false;
  std::string input_;
  std::string output_;
  int64_t moved_ns_;  ///< last byte in or out, or beginning of a request
};

}  // namespace pktana::daemon
