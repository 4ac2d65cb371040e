// SPDX-License-Identifier: Apache-2.0
#include "sink/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log_lines.h"

namespace pktana::sink {
namespace {

using namespace std::chrono_literals;

void put_file(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

ino_t inode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

}  // namespace

TEST_CASE("log name: rotated names carry time and sequence and are known again") {
  const LogName log = LogName::of("/var/log/pktana/eve.json");
  const std::string name = rotated_name(log, 1'767'225'600'000'000'000, 123);
  CHECK(name == "eve-20260101T000000Z-000123.json");
  REQUIRE(parse_rotated(log, name));
  CHECK(parse_rotated(log, name)->sequence == 123);
  CHECK_FALSE(parse_rotated(log, name)->compressed);
  REQUIRE(parse_rotated(log, name + ".zst"));
  CHECK(parse_rotated(log, name + ".zst")->compressed);
  CHECK(rotated_name(log, 0, 12345678) == "eve-19700101T000000Z-12345678.json");
  for (const char* other :
       {"eve.json", "eve-20260101T000000Z-000123.json.part", "eve-20260101T000000Z-00012x.json",
        "eve-2026-01-01T00:00Z-000123.json", "dns-20260101T000000Z-000123.json",
        "eve-20260101T000000Z-.json", "eve-20260101T000000Z-1.json"})
    CHECK_FALSE(parse_rotated(log, other));
}

TEST_CASE("log: a file begins with a header of 1 KiB that tells stream, file and first record") {
  const support::TempDir dir;
  const std::string path = dir.path() + "/eve.json";
  const bool io_uring = GENERATE(true, false);
  OutputOptions output = log_output(path);
  output.io_uring = io_uring;
  auto sink = Sink::start({.outputs = {output}, .live = true, .host = "sensor-1"});
  REQUIRE(sink);
  const auto lines = lines_of(content_of(path));
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].size() == 1023);
  const JsonLine header(lines[0]);
  CHECK(header.text("/event_type") == "file_header");
  CHECK(header.text("/host") == "sensor-1");
  CHECK(header.text("/pktana/stream").size() == 16);
  CHECK(header.text("/pktana/boot_id").size() == 36);
  CHECK(header.number("/pktana/file_sequence") == 1);
  CHECK(header.number("/pktana/first_seq") == 1);
  CHECK((*sink)->totals().outputs[0].health.method == (io_uring ? "io_uring" : "pwrite"));
}

TEST_CASE("log: headers of all formats are 1 KiB of JSON, and CSV files begin with their columns") {
  for (const Format format : {Format::Eve, Format::Ecs, Format::Ocsf, Format::Zeek}) {
    const std::string line = file_header_line(format, {.time_ns = kSampleStartNs,
                                                       .host = "a\"b",
                                                       .stream = "s",
                                                       .file_sequence = 77,
                                                       .first_seq = 9});
    CHECK(line.size() >= kFileHeaderBytes);
    CHECK(line.back() == '\n');
    CHECK(JsonLine(line).number("/pktana/file_sequence") == 77);
    CHECK(JsonLine(line).number("/pktana/first_seq") == 9);
    CHECK(file_sequence_of(line) == 77);
  }
  const support::TempDir dir;
  OutputOptions output = log_output(dir.path() + "/flows.csv");
  output.format = Format::Csv;
  auto sink = Sink::start({.outputs = {output}, .live = true});
  REQUIRE(sink);
  const std::string first = content_of(output.path);
  CHECK(lines_of(first).size() == 1);
  (*sink)->rotate();
  wait_until([&] { return log_paths(output.path).size() == 2; }, 2s);
  REQUIRE(log_paths(output.path).size() == 2);
  CHECK(content_of(log_paths(output.path)[0]) == first);
}

