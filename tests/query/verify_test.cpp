// SPDX-License-Identifier: Apache-2.0
#include "query/verify.h"

#include <filesystem>
#include <fstream>

#include "query/log_files.h"
#include "query/sequence_sum.h"
#include "support/catch.h"
#include "support/compress.h"
#include "support/temp_dir.h"

namespace pktana::query {
namespace {

using Kind = LogFault::Kind;

std::string record(uint64_t seq) {
  return R"({"event_type":"flow","note":"\"pktana\":{\"schema\":1,\"seq\":7","pktana":{"schema":1,"seq":)" +
         std::to_string(seq) + R"(,"x":{"y":[1,2]}}})" + "\n";
}

std::string records(uint64_t first, uint64_t last) {
  std::string text;
  for (uint64_t seq = first; seq <= last; ++seq)
    text += record(seq);
  return text;
}

std::string header(const std::string& stream, uint64_t file, uint64_t first_seq) {
  return R"({"event_type":"file_header","pktana":{"schema":1,"stream":")" + stream +
         R"(","boot_id":"b","file_sequence":)" + std::to_string(file) + R"(,"first_seq":)" +
         std::to_string(first_seq) + R"(,"padding":"..."}})" + "\n";
}

/// A directory of logs.
class Logs {
 public:
  const Logs& put(const std::string& name, std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return *this;
  }
  /// File `number` of the log eve.json.
  const Logs& rotated(uint64_t number, std::string_view text) const {
    return put("eve-20261123T081457Z-00000" + std::to_string(number) + ".json", text);
  }
  [[nodiscard]] std::string path(const std::string& name) const { return dir_.path() + "/" + name; }

  [[nodiscard]] VerifyReport verify(unsigned threads = 1) const {
    const std::atomic<bool> stop{false};
    return run_verify({.paths = {dir_.path()}, .threads = threads}, stop);
  }

 private:
  support::TempDir dir_;
};

}  // namespace

TEST_CASE("verify: streams over several files and processes are whole") {
  const Logs logs;
  logs.rotated(3, header("a", 3, 101) + records(101, 150));
  logs.rotated(4, header("a", 4, 151) + records(151, 151));
  logs.rotated(5, header("b", 5, 1) + records(1, 30));
  logs.put("eve.json", header("b", 6, 31));
  for (const unsigned threads : {1U, 3U}) {
    const VerifyReport report = logs.verify(threads);
    CHECK(report.is_whole());
    CHECK(report.files == 4);
    CHECK(report.streams == 2);
    CHECK(report.records == 81);
  }
}

TEST_CASE("verify: a gap is named with its records and the files around it") {
  const Logs logs;
  logs.rotated(1, header("a", 1, 1) + records(1, 10) + records(13, 20));
  logs.put("eve.json", header("a", 2, 26) + records(27, 30));
  const VerifyReport report = logs.verify();
  REQUIRE(report.faults.size() == 3);
  CHECK(report.missing == 2 + 5 + 1);
  CHECK(report.faults[0].kind == Kind::Gap);
  CHECK(report.faults[0].first == 11);
  CHECK(report.faults[0].last == 12);
  CHECK(report.faults[0].stream == "a");
  CHECK(report.faults[1].first == 21);
  CHECK(report.faults[1].last == 25);
  CHECK(report.faults[1].path == logs.path("eve.json"));
  CHECK(report.faults[1].before.ends_with("000001.json"));
  CHECK(report.faults[2].first == 26);
}

TEST_CASE("verify: doubled records are named, whichever file they are in") {
  const Logs logs;
  logs.rotated(1, header("a", 1, 1) + records(1, 10));
  logs.put("eve.json", header("a", 2, 6) + records(6, 12));
  const VerifyReport report = logs.verify();
  REQUIRE(report.faults.size() == 1);
  CHECK(report.faults[0].kind == Kind::Doubled);
  CHECK(report.faults[0].first == 6);
  CHECK(report.faults[0].last == 10);
  CHECK(report.doubled == 5);
  CHECK(report.missing == 0);
}

