// SPDX-License-Identifier: Apache-2.0
// What happens to the interfaces of this network namespace, as the kernel tells it (RTNETLINK).
// The daemon's control thread binds its rings again by it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/fd.h"
#include "base/result.h"

namespace pktana::ring {

struct LinkEvent {
  unsigned index = 0;
  std::string name;
  bool gone = false;  ///< removed; else it is there, new or changed
  bool up = false;    ///< brought up by its administrator
};

class LinkWatch {
 public:
  /// Needs no right.
  [[nodiscard]] static base::Result<LinkWatch> open();

  /// Readable when there are events.
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

  /// Takes all events that are there, in their order. False: some were lost, so that what there is
  /// must be listed anew.
  [[nodiscard]] bool take(std::vector<LinkEvent>& events);

 private:
  explicit LinkWatch(base::Fd fd) noexcept : fd_(std::move(fd)), buffer_(kBufferBytes) {}

  static constexpr size_t kBufferBytes = size_t{64} << 10;

  base::Fd fd_;
  std::vector<uint8_t> buffer_;
};

/// The events among the messages that one read gave.
[[nodiscard]] std::vector<LinkEvent> parse_link_events(base::Bytes messages);

}  // namespace pktana::ring
