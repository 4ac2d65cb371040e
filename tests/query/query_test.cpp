// SPDX-License-Identifier: Apache-2.0
#include "query/query.h"

#include <filesystem>
#include <fstream>

#include "query/log_files.h"
#include "support/catch.h"

namespace pktana::query {
namespace {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "pktana_query_XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return (path_ / name).string();
  }
  std::string name() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

std::string line(size_t flow_id, size_t padding = 0) {
  return R"({"timestamp":"2026-11-23T08:00:00.000000+0000","event_type":"flow","flow_id":)" +
         std::to_string(flow_id) + R"(,"src_ip":"10.0.0.)" + std::to_string(flow_id % 3) +
         R"(","host":")" + std::string(padding, 'x') + "\"}\n";
}

struct Found {
  std::string lines;
  QueryReport report;
};

Found run(const std::vector<std::string>& paths, const std::string& where = {},
          unsigned threads = 1) {
  std::optional<filter::Expression> expression;
  if (!where.empty()) {
    auto compiled = filter::Expression::compile(where, filter::ExpressionUse::Logs);
    REQUIRE(compiled);
    expression = std::move(*compiled);
  }
  Found found;
  QueryOptions options;
  options.paths = paths;
  options.where = expression ? &*expression : nullptr;
  options.threads = threads;
  options.on_lines = [&](std::string_view lines) {
    found.lines += lines;
    return true;
  };
  const std::atomic<bool> stop{false};
  found.report = run_query(options, stop);
  return found;
}

TEST_CASE("query: each line across the parts of a file is seen once, in order") {
  const Folder folder;
  std::string log;
  // Long lines of odd lengths: some end right at a part's edge or begin there, one covers a part.
  for (size_t i = 0; log.size() < 3 * LogPart::kBytes; ++i)
    log += line(i, 30'000 + i * 37 % 5'000);
  log += line(1'000'000, 2 * LogPart::kBytes);
  log += line(1'000'001);
  const std::string path = folder.file("flows.json", log);
  REQUIRE(split_logs({path}).parts.size() >= 5);
  for (const unsigned threads : {1U, 3U}) {
    const Found found = run({path}, {}, threads);
    CHECK((found.lines == log));
    CHECK(found.report.bytes == log.size());
    CHECK((run({path}, "flow_id >= 0", threads).lines == log));
  }
}

TEST_CASE("query: a line that begins or ends exactly at a part's edge is seen once") {
  const Folder folder;
  for (const size_t off : {0U, 1U, 2U}) {
    const size_t rest = LogPart::kBytes - line(1).size() - off;
    const std::string log = line(1, rest) + line(2) + line(3);
    const Found found = run({folder.file("flows.json", log)});
    CHECK((found.lines == log));
  }
}

TEST_CASE("query: a torn last line is left out and counted, a whole one without newline is not") {
  const Folder folder;
  const std::string torn = line(2).substr(0, 60);
  const Found one = run({folder.file("torn.json", line(1) + torn)});
  CHECK(one.lines == line(1));
  CHECK(one.report.torn == 1);
  CHECK(one.report.errors.empty());
  std::string whole = line(2);
  whole.pop_back();
  const Found two = run({folder.file("whole.json", line(1) + whole)});
  CHECK(two.lines == line(1) + line(2));
  CHECK(two.report.torn == 0);
}

TEST_CASE("query: lines that are no JSON object are counted, blank ones not") {
  const Folder folder;
  const Found found =
      run({folder.file("a.json", "\n[1]\nnonsense\n  \n" + line(1))}, "flow_id == 1 or vlan == 1");
  CHECK(found.lines == line(1));
  CHECK(found.report.not_json == 2);
}

TEST_CASE("query: what can't be read is told of, the rest is read") {
  const Folder folder;
  const std::string good = folder.file("good.json", line(1));
  const Found found = run({folder.name() + "/none.json", good});
  CHECK(found.lines == line(1));
  REQUIRE(found.report.errors.size() == 1);
  CHECK(found.report.errors[0].detail.find("none.json") != std::string::npos);
}

TEST_CASE("query: a folder stands for its logs in the order of their names") {
  const Folder folder;
  (void)folder.file("b.json", line(2));
  (void)folder.file("a.json.1", line(1));
  (void)folder.file("readme.txt", line(3));
  CHECK(run({folder.name()}).lines == line(1) + line(2));
}

TEST_CASE("query: flow updates take part only if asked for") {
  const Folder folder;
  const std::string update = R"({"event_type":"flow_update","flow_id":7})";
  const std::string path = folder.file("a.json", update + "\n" + line(1));
  CHECK(run({path}).lines == line(1));
  QueryOptions options;
  options.paths = {path};
  options.aggregate = true;
  options.with_updates = true;
  const std::atomic<bool> stop{false};
  const QueryReport report = run_query(options, stop);
  CHECK(report.matched == 2);
}

TEST_CASE("query: a text in another spelling is found as well") {
  const Folder folder;
  const std::string escaped = "{\"event_type\":\"flow\",\"host\":\"se\\u006Esor\"}\n";
  const std::string log = line(1) + escaped + line(2);
  CHECK(run({folder.file("a.json", log)}, "host == \"sensor\"").lines == escaped);
}

}  // namespace
}  // namespace pktana::query
