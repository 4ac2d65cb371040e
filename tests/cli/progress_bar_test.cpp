// SPDX-License-Identifier: Apache-2.0
#include "cli/progress_bar.h"

#include "support/catch.h"

namespace pktana::cli {
namespace {

constexpr int64_t kSecond = 1'000'000'000;

TEST_CASE("progress: share, bytes, time left and packets") {
  engine::Progress progress;
  progress.bytes_done = 250'000'000;
  progress.bytes_total = 1'000'000'000;
  progress.packets = 3'400'000;
  CHECK(progress_text(progress, 10 * kSecond, 100) ==
        "[=====>              ]   25%  250MB of 1.0GB  30.000s left  3.4M packets");
}

TEST_CASE("progress: without a total there is no bar and no time") {
  engine::Progress progress;
  progress.bytes_done = 1'200'000;
  progress.packets = 900;
  CHECK(progress_text(progress, kSecond, 100) == "1.2MB read  900 packets");
}

TEST_CASE("progress: a reader ahead of its file shows no more than all") {
  engine::Progress progress;
  progress.bytes_done = 2000;
  progress.bytes_total = 1000;
  const std::string text = progress_text(progress, kSecond, 100);
  CHECK(text.starts_with("[====================]  100%"));
}

TEST_CASE("progress: the line leaves the last column of the terminal free") {
  engine::Progress progress;
  progress.bytes_total = 1000;
  CHECK(progress_text(progress, kSecond, 20).size() == 19);
  CHECK(progress_text(progress, kSecond, 0).empty());
}

}  // namespace
}  // namespace pktana::cli
