// SPDX-License-Identifier: Apache-2.0
#include "sink/packet_file.h"

#include <chrono>
#include <thread>
#include <vector>

#include <sys/stat.h>

#include "sink/file_series.h"
#include "support/catch.h"
#include "support/skip.h"
#include "test_files.h"

namespace pktana::sink {
namespace {

constexpr size_t kFrameBytes = 100;
constexpr int64_t kSecond = 1'000'000'000;

/// Packet `number`: its bytes all are that number.
struct Numbered {
  explicit Numbered(uint64_t number, size_t size = kFrameBytes)
      : bytes(size, static_cast<uint8_t>(number)) {
    packet.bytes = bytes;
    packet.wire_len = static_cast<uint32_t>(size);
    packet.ts_ns = static_cast<int64_t>(number) * kSecond;
  }
  std::vector<uint8_t> bytes;
  SavedPacket packet;
};

void put(PacketFile& file, uint64_t count) {
  for (uint64_t i = 0; i < count; ++i)
    file.put(Numbered(i).packet);
}

bool settled(const PacketFile& file) {
  for (int i = 0; i < 500 && file.totals().in_flight > 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return file.totals().in_flight == 0;
}

uint64_t sum(const PacketFileTotals& totals) {
  return totals.written + totals.dropped_queue_full + totals.dropped_disk_full +
         totals.dropped_file_down + totals.dropped_link_type + totals.over_limit;
}

/// Packets of a pcap file that is made of whole records; none if it isn't.
std::optional<uint64_t> whole_packets(const std::string& content) {
  if (content.size() < kPcapHeaderBytes) return std::nullopt;
  const std::span<const char> records = std::span(content).subspan(kPcapHeaderBytes);
  const WholeRecords whole = whole_records(FileFormat::Pcap, records);
  if (whole.bytes != records.size()) return std::nullopt;
  return whole.packets;
}

std::unique_ptr<PacketFile> open(PacketFileOptions options) {
  auto file = PacketFile::open(std::move(options));
  REQUIRE(file);
  return std::move(*file);
}

std::string first_names(PacketFileOptions options, int count) {
  FileSeries series(options);
  std::string names = series.first(0);
  for (int i = 1; i < count; ++i)
    names += " " + series.next(0).value_or("end");
  return names;
}

}  // namespace

TEST_CASE(
    "packet file: a disk that fills up and has room again leaves whole records, all counted") {
  const bool io_uring = GENERATE(true, false);
  const auto disk = open_small_disk("256k");
  if (!disk) {
    support::skip_case("no right to make a small tmpfs");
    return;
  }
  const std::string path = path_of(*disk) + "/out.pcap";
  const auto file = open({.path = path, .io_uring = io_uring, .block_bytes = 10'000, .blocks = 2});
  put(*file, 200);
  file->on_idle();
  CHECK(settled(*file));
  {
    const Filler filler(path_of(*disk) + "/filler");
    put(*file, 1000);
    file->on_idle();
    CHECK(settled(*file));
    CHECK(file->totals().dropped_disk_full > 800);
    CHECK(sum(file->totals()) == 1200);
  }
  put(*file, 300);
  const auto finished = file->finish();
  REQUIRE_FALSE(finished);
  CHECK(finished.error().code == std::errc::no_space_on_device);
  const PacketFileTotals totals = file->totals();
  CHECK(totals.written >= 500);
  CHECK(sum(totals) == 1500);
  CHECK(whole_packets(content_of(path)) == totals.written);
}

TEST_CASE("packet file: a record that was cut by a full disk is cut off at the end") {
  const auto disk = open_small_disk("64k");
  if (!disk) {
    support::skip_case("no right to make a small tmpfs");
    return;
  }
  const std::string path = path_of(*disk) + "/out.pcap";
  const auto file = open({.path = path, .block_bytes = 10'000, .blocks = 2});
  put(*file, 1000);
  CHECK_FALSE(file->finish());
  const PacketFileTotals totals = file->totals();
  CHECK(totals.written > 400);
  CHECK(totals.dropped_disk_full > 400);
  CHECK(sum(totals) == 1000);
  CHECK(whole_packets(content_of(path)) == totals.written);
}

TEST_CASE("packet file: live packets never wait for a slow reader, and each is accounted for") {
  Pipe pipe = Pipe::open();
  const auto file =
      open({.path = path_of(pipe.write_end), .live = true, .block_bytes = 4096, .blocks = 2});
  put(*file, 2000);
  CHECK(file->totals().dropped_queue_full > 1000);
  std::string content;
  std::thread reader([&] {
    pipe.write_end.reset();
    char part[4096];
    for (ssize_t got = 0; (got = ::read(pipe.read_end.get(), part, sizeof part)) > 0;)
      content.append(part, static_cast<size_t>(got));
  });
  CHECK(file->finish());
  reader.join();
  CHECK(file->totals().in_flight == 0);
  CHECK(sum(file->totals()) == 2000);
  CHECK(whole_packets(content) == file->totals().written);
}

TEST_CASE("packet file: a packet longer than a block is written whole") {
  const auto disk = open_small_disk("4m");
  if (!disk) {
    support::skip_case("no right to make a small tmpfs");
    return;
  }
  const std::string path = path_of(*disk) + "/out.pcap";
  const auto file = open({.path = path, .block_bytes = 4096, .blocks = 2});
  for (const size_t size : {100, 1'000'000, 100})
    file->put(Numbered(7, size).packet);
  CHECK(file->finish());
  const std::string content = content_of(path);
  CHECK(whole_packets(content) == 3U);
  CHECK(content.size() == kPcapHeaderBytes + 3 * kPcapRecordHeaderBytes + 1'000'200);
}

TEST_CASE("packet file: pcap takes packets of one link type, and says what time it can't hold") {
  const auto disk = open_small_disk("4m");
  if (!disk) {
    support::skip_case("no right to make a small tmpfs");
    return;
  }
  const auto file = open({.path = path_of(*disk) + "/out.pcap"});
  file->describe({.source_id = 0, .nanoseconds = false});
  Numbered first(1), other(2), fine(3);
  other.packet.link_type = 101;
  fine.packet.ts_ns += 1;
  for (const Numbered* one : {&first, &other, &fine})
    file->put(one->packet);
  CHECK(file->finish());
  CHECK(file->totals().written == 2);
  CHECK(file->totals().dropped_link_type == 1);
  CHECK(file->totals().times_cut == 1);
}

TEST_CASE("file series: names are tcpdump's") {
  CHECK(first_names({.path = "x", .rotate_bytes = 1}, 3) == "x x1 x2");
  CHECK(first_names({.path = "x", .rotate_bytes = 1, .rotate_count = 2}, 4) == "x0 x1 x0 x1");
  CHECK(first_names({.path = "x", .rotate_bytes = 1, .rotate_count = 11}, 2) == "x00 x01");
}

TEST_CASE("file series: intervals follow packet time in whole steps, and a count ends them") {
  FileSeries series({.path = "%M%S", .rotate_interval_ns = 60 * kSecond, .rotate_count = 2});
  CHECK(series.first(5 * kSecond + 1) == "0005");
  CHECK_FALSE(series.is_due(65 * kSecond - 1, 0));
  CHECK(series.is_due(65 * kSecond, 0));
  CHECK(series.next(200 * kSecond) == "0305");
  CHECK_FALSE(series.next(300 * kSecond));
}

}  // namespace pktana::sink
