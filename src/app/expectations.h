// SPDX-License-Identifier: Apache-2.0
// Flows that another flow has announced: an FTP server's data port, the port that a TFTP transfer
// goes to. Shared by the workers, since the announced flow may be another one's.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>

namespace pktana::app {

/// A connection that is expected: one end with its port, the other end's address. Addresses in
/// network order, IPv4 in the first four bytes.
struct ExpectedFlow {
  uint8_t ip_version = 4;
  uint8_t protocol = 0;
  uint16_t port = 0;  ///< of `host`
  std::array<uint8_t, 16> host{};
  std::array<uint8_t, 16> peer{};

  bool operator==(const ExpectedFlow&) const = default;
};

/// Whose it is, and what is known of it.
struct Announcement {
  const char* dissector = nullptr;
  std::string note = {};
};

class Expectations {
 public:
  static constexpr size_t kMaxExpected = 4096;
  /// Packet time after which nobody comes any more.
  static constexpr int64_t kPatienceNs = 120'000'000'000;

  /// The oldest goes when there are too many. What was said of the same flow is replaced.
  void add(const ExpectedFlow& expected, Announcement announcement, int64_t now_ns);
  /// The expectation is met; without a dissector: nobody announced this flow.
  [[nodiscard]] Announcement take(const ExpectedFlow& flow, int64_t now_ns);
  /// Cheap: whether take() could find anything.
  [[nodiscard]] bool any() const noexcept { return count_.load(std::memory_order_relaxed) > 0; }

 private:
  struct Entry {
    ExpectedFlow flow;
    Announcement announcement;
    int64_t since_ns;
  };

  std::mutex mutex_;
  std::deque<Entry> entries_;     ///< guarded by mutex_
  std::atomic<size_t> count_{0};  ///< relaxed: who adds sees it at once, others a little later
};

}  // namespace pktana::app
