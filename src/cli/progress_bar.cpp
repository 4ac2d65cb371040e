// SPDX-License-Identifier: Apache-2.0
#include "cli/progress_bar.h"

#include <algorithm>
#include <chrono>

#include <unistd.h>

#include "base/clock.h"
#include "cli/terminal.h"
#include "sink/human_text.h"

namespace pktana::cli {
namespace {

constexpr int kFirstMs = 1000;
constexpr int kNextMs = 200;
constexpr unsigned kBarCells = 20;
constexpr std::string_view kWipe = "\r\033[K";

void put_on_stderr(std::string_view text) noexcept {
  (void)!::write(STDERR_FILENO, text.data(), text.size());
}

std::string bar_of(double share) {
  const auto full = static_cast<unsigned>(share * kBarCells);
  std::string cells(full, '=');
  if (full < kBarCells) cells += '>';
  cells.resize(kBarCells, ' ');
  return "[" + cells + "]";
}

std::string with_total(uint64_t done, uint64_t total, int64_t elapsed_ns) {
  const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const std::string percent = std::to_string(static_cast<unsigned>(share * 100));
  std::string text = bar_of(share) + std::string(5 - std::min<size_t>(percent.size(), 4), ' ');
  text += percent + "%  " + std::string(sink::human_bytes(done).view()) + " of ";
  text += sink::human_bytes(total).view();
  if (share <= 0) return text;
  const double left_ns = static_cast<double>(elapsed_ns) / share * (1 - share);
  text += "  ";
  text += sink::human_duration(static_cast<int64_t>(left_ns)).view();
  return text + " left";
}

}  // namespace

std::string progress_text(const engine::Progress& progress, int64_t elapsed_ns, unsigned columns) {
  const uint64_t done = progress.bytes_done.load(std::memory_order_relaxed);
  const uint64_t total = progress.bytes_total.load(std::memory_order_relaxed);
  const uint64_t packets = progress.packets.load(std::memory_order_relaxed);
  std::string text = total > 0 ? with_total(done, total, elapsed_ns)
                               : std::string(sink::human_bytes(done).view()) + " read";
  text += "  ";
  text += sink::human_count(packets).view();
  text += " packets";
  return text.substr(0, columns > 0 ? columns - 1 : 0);
}

ProgressBar::ProgressBar(const engine::Progress& progress, bool wanted) : progress_(progress) {
  if (wanted) thread_ = std::thread([this] { run(); });
}

ProgressBar::~ProgressBar() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void ProgressBar::run() {
  const int64_t began_ns = base::monotonic_ns();
  if (wait_ms(kFirstMs)) return;
  do {
    const int64_t elapsed_ns = base::monotonic_ns() - began_ns;
    const unsigned columns = terminal_columns(STDERR_FILENO);
    put_on_stderr(std::string(kWipe) + progress_text(progress_, elapsed_ns, columns));
  } while (!wait_ms(kNextMs));
  put_on_stderr(kWipe);
}

/// True when the work is over.
bool ProgressBar::wait_ms(int milliseconds) {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, std::chrono::milliseconds(milliseconds), [this] { return done_; });
}

}  // namespace pktana::cli
