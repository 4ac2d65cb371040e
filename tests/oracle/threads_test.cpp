// SPDX-License-Identifier: Apache-2.0
// One, two, three and four workers give the same records: what is a flow and how it ends does not
// depend on who counts it. Sorted, they are the same bytes.
#include <algorithm>
#include <atomic>
#include <fstream>
#include <string>
#include <vector>

#include "engine/run.h"
#include "oracle/corpus.h"
#include "oracle/replay.h"
#include "support/catch.h"
#include "support/temp_file.h"

using namespace pktana;
using oracle::Capture;

namespace {

constexpr unsigned kMaxThreads = 3;

/// Names by DNS answers are of those that the sink has seen before the flow: unless sorted, that is
/// an order of writing too.
void erase_dns_name(std::string& line) {
  const size_t source = line.find(R"(,"name_source":"dns_answer")");
  if (source == std::string::npos) return;
  const size_t begin = line.rfind(R"(,"name":")", source);
  const size_t end = line.find_first_not_of("0123456789", line.find(R"("name_age":)", source) + 11);
  line.erase(begin, end - begin);
  const std::string ambiguous = R"(,"name_ambiguous":true)";
  if (line.compare(begin, ambiguous.size(), ambiguous) == 0) line.erase(begin, ambiguous.size());
}

/// Without what depends on the order of writing: the record number, names by DNS answers.
std::string without_order(std::string line) {
  erase_dns_name(line);
  const std::string mark = "\"seq\":";
  const size_t at = line.find(mark);
  if (at == std::string::npos) FAIL("a record without seq: " << line);
  const size_t end = line.find(',', at);
  return line.erase(at, end - at + 1);
}

std::vector<std::string> sorted_records(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    lines.push_back(without_order(std::move(line)));
  std::sort(lines.begin(), lines.end());
  return lines;
}

struct Order {
  bool sort = false;
  bool merge = false;
};

engine::RunOptions make_options(unsigned threads, Order order) {
  engine::RunOptions options;
  options.threads = threads;
  options.merge = order.merge;
  options.sink.sort = order.sort;
  options.shard = oracle::fixed_shard_options();
  options.app.enabled = true;
  options.sink.queue_records = 1024;  // memory for more costs more time here than the run itself
  return options;
}

/// Runs over `paths` and lets `output` have the EVE flow records. Returns how many.
uint64_t write_records(const std::vector<std::string>& paths, engine::RunOptions options,
                       const std::string& output) {
  options.sink.outputs = {{.path = output, .stats_events = false, .io_uring = false}};
  const std::atomic<bool> stop{false};
  const auto report = engine::run_files(paths, std::move(options), stop);
  if (!report) FAIL(base::to_string(report.error()));
  for (const std::string& imbalance : engine::imbalances(report->ledger.lines()))
    FAIL_CHECK(imbalance);
  return report->ledger.sink.written;
}

/// The EVE flow records of a run over `paths`.
std::vector<std::string> records_of(const std::vector<std::string>& paths, unsigned threads) {
  const support::TempFile output;
  const uint64_t written = write_records(paths, make_options(threads, {}), output.path());
  std::vector<std::string> records = sorted_records(output.path());
  CHECK(records.size() == written);
  return records;
}

/// What a sorted run over `paths` writes.
std::string sorted_text(const std::vector<std::string>& paths, unsigned threads, bool merge) {
  const support::TempFile output;
  write_records(paths, make_options(threads, {.sort = true, .merge = merge}), output.path());
  std::ifstream file(output.path(), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> all_paths() {
  std::vector<std::string> paths;
  for (const Capture& capture : oracle::captures())
    paths.push_back(capture.path.string());
  return paths;
}

void check_same(const std::vector<std::string>& one, const std::vector<std::string>& several) {
  CHECK(one.size() == several.size());
  const auto differ = std::mismatch(one.begin(), one.end(), several.begin(), several.end());
  if (differ.first == one.end() && differ.second == several.end()) return;
  FAIL_CHECK("one thread:  " << (differ.first == one.end() ? "(no more)" : *differ.first)
                             << "\nseveral:     "
                             << (differ.second == several.end() ? "(no more)" : *differ.second));
}

}  // namespace

TEST_CASE("oracle: one, two and three threads write the same records of every capture") {
  for (const Capture& capture : oracle::captures()) {
    INFO(capture.name);
    const auto one = records_of({capture.path.string()}, 1);
    for (unsigned threads = 2; threads <= kMaxThreads; ++threads) {
      CAPTURE(threads);
      check_same(one, records_of({capture.path.string()}, threads));
    }
  }
}

TEST_CASE("oracle: one, two and three threads write the same records of all captures in a row") {
  const std::vector<std::string> paths = all_paths();
  if (paths.empty()) return;
  const auto one = records_of(paths, 1);
  CHECK(one.size() > paths.size());
  for (unsigned threads = 2; threads <= kMaxThreads; ++threads) {
    CAPTURE(threads);
    check_same(one, records_of(paths, threads));
  }
}

TEST_CASE("oracle: sorted, all captures give the same bytes with one, two and four threads") {
  const bool merge = GENERATE(false, true);
  CAPTURE(merge);
  const std::vector<std::string> paths = all_paths();
  if (paths.empty()) return;
  const std::string one = sorted_text(paths, 1, merge);
  CHECK(std::count(one.begin(), one.end(), '\n') > static_cast<std::ptrdiff_t>(paths.size()));
  for (const unsigned threads : {2U, 4U}) {
    CAPTURE(threads);
    CHECK((sorted_text(paths, threads, merge) == one));
  }
}
