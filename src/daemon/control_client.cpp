// SPDX-License-Identifier: Apache-2.0
#include "daemon/control_client.h"

#include <array>
#include <cerrno>

#include <sys/socket.h>

#include "base/clock.h"

namespace pktana::daemon {
namespace {

/// For the rest of a request, and for any part of an answer to be taken.
constexpr int64_t kStuckNs = 10 * base::kNsPerSecond;
constexpr int64_t kIdleNs = 600 * base::kNsPerSecond;
constexpr std::string_view kEndOfHead = "\r\n\r\n";

}  // namespace

bool ControlClient::receive(int64_t now_ns) {
  if (request()) return true;  // one after the other
  std::array<char, 4096> bytes;
  while (input_.size() < kMaxInput) {
    const size_t room = std::min(bytes.size(), kMaxInput - input_.size());
    const ssize_t count = ::recv(fd_.get(), bytes.data(), room, MSG_DONTWAIT);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) return false;
    // The time of a request counts from its first byte: one byte a second is not enough.
    if (input_.empty()) moved_ns_ = now_ns;
    input_.append(bytes.data(), static_cast<size_t>(count));
    if (request()) break;
  }
  return true;
}

std::optional<std::string_view> ControlClient::request() const noexcept {
  const size_t end = is_http() ? input_.find(kEndOfHead) : input_.find('\n');
  if (end == std::string::npos) return std::nullopt;
  return std::string_view(input_).substr(0, end);
}

void ControlClient::drop_request() noexcept {
  if (is_http())
    input_.erase(0, input_.find(kEndOfHead) + kEndOfHead.size());
  else
    input_.erase(0, input_.find('\n') + 1);
}

bool ControlClient::is_too_long() const noexcept {
  return input_.size() >= kMaxInput && !request();
}

bool ControlClient::send(int64_t now_ns) {
  size_t done = 0;
  while (done < output_.size()) {
    const ssize_t count = ::send(fd_.get(), output_.data() + done, output_.size() - done,
                                 MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) break;
    if (count < 0) return false;
    done += static_cast<size_t>(count);
    moved_ns_ = now_ns;
  }
  output_.erase(0, done);
  return !(ending_ && output_.empty());
}

bool ControlClient::is_stuck(int64_t now_ns) const noexcept {
  const bool amid = !output_.empty() || (!input_.empty() && !request());
  return amid && now_ns - moved_ns_ > kStuckNs;
}

bool ControlClient::is_idle_too_long(int64_t now_ns) const noexcept {
  return now_ns - moved_ns_ > kIdleNs;
}

}  // namespace pktana::daemon
