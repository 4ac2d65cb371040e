// SPDX-License-Identifier: Apache-2.0
// The bar on stderr that tells how far a run over files is: from the first second on, a few times a
// second.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "engine/run.h"

namespace pktana::cli {

class ProgressBar {
 public:
  /// @param wanted false: nothing is shown.
  ProgressBar(const engine::Progress& progress, bool wanted);
  /// Wipes the bar away.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

 private:
  void run();
  [[nodiscard]] bool wait_ms(int milliseconds);

  const engine::Progress& progress_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;  ///< guarded by mutex_
  std::thread thread_;
};

/// What the bar shows: "[=====>    ]  45%  1.2GB of 2.7GB  3.4M packets  12s left", at most
/// `columns` wide. Without a total: "1.2GB read  3.4M packets".
[[nodiscard]] std::string progress_text(const engine::Progress& progress, int64_t elapsed_ns,
                                        unsigned columns);

}  // namespace pktana::cli
