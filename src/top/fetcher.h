// SPDX-License-Identifier: Apache-2.0
// Asks a source on a thread of its own, so that keys are answered at once however long it takes.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "top/source.h"

namespace pktana::top {

/// What to ask for.
struct Request {
  Wanted wanted = {};
  std::optional<uint64_t> flow = {};  ///< all fields of this one too

  [[nodiscard]] bool operator==(const Request& other) const noexcept {
    return wanted.where == other.wanted.where && wanted.sort == other.wanted.sort &&
           flow == other.flow;
  }
};

/// What came of it.
struct News {
  Request request = {};
  std::optional<Snapshot> snapshot = {};
  std::optional<FlowFields> fields = {};  ///< empty list: the flow has ended
  std::string trouble = {};               ///< why there is no snapshot
};

class Fetcher {
 public:
  Fetcher(std::unique_ptr<Source> source, int64_t interval_ns);
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;
  ~Fetcher();  ///< gives up what goes on

  /// A change is asked for at once.
  void ask(const Request& request);
  /// The latest, once.
  [[nodiscard]] std::optional<News> take();

 private:
  void run();
  [[nodiscard]] News fetch(const Request& request);

  const std::unique_ptr<Source> source_;
  const int64_t interval_ns_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Request request_;  ///< guarded by mutex_, as the next
  std::optional<News> news_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace pktana::top