TEST_CASE("verify: a torn line is named, though it ends in closing brackets") {
  const Logs logs;
  const std::string torn = R"({"event_type":"flow","pktana":{"schema":1,"seq":3,"x":{"y":{}})";
  logs.rotated(1, header("a", 1, 1) + records(1, 2) + torn + "\n");
  logs.put("eve.json", header("b", 2, 1) + records(1, 1));
  const VerifyReport report = logs.verify();
  REQUIRE(report.faults.size() == 1);
  CHECK(report.faults[0].kind == Kind::Torn);
  CHECK(report.faults[0].first == 4);
  CHECK(report.torn == 1);
}

TEST_CASE("verify: the last line of the current file may be on its way, that of another may not") {
  const Logs logs;
  const std::string piece = R"({"event_type":"fl)";
  logs.put("eve.json", header("b", 2, 1) + records(1, 1) + piece);
  CHECK(logs.verify().is_whole());
  CHECK(logs.verify().unfinished == 1);
  logs.rotated(1, header("a", 1, 1) + records(1, 2) + piece);
  REQUIRE(logs.verify().faults.size() == 1);
  CHECK(logs.verify().faults[0].kind == Kind::Torn);
  CHECK(logs.verify().faults[0].first == 4);
}

TEST_CASE("verify: a file of the log that is nowhere is named") {
  const Logs logs;
  logs.rotated(2, header("a", 2, 1) + records(1, 2));
  logs.put("eve.json", header("b", 5, 1) + records(1, 2));
  const VerifyReport report = logs.verify();
  REQUIRE(report.faults.size() == 1);
  CHECK(report.faults[0].kind == Kind::MissingFile);
  CHECK(report.faults[0].first == 3);
  CHECK(report.faults[0].last == 4);
  CHECK(report.faults[0].path == logs.path("eve.json"));
}

TEST_CASE(
    "verify: files without a header are streams of their own; ECS and OCSF have numbers too") {
  const Logs logs;
  logs.put("a.json", records(1, 5));
  logs.put("b.json", R"({"event":{"dataset":"pktana.flow","sequence":1,"x":1}})"
                     "\n"
                     R"({"event":{"dataset":"pktana.flow","sequence":3,"x":1}})"
                     "\n");
  const VerifyReport report = logs.verify();
  CHECK(report.streams == 2);
  CHECK(report.records == 7);
  CHECK(report.missing == 1);
}

#if PKTANA_HAVE_ZSTD
TEST_CASE("verify: compressed files count, and the plain one beside the same compressed does not") {
  const Logs logs;
  const std::string text = header("a", 1, 1) + records(1, 100);
  const auto packed = support::zstd({text.begin(), text.end()});
  logs.rotated(1, text);
  logs.put("eve-20261123T081457Z-000001.json.zst",
           {reinterpret_cast<const char*>(packed.data()), packed.size()});
  logs.put("eve.json", header("a", 2, 101) + records(101, 102));
  const VerifyReport report = logs.verify();
  CHECK(report.is_whole());
  CHECK(report.files == 2);
  CHECK(report.records == 102);
}
#endif

TEST_CASE("verify: a file of many parts is read by several threads and comes out the same") {
  const Logs logs;
  logs.put("eve.json", header("a", 1, 1) + records(1, 100'000));
  REQUIRE(std::filesystem::file_size(logs.path("eve.json")) > 2 * LogPart::kBytes);
  for (const unsigned threads : {1U, 4U}) {
    const VerifyReport report = logs.verify(threads);
    CHECK(report.is_whole());
    CHECK(report.records == 100'000);
  }
}

TEST_CASE("verify: what can't be read is an error, and the log is not whole") {
  const std::atomic<bool> stop{false};
  const VerifyReport report = run_verify({.paths = {"/nowhere/eve.json"}}, stop);
  CHECK_FALSE(report.is_whole());
  CHECK(report.errors.size() == 1);
}

TEST_CASE("verify: the log and the number of a rotated file are in its name") {
  CHECK(split_log_file_name("/x/eve-20261123T081457Z-000123.json.zst").log == "/x/eve.json");
  CHECK(split_log_file_name("/x/eve-20261123T081457Z-000123.json.zst").number == 123);
  CHECK(split_log_file_name("/x/eve.json").log == "/x/eve.json");
  CHECK(split_log_file_name("/x/eve-1.json").number == 0);
  CHECK(split_log_file_name("/x.d/eve").log == "/x.d/eve");
}

}  // namespace pktana::query
