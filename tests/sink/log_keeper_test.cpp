// SPDX-License-Identifier: Apache-2.0
#include "sink/log_keeper.h"

#include "config.h"
#include "log_lines.h"
#include "sink/log_compressor.h"
#include "support/skip.h"

namespace pktana::sink {
namespace {

using namespace std::chrono_literals;

void put_file(const std::string& path, size_t bytes, std::chrono::hours age = {}) {
  std::ofstream(path, std::ios::binary) << std::string(bytes, 'x');
  std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - age);
}

/// Ten rotated files of 1000 bytes, numbers 1 to 10, the last line of each an hour after the one
/// before.
LogName ten_files(const support::TempDir& dir) {
  const LogName log = LogName::of(dir.path() + "/eve.json");
  for (int i = 1; i <= 10; ++i)
    put_file(dir.path() + "/" + rotated_name(log, i * base::kNsPerSecond, static_cast<uint64_t>(i)),
             1000, std::chrono::hours(20 - i));
  return log;
}

/// Compression runs when nobody else wants the processor: under ThreadSanitizer, beside a build,
/// that took over 3 s.
constexpr auto kPatience = 20s;

uint64_t oldest(const LogName& log) {
  const auto files = list_rotated(log);
  return files.empty() ? 0 : files.front().sequence;
}

}  // namespace

TEST_CASE("keeper: the oldest files go first, until all together are within the size") {
  const support::TempDir dir;
  const LogName log = ten_files(dir);
  put_file(log.path(), 500);
  put_file(dir.path() + "/other-19700101T000001Z-000001.json", 100'000);
  LogKeeper keeper;
  CHECK(keeper.add(log, {.keep_bytes = 4600}));
  CHECK(keeper.start());
  wait_until([&] { return list_rotated(log).size() <= 4; }, 2s);
  CHECK(list_rotated(log).size() == 4);
  CHECK(oldest(log) == 7);
  CHECK(std::filesystem::exists(log.path()));
  OutputHealth health;
  keeper.add_to(log.path(), health);
  CHECK(health.removed == 6);
}

TEST_CASE("keeper: files whose last line is too old go, and the current one stays") {
  const support::TempDir dir;
  const LogName log = ten_files(dir);
  put_file(log.path(), 500, 1000h);
  LogKeeper keeper;
  CHECK(keeper.add(log, {.keep_age_ns = 15 * 3600 * base::kNsPerSecond + base::kNsPerSecond * 60}));
  CHECK(keeper.start());
  wait_until([&] { return oldest(log) == 5; }, 2s);
  std::this_thread::sleep_for(20ms);
  CHECK(oldest(log) == 5);
  CHECK(std::filesystem::exists(log.path()));
}

TEST_CASE("keeper: rotated files make room where the disk has too little") {
  const auto disk = open_small_disk("1m");
  if (!disk) {
    support::skip_case("no right to make a small tmpfs");
    return;
  }
  const LogName log = LogName::of(path_of(*disk) + "/eve.json");
  for (uint64_t i = 1; i <= 4; ++i)
    put_file(log.directory + "/" + rotated_name(log, 0, i), 200'000);
  LogKeeper keeper;
  CHECK(keeper.add(log, {.keep_free_bytes = 500'000}));
  CHECK(keeper.start());
  wait_until([&] { return oldest(log) == 3; }, 2s);
  std::this_thread::sleep_for(20ms);
  CHECK(oldest(log) == 3);
}

#if PKTANA_HAVE_ZSTD
TEST_CASE("keeper: a rotated file is compressed after the grace period, times and mode kept") {
  const support::TempDir dir;
  const LogName log = ten_files(dir);
  const std::string first = dir.path() + "/" + list_rotated(log).front().name;
  std::filesystem::permissions(first, std::filesystem::perms::owner_read);
  const auto written = std::filesystem::last_write_time(first);
  put_file(dir.path() + "/" + part_name("eve-19700101T000001Z-000001.json"), 10);
  LogKeeper keeper;
  CHECK(keeper.add(log, {.compress = true, .compress_after_ns = 300 * base::kNsPerMs}));
  const auto begin = std::chrono::steady_clock::now();
  CHECK(keeper.start());
  wait_until([&] { return !std::filesystem::exists(first); }, kPatience);
  CHECK(std::chrono::steady_clock::now() - begin >= 250ms);
  wait_until(
      [&] {
        const auto files = list_rotated(log);
        return std::all_of(files.begin(), files.end(), [](auto& file) { return file.compressed; });
      },
      kPatience);
  const auto files = list_rotated(log);
  REQUIRE(files.size() == 10);
  CHECK(files.back().compressed);
  CHECK(std::filesystem::last_write_time(first + ".zst") == written);
  CHECK(std::filesystem::status(first + ".zst").permissions() ==
        std::filesystem::perms::owner_read);
  CHECK_FALSE(
      std::filesystem::exists(dir.path() + "/" + part_name("eve-19700101T000001Z-000001.json")));
}

TEST_CASE("keeper: where a crash left a file twice, the compressed one stays") {
  const support::TempDir dir;
  const LogName log = ten_files(dir);
  const std::string first = dir.path() + "/" + list_rotated(log).front().name;
  put_file(first + ".zst", 100);
  LogKeeper keeper;
  CHECK(keeper.add(log, {.keep_bytes = 1'000'000}));
  CHECK(keeper.start());
  wait_until([&] { return !std::filesystem::exists(first); }, 2s);
  CHECK(std::filesystem::exists(first + ".zst"));
  CHECK(list_rotated(log).size() == 10);
}

TEST_CASE("keeper: compression that is stopped changes nothing") {
  const support::TempDir dir;
  put_file(dir.path() + "/a.json", 1000);
  const std::atomic<bool> stop{true};
  CHECK_FALSE(compress_log(dir.path(), "a.json", stop));
  CHECK(std::distance(std::filesystem::directory_iterator(dir.path()), {}) == 1);
}
#endif

}  // namespace pktana::sink
