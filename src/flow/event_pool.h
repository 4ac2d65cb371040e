// SPDX-License-Identifier: Apache-2.0
// Events that were written, for the worker to use again with the memory of their tapes: made by one
// thread and freed by another, each would cost the heap more than it costs to fill and to write.
#pragma once

#include <cstddef>

#include "flow/app_summary.h"

namespace pktana::flow {

/// One for the process. Any thread, no lock.
class EventPool {
 public:
  /// What waits to be used again: no more events, and none with more memory than this.
  static constexpr size_t kMaxEvents = 8192;
  static constexpr size_t kMaxTapeCapacity = 4096;

  /// An empty event whose one reference is the caller's.
  [[nodiscard]] static AppEvent* take();

  /// Gathers events to give them back together: when it goes out of scope.
  class Return {
   public:
    Return() noexcept = default;
    ~Return();
    Return(const Return&) = delete;
    Return& operator=(const Return&) = delete;

    /// @param event whose last reference was dropped, made by `new`.
    void add(const AppEvent* event) noexcept;

   private:
    AppEvent* first_ = nullptr;
    AppEvent* last_ = nullptr;
    size_t count_ = 0;
  };
};

}  // namespace pktana::flow
