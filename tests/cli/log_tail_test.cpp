// SPDX-License-Identifier: Apache-2.0
#include "cli/log_tail.h"

#include <fstream>
#include <functional>
#include <numeric>
#include <thread>

#include "base/clock.h"
#include "sink/sink.h"
#include "support/catch.h"
#include "support/temp_dir.h"

namespace pktana::cli {
namespace {

/// All that the log says, until `enough` or ten seconds are over.
std::string tail_until(LogTail& tail, const std::function<bool(const std::string&)>& enough) {
  std::string text;
  const int64_t end_ns = base::monotonic_ns() + 10 * base::kNsPerSecond;
  while (!enough(text) && base::monotonic_ns() < end_ns) {
    const auto lines = tail.next();
    REQUIRE(lines);
    text += *lines;
    if (lines->empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return text;
}

std::vector<uint64_t> seqs_of(const std::string& text) {
  constexpr std::string_view kSeq = "\"seq\":";
  std::vector<uint64_t> seqs;
  for (size_t at = text.find(kSeq); at != std::string::npos; at = text.find(kSeq, at + 1))
    seqs.push_back(std::stoull(text.substr(at + kSeq.size(), 20)));
  return seqs;
}

TEST_CASE("log tail: each line once over the sink's own rotations, compressed files among them") {
  constexpr size_t kRounds = 40;
  constexpr size_t kPerRound = 64;
  const support::TempDir dir;
  const std::string path = dir.path() + "/eve.json";
  const bool look_often = GENERATE(true, false);
  LogTail tail(path);
  REQUIRE(tail.next());
  CHECK(tail.next()->empty());  // not there yet: waited for
  sink::OutputOptions output{.path = path, .type = sink::OutputType::LogFile, .flush_ms = 5};
  output.log = {.rotate_bytes = 60'000, .compress = true, .compress_after_ns = 1};
  auto sink = sink::Sink::start({.outputs = {output}, .live = true});
  REQUIRE(sink);
  auto producer = (*sink)->make_producer();
  flow::FlowRecord record;
  record.ip_version = 4;
  record.protocol = 17;
  const std::vector<flow::FlowRecord> records(kPerRound, record);
  std::string text;
  for (size_t round = 0; round < kRounds; ++round) {
    producer->hand_over(records);
    if (round == 0) (*sink)->drain();
    // Opened while it is the current file; what comes then is seen after many rotations.
    if (look_often || round == 0) text += *tail.next();
  }
  (*sink)->drain();
  const size_t all = kRounds * kPerRound;
  text += tail_until(tail, [&](const std::string& more) {
    return seqs_of(text).size() + seqs_of(more).size() >= all;
  });
  std::vector<uint64_t> wanted(all);
  std::iota(wanted.begin(), wanted.end(), 1);
  CHECK(seqs_of(text) == wanted);
  CHECK(tail.files_missed() == 0);
  CHECK(tail.torn_lines() == 0);
}

TEST_CASE("log tail: files that tell no number, emptied files, and lines that come in pieces") {
  const support::TempDir dir;
  const std::string path = dir.path() + "/flows.log";
  const auto put = [&](std::string_view text) { std::ofstream(path, std::ios::app) << text; };
  LogTail tail(path);
  put("one\ntw");
  CHECK(*tail.next() == "one\n");
  CHECK(tail.next()->empty());
  put("o\n");
  CHECK(*tail.next() == "two\n");
  std::rename(path.c_str(), (path + ".1").c_str());
  std::ofstream(path + ".1", std::ios::app) << "late\n";
  CHECK(*tail.next() == "late\n");
  CHECK(tail.next()->empty());
  put("three\nfo");
  CHECK(*tail.next() == "three\n");
  std::ofstream(path, std::ios::trunc) << "x\n";
  CHECK(*tail.next() == "x\n");
  CHECK(tail.torn_lines() == 1);
}

TEST_CASE("log tail: a file that was removed before it was read is counted") {
  const support::TempDir dir;
  const std::string path = dir.path() + "/eve.json";
  const auto header = [](int number) {
    return "{\"event_type\":\"file_header\",\"pktana\":{\"file_sequence\":" +
           std::to_string(number) + "}}\n";
  };
  std::ofstream(path) << header(1);
  LogTail tail(path);
  CHECK(*tail.next() == header(1));
  std::rename(path.c_str(), (dir.path() + "/eve-20260101T000000Z-000001.json").c_str());
  std::ofstream(path) << header(4);
  CHECK(*tail.next() == header(4));
  CHECK(tail.files_missed() == 2);
}

}  // namespace
}  // namespace pktana::cli
