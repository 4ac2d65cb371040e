// SPDX-License-Identifier: Apache-2.0
#include "ring/capture_file.h"

#include <algorithm>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"
#include "ring/read_all.h"
#include "support/capture_writer.h"
#include "support/catch.h"
#include "support/temp_file.h"

namespace pktana::ring {
namespace {

using support::Octets;
using support::PcapWriter;
using support::sample_octets;
using support::TempFile;

ReadOutcome read_path(const std::string& path) {
  return read_all(CaptureFile::open({.path = path}));
}

/// Standard input is `fd` as long as it lives.
class StdinFrom {
 public:
  explicit StdinFrom(int fd) : saved_(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)) {
    ::dup2(fd, STDIN_FILENO);
  }
  ~StdinFrom() {
    if (saved_) {
      ::dup2(saved_.get(), STDIN_FILENO);
    } else {
      ::close(STDIN_FILENO);
    }
  }
  StdinFrom(const StdinFrom&) = delete;
  StdinFrom& operator=(const StdinFrom&) = delete;

 private:
  base::Fd saved_;
};

/// 3 MiB of packets of all sizes from 0 to 1999 bytes.
Octets large_file(bool big_endian = false) {
  PcapWriter writer({.big_endian = big_endian});
  for (uint32_t i = 0; i < 3000; ++i) {
    writer.add(sample_octets(i * 7919 % 2000, static_cast<uint8_t>(i)), {.fraction = i});
  }
  return writer.octets();
}

void check_large_file(const ReadOutcome& outcome) {
  CHECK(outcome.message().empty());
  REQUIRE(outcome.packets.size() == 3000);
  for (uint32_t i = 0; i < 3000; ++i) {
    const ReadPacket& packet = outcome.packets[i];
    REQUIRE(packet.data == sample_octets(i * 7919 % 2000, static_cast<uint8_t>(i)));
    REQUIRE(packet.ref.ts_ns == 1700000000000000000 + i * 1000);
  }
}

TEST_CASE("capture file: packets that straddle the blocks come whole and in order") {
  const TempFile file(large_file(GENERATE(false, true)));
  const size_t block_bytes =
      GENERATE(size_t{64}, size_t{1500}, size_t{4096}, CaptureFile::kBlockBytes);
  check_large_file(read_all(CaptureFile::open({.path = file.path(), .block_bytes = block_bytes})));
}

TEST_CASE("capture file: bytes that come in any portions give the same packets") {
  const size_t chunk_bytes = GENERATE(size_t{1}, size_t{17}, size_t{65536});
  check_large_file(read_bytes(large_file(), {.chunk_bytes = chunk_bytes}));
}

TEST_CASE("capture file: batches have at most 256 packets, none is empty before the end") {
  auto file = CaptureFile::open({.path = "test", .source_id = 7},
                                std::make_unique<support::MemoryReader>(large_file()));
  REQUIRE(file);
  size_t packets = 0;
  for (;;) {
    const auto batch = (*file)->next_batch();
    REQUIRE(batch);
    if (batch->state == Batch::State::End) break;
    CHECK(batch->state == Batch::State::Ready);
    CHECK(batch->packets.size() > 0);
    CHECK(batch->packets.size() <= CaptureFile::kMaxBatch);
    CHECK(std::all_of(batch->packets.begin(), batch->packets.end(),
                      [](const PacketRef& ref) { return ref.source_id == 7; }));
    packets += batch->packets.size();
  }
  CHECK(packets == 3000);
  CHECK((*file)->next_batch()->state == Batch::State::End);
  CHECK_FALSE((*file)->statistics());
}

TEST_CASE("capture file: standard input is read to its end and stays open") {
  const TempFile file(large_file());
  const base::Fd opened(::open(file.path().c_str(), O_RDONLY | O_CLOEXEC));
  const StdinFrom input(opened.get());
  check_large_file(read_path("-"));
  CHECK(::fcntl(STDIN_FILENO, F_GETFD) >= 0);
}

TEST_CASE("capture file: a pipe is read as its writer fills it") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  const base::Fd reading(ends[0]);
  std::thread writer([fd = base::Fd(ends[1])] {
    const Octets content = large_file();
    for (size_t done = 0; done < content.size();) {
      const size_t portion = std::min<size_t>(content.size() - done, 10007);
      const ssize_t written = ::write(fd.get(), content.data() + done, portion);
      if (written <= 0) return;
      done += static_cast<size_t>(written);
    }
  });
  const StdinFrom input(reading.get());
  check_large_file(read_path("-"));
  writer.join();
}

