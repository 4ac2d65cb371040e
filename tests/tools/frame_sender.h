// SPDX-License-Identifier: Apache-2.0
// Sends frames on one interface as fast as sendmmsg(2) goes, past the queueing discipline. For
// tests and benches.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/socket.h>

#include "base/fd.h"
#include "base/result.h"
#include "tools/traffic.h"

namespace pktana::tests {

/// Per direction of one flow: frames and their bytes (VLAN tags included, FCS not).
struct FlowSent {
  uint64_t packets[2] = {0, 0};
  uint64_t bytes[2] = {0, 0};
};

struct Sent {
  uint64_t packets = 0;
  uint64_t bytes = 0;
  uint64_t refused = 0;  ///< times the interface had no room and the frame was tried again
  int64_t duration_ns = 0;
  std::vector<FlowSent> flows{};  ///< empty unless asked for
};

struct SendOptions {
  uint64_t rate_pps = 0;  ///< 0 = no limit
  bool per_flow = false;  ///< fill Sent::flows
};

class FrameSender {
 public:
  /// @param past_qdisc  faster, but taps on the sending interface itself don't see the frames.
  [[nodiscard]] static base::Result<FrameSender> open(const std::string& interface_name,
                                                      bool past_qdisc = true);

  /// Sends the whole run; every frame counted was taken by the interface.
  [[nodiscard]] base::Result<Sent> send(const Traffic& traffic, const SendOptions& options);
  /// Sends one frame.
  [[nodiscard]] base::Result<void> send(const uint8_t* data, size_t len);

 private:
  static constexpr size_t kBatch = 64;

  explicit FrameSender(base::Fd fd);
  [[nodiscard]] base::Result<void> flush(size_t count, Sent& sent);

  base::Fd fd_;
  std::vector<Frame> frames_;
  std::vector<iovec> vectors_;
  std::vector<mmsghdr> messages_;
};

}  // namespace pktana::tests