TEST_CASE("log: rotation by size keeps lines whole and in order, and files below the size") {
  const bool io_uring = GENERATE(true, false);
  const support::TempDir dir;
  OutputOptions output = log_output(dir.path() + "/eve.json", {.rotate_bytes = 50'000});
  output.io_uring = io_uring;
  auto sink = Sink::start({.outputs = {output}, .live = true});
  REQUIRE(sink);
  const auto producer = (*sink)->make_producer();
  hand_over(*producer, 1000);
  (*sink)->submit({});
  CHECK((*sink)->finish());
  CHECK(is_one_to(all_seqs(output.path), 1001));
  const auto paths = log_paths(output.path);
  CHECK(paths.size() > 8);
  for (const std::string& file : paths)
    CHECK(std::filesystem::file_size(file) <= 50'000);
  const SinkTotals totals = (*sink)->totals();
  CHECK(totals.written == 1000);
  CHECK(totals.outputs[0].health.rotations == paths.size() - 1);
}

TEST_CASE("log: a file holds a line at least, however small the size") {
  const support::TempDir dir;
  const std::string path = dir.path() + "/eve.json";
  const auto sink = start_log(path, {.rotate_bytes = 1});
  const auto producer = sink->make_producer();
  hand_over(*producer, 5);
  CHECK(sink->finish());
  CHECK(is_one_to(all_seqs(path), 5));
  CHECK(log_paths(path).size() == 5);
}

TEST_CASE("log: rotation by interval passes over a file without lines") {
  const support::TempDir dir;
  const std::string path = dir.path() + "/eve.json";
  const auto sink = start_log(path, {.rotate_interval_ns = 100 * base::kNsPerMs});
  std::this_thread::sleep_for(300ms);
  CHECK(log_paths(path).size() == 1);
  const auto producer = sink->make_producer();
  hand_over(*producer, 1);
  CHECK(wait_until([&] { return log_paths(path).size() == 2; }, 3s) < 1500ms);
  hand_over(*producer, 1);
  CHECK(sink->finish());
  CHECK(is_one_to(all_seqs(path), 2));
}

TEST_CASE("log: what an earlier process left is ended, counted, moved away, and numbers go on") {
  const support::TempDir dir;
  const std::string path = dir.path() + "/eve.json";
  {
    const auto sink = start_log(path);
    sink->rotate();
    CHECK(wait_until([&] { return log_paths(path).size() == 2; }, 2s) < 1s);
  }
  const std::string whole = content_of(path);
  put_file(path, whole + R"({"event_type":"fl)");
  const auto sink = start_log(path);
  CHECK(sink->totals().outputs[0].health.torn_lines == 1);
  const auto paths = log_paths(path);
  REQUIRE(paths.size() == 3);
  CHECK(content_of(paths[1]) == whole + "{\"event_type\":\"fl\n");
  for (size_t i = 0; i < paths.size(); ++i)
    CHECK(JsonLine(lines_of(content_of(paths[i]))[0]).number("/pktana/file_sequence") == i + 1);
  CHECK(parse_rotated(LogName::of(path), paths[1].substr(dir.path().size() + 1))->sequence == 2);
}

TEST_CASE("log: an empty file at the path is taken, as logrotate makes it; a link is refused") {
  const support::TempDir dir;
  const std::string path = dir.path() + "/eve.json";
  put_file(path, "");
  const ino_t before = inode_of(path);
  { const auto sink = start_log(path); }
  CHECK(inode_of(path) == before);
  CHECK(log_paths(path).size() == 1);
  std::filesystem::rename(path, dir.path() + "/other");
  std::filesystem::create_symlink(dir.path() + "/other", path);
  const auto sink = Sink::start({.outputs = {log_output(path)}, .live = true});
  REQUIRE_FALSE(sink);
  CHECK(base::to_string(sink.error()).find("no regular file") != std::string::npos);
}

TEST_CASE("log: the directory belongs to one process, and the second is told whose it is") {
  const support::TempDir dir;
  const auto first = start_log(dir.path() + "/a.json");
  const auto second = Sink::start({.outputs = {log_output(dir.path() + "/b.json")}, .live = true});
  REQUIRE_FALSE(second);
  CHECK(second.error().operation == LogDirectory::kLockOperation);
  CHECK(second.error().detail.find("pid " + std::to_string(::getpid())) != std::string::npos);
}

TEST_CASE("log: two logs in one directory share its lock, two outputs can't share a file") {
  const support::TempDir dir;
  const OutputOptions a = log_output(dir.path() + "/a.json");
  const OutputOptions b = log_output(dir.path() + "/./b.json");
  CHECK(Sink::start({.outputs = {a, b}, .live = true}));
  CHECK_FALSE(Sink::start({.outputs = {a, a}, .live = true}));
}

TEST_CASE("log: a missing directory is made, and made again when it is removed, within 2 s") {
  const support::TempDir dir;
  const std::string path = dir.path() + "/x/y/eve.json";
  const auto sink = start_log(path);
  const auto producer = sink->make_producer();
  hand_over(*producer, 10);
  sink->drain();
  std::filesystem::remove_all(dir.path() + "/x");
  CHECK(wait_until([&] { return std::filesystem::exists(path); }, 3s) < 2s);
  hand_over(*producer, 10);
  CHECK(sink->finish());
  CHECK(all_seqs(path) == std::vector<uint64_t>{11, 12, 13, 14, 15, 16, 17, 18, 19, 20});
  CHECK(sink->totals().outputs[0].health.remade == 1);
  CHECK(sink->totals().written == 20);
}

TEST_CASE("log: a file that is renamed, removed or replaced is made again within 2 s") {
  const support::TempDir dir;
  const std::string path = dir.path() + "/eve.json";
  const auto sink = start_log(path);
  const auto producer = sink->make_producer();
  hand_over(*producer, 3);
  sink->drain();
  std::filesystem::rename(path, dir.path() + "/eve.json.1");
  sink->reopen();
  CHECK(wait_until([&] { return std::filesystem::exists(path); }, 3s) < 1s);
  CHECK(lines_of(content_of(dir.path() + "/eve.json.1")).size() == 4);
  hand_over(*producer, 3);
  sink->drain();
  put_file(dir.path() + "/foreign", "somebody's text");
  const ino_t ours = inode_of(path);
  std::filesystem::rename(dir.path() + "/foreign", path);
  CHECK(inode_of(path) != ours);
  CHECK(wait_until([&] { return log_paths(path).size() == 2; }, 3s) < 2s);
  CHECK(content_of(log_paths(path)[0]) == "somebody's text\n");
  hand_over(*producer, 3);
  CHECK(sink->finish());
  CHECK(lines_of(content_of(path)).size() == 4);
  CHECK(sink->totals().outputs[0].health.remade == 2);
}

TEST_CASE("log: 100 rotations a second, and every line is in exactly one file") {
  const support::TempDir dir;
  const std::string path = dir.path() + "/eve.json";
  const auto sink = start_log(path);
  std::atomic<bool> stop{false};
  std::thread rotator([&] {
    for (int i = 0; i < 50; ++i) {
      sink->rotate();
      std::this_thread::sleep_for(10ms);
    }
    stop = true;
  });
  const auto producer = sink->make_producer();
  size_t count = 0;
  for (; !stop; count += 10) {
    hand_over(*producer, 10);
    std::this_thread::sleep_for(1ms);
  }
  rotator.join();
  CHECK(sink->finish());
  CHECK(is_one_to(all_seqs(path), count));
  CHECK(sink->totals().outputs[0].health.rotations >= 40);
}

}  // namespace pktana::sink