TEST_CASE("capture file: a pipe that was set non-blocking is waited for") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0);
  const base::Fd reading(ends[0]);
  std::thread writer([fd = base::Fd(ends[1])] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const Octets content = PcapWriter().add(sample_octets(60)).octets();
    (void)!::write(fd.get(), content.data(), content.size());
  });
  const StdinFrom input(reading.get());
  CHECK(read_path("-").packets.size() == 1);
  writer.join();
}

TEST_CASE("capture file: a pipe's packets come as soon as they are there") {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  const base::Fd reading(ends[0]);
  const base::Fd writing(ends[1]);
  const StdinFrom input(reading.get());
  const Octets content = PcapWriter().add(sample_octets(60)).octets();
  REQUIRE(::write(writing.get(), content.data(), content.size()) > 0);
  auto file = CaptureFile::open({.path = "-"});
  REQUIRE(file);
  CHECK_FALSE((*file)->size_bytes());
  const auto batch = (*file)->next_batch();  // would hang if it waited for a full block
  REQUIRE(batch);
  CHECK(batch->packets.size() == 1);
}

TEST_CASE("capture file: progress goes from 0 to the size of the file") {
  const Octets content = large_file();
  const TempFile path(content);
  auto file = CaptureFile::open({.path = path.path()});
  REQUIRE(file);
  REQUIRE((*file)->size_bytes() == content.size());
  CHECK((*file)->position_bytes() <= CaptureFile::kBlockBytes);
  uint64_t before = 0;
  while ((*file)->next_batch()->state != Batch::State::End) {
    CHECK((*file)->position_bytes() >= before);
    before = (*file)->position_bytes();
  }
  CHECK((*file)->position_bytes() == content.size());
}

TEST_CASE("capture file: what cannot be opened or read is an error with its name and the reason") {
  CHECK(read_path("/no/such/file.pcap").message() ==
        "open capture file: /no/such/file.pcap: No such file or directory");
  CHECK(read_path("/").message() == "read: /: Is a directory");
}

TEST_CASE("capture file: an empty file is called empty") {
  const TempFile file;
  CHECK(read_path(file.path()).message() ==
        "read capture file: " + file.path() + ": empty (0 bytes)");
  const base::Fd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const StdinFrom input(null.get());
  CHECK(read_path("-").message() == "read capture file: standard input: empty (0 bytes)");
}

TEST_CASE("capture file: garbage is refused with its first bytes and what is understood") {
  CHECK(
      read_bytes({0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0}).message() ==
      "read capture file: test: not a capture file: it begins with the bytes 89 50 4e 47 0d 0a 1a "
      "0a; understood are pcap, pcapng and snoop, as they are or compressed with gzip or zstd");
  CHECK(read_bytes({0xd4}).message().find("begins with the bytes d4;") != std::string::npos);
}

TEST_CASE("capture file: other packings are called by name") {
  CHECK(read_bytes({0xfd, '7', 'z', 'X', 'Z', 0}).message().find("xz -dc") != std::string::npos);
  CHECK(read_bytes({'B', 'Z', 'h', '9'}).message().find("bzip2 -dc") != std::string::npos);
  CHECK(read_bytes({4, 0x22, 0x4d, 0x18}).message().find("lz4 -dc") != std::string::npos);
  CHECK(read_bytes({'P', 'K', 3, 4}).message().find("zip") != std::string::npos);
}

TEST_CASE("capture file: a failing disk is reported after the packets before it") {
  const Octets content = PcapWriter().add(sample_octets(60)).add(sample_octets(60)).octets();
  const ReadOutcome outcome = read_bytes(Octets(content.begin(), content.end() - 10),
                                         {.error = base::errno_error(EIO, "read")});
  CHECK(outcome.packets.size() == 1);
  CHECK(outcome.message() == "read: test: Input/output error");
}

TEST_CASE("capture file: a failing disk before the file header is reported") {
  CHECK(read_bytes({}, {.error = base::errno_error(EIO, "read")}).message() ==
        "read: test: Input/output error");
  CHECK(read_bytes({0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0}, {.error = base::errno_error(EIO, "read")})
            .message() == "read: test: Input/output error");
}

}  // namespace
}  // namespace pktana::ring
