// SPDX-License-Identifier: Apache-2.0
#include "ring/merged_files.h"

#include <algorithm>

#include "ring/read_all.h"
#include "support/capture_writer.h"
#include "support/catch.h"
#include "support/temp_file.h"

namespace pktana::ring {
namespace {

using support::Octets;
using support::PcapWriter;
using support::TempFile;

struct Seen {
  uint32_t second;
  uint16_t source_id;
  uint8_t first_byte;
  bool operator==(const Seen&) const = default;
};

/// A file with a packet at each of `seconds`, which begins with the low byte of its number.
Octets file_of(const std::vector<uint32_t>& seconds) {
  PcapWriter writer;
  uint8_t number = 0;
  for (const uint32_t second : seconds)
    writer.add(Octets(60, number++), {.seconds = second});
  return writer.octets();
}

MergedFiles merge(const std::vector<Octets>& contents, size_t block_bytes = 4096) {
  std::vector<std::unique_ptr<CaptureFile>> files;
  for (const Octets& content : contents) {
    auto file = CaptureFile::open({.path = "test" + std::to_string(files.size()),
                                   .source_id = static_cast<uint16_t>(files.size()),
                                   .block_bytes = block_bytes},
                                  std::make_unique<support::MemoryReader>(content));
    REQUIRE(file);
    files.push_back(std::move(*file));
  }
  return MergedFiles(std::move(files));
}

std::vector<Seen> take_all(MergedFiles& merged) {
  std::vector<Seen> seen;
  for (;;) {
    const auto batch = merged.next_batch();
    REQUIRE(batch);
    for (const PacketRef& ref : batch->packets)
      seen.push_back({.second = static_cast<uint32_t>(ref.ts_ns / 1'000'000'000),
                      .source_id = ref.source_id,
                      .first_byte = ref.data[0]});
    if (batch->state == Batch::State::End) return seen;
  }
}

std::vector<uint32_t> seconds_of(const std::vector<Seen>& seen) {
  std::vector<uint32_t> seconds;
  for (const Seen& one : seen)
    seconds.push_back(one.second);
  return seconds;
}

}  // namespace

TEST_CASE("merged files: packets of two files come in the order of time") {
  MergedFiles merged = merge({file_of({1, 4, 5}), file_of({2, 3, 6})});
  CHECK(take_all(merged) ==
        std::vector<Seen>{{1, 0, 0}, {2, 1, 0}, {3, 1, 1}, {4, 0, 1}, {5, 0, 2}, {6, 1, 2}});
  CHECK(merged.errors().empty());
}

TEST_CASE("merged files: at equal times the file that was named first goes first") {
  MergedFiles merged = merge({file_of({5, 5}), file_of({5}), file_of({5})});
  CHECK(take_all(merged) == std::vector<Seen>{{5, 0, 0}, {5, 0, 1}, {5, 1, 0}, {5, 2, 0}});
}

TEST_CASE("merged files: files that follow one another need not be named in order") {
  MergedFiles merged = merge({file_of({30, 31}), file_of({10, 11}), file_of({20, 21})});
  CHECK(seconds_of(take_all(merged)) == std::vector<uint32_t>{10, 11, 20, 21, 30, 31});
}

TEST_CASE("merged files: within a file the order stays that of the file") {
  MergedFiles merged = merge({file_of({10, 3, 12}), file_of({11})});
  CHECK(seconds_of(take_all(merged)) == std::vector<uint32_t>{10, 3, 11, 12});
}

TEST_CASE("merged files: what is lent stays until the next batch, over blocks and batches") {
  std::vector<Octets> contents;
  std::vector<uint32_t> all;
  for (uint32_t file = 0; file < 5; ++file) {
    std::vector<uint32_t> seconds;
    for (uint32_t i = 0; i < 700; ++i)
      seconds.push_back(1000 + (i * 5 + file * 3) / 4);
    contents.push_back(file_of(seconds));
    all.insert(all.end(), seconds.begin(), seconds.end());
  }
  std::sort(all.begin(), all.end());
  MergedFiles merged = merge(contents, 256);
  const auto seen = take_all(merged);
  CHECK(seconds_of(seen) == all);
  std::vector<uint8_t> next(5, 0);
  for (const Seen& one : seen)
    CHECK(one.first_byte == next[one.source_id]++);
}

TEST_CASE("merged files: a file that is cut gives its whole packets, the others go on") {
  Octets cut = file_of({1, 3});
  cut.resize(cut.size() - 10);
  MergedFiles merged = merge({cut, file_of({2, 4})});
  CHECK(seconds_of(take_all(merged)) == std::vector<uint32_t>{1, 2, 4});
  REQUIRE(merged.errors().size() == 1);
  CHECK(merged.errors()[0].detail.find("test0") == 0);
}

TEST_CASE("merged files: what can't be opened is an error, and no files are an end") {
  const Octets content = file_of({7});
  const TempFile file(content);
  auto merged = MergedFiles::open({{.path = "/no/such/file"}, {.path = file.path()}});
  CHECK(seconds_of(take_all(merged)) == std::vector<uint32_t>{7});
  CHECK(merged.errors().size() == 1);
  CHECK(merged.position_bytes() == content.size());
  auto none = MergedFiles::open({});
  CHECK(take_all(none).empty());
}

}  // namespace pktana::ring
