// SPDX-License-Identifier: Apache-2.0
#include "daemon/heritage.h"

#include <cstdlib>

#include <sys/mman.h>
#include <unistd.h>

#include "daemon/state_directory.h"
#include "daemon/written_flows.h"
#include "support/catch.h"

namespace pktana::daemon {
namespace {

base::Fd memory() { return base::Fd(::memfd_create("test", MFD_CLOEXEC)); }

/// A commit as a worker writes it, of no flow.
void put_commit(int fd, uint64_t epoch, const std::string& setup) {
  base::StateWriter out;
  engine::KeptHeader header{.layout = engine::kept_layout(), .epoch = epoch};
  out.put(header);
  out.put_text(setup);
  for (int list = 0; list < 3; ++list)
    out.put(uint32_t{0});
  out.put(uint64_t{0});
  header.size = out.size() - sizeof header;
  out.put_at(0, header);
  REQUIRE(::pwrite(fd, out.bytes().data(), out.size(), 0) == static_cast<ssize_t>(out.size()));
}

void put_files(std::vector<NamedFd>& fds, uint64_t generation, uint64_t epoch, const char* setup) {
  for (size_t file = 0; file < engine::kKeptFiles; ++file) {
    fds.push_back({.name = state_name(generation, 0, file), .fd = memory()});
    if (file < engine::kCountsFile && epoch > file)
      put_commit(fds.back().fd.get(), epoch - file, setup);
  }
}

TEST_CASE("heritage: the newest commit of all processes before us counts") {
  std::vector<NamedFd> fds;
  put_files(fds, 3, 10, "third");
  put_files(fds, 4, 12, "fourth");
  put_files(fds, 5, 0, "fifth, which had no time to commit");
  const Heritage heritage(std::move(fds));
  CHECK(heritage.next_generation() == 6);
  const engine::KeptState state = heritage.state_of(0);
  CHECK(state.epoch == 12);
  CHECK(state.setup == "fourth");
  CHECK(heritage.state_of(1).epoch == 0);
}

TEST_CASE("heritage: a commit that was not finished is none, nor is that of another build") {
  std::vector<NamedFd> fds;
  put_files(fds, 1, 7, "good");
  engine::KeptHeader torn;
  REQUIRE(::pwrite(fds[0].fd.get(), &torn, sizeof torn, 0) == static_cast<ssize_t>(sizeof torn));
  const engine::KeptHeader strange{.layout = 1, .epoch = 99, .size = 4};
  std::vector<NamedFd> others;
  put_files(others, 2, 0, "");
  REQUIRE(::pwrite(others[1].fd.get(), &strange, sizeof strange, 0) ==
          static_cast<ssize_t>(sizeof strange));
  for (NamedFd& one : others)
    fds.push_back(std::move(one));
  CHECK(Heritage(std::move(fds)).state_of(0).epoch == 6);
}

TEST_CASE("heritage: a ring is taken once; the rest are strangers by name") {
  std::vector<NamedFd> fds;
  fds.push_back({.name = ring_name("eth0", 1), .fd = memory()});
  fds.push_back({.name = "somebody's", .fd = memory()});
  Heritage heritage(std::move(fds));
  CHECK(heritage.has_ring("eth0", 1));
  CHECK_FALSE(heritage.has_ring("eth0", 0));
  CHECK(heritage.take_ring("eth0", 1));
  CHECK_FALSE(heritage.take_ring("eth0", 1));
  CHECK(heritage.names() == std::vector<std::string>{"somebody's"});
}

TEST_CASE("listen fds: those that are meant for another process are left alone") {
  ::setenv("LISTEN_PID", "1", 1);
  ::setenv("LISTEN_FDS", "2", 1);
  CHECK(take_listen_fds().empty());
  CHECK(::getenv("LISTEN_FDS") == nullptr);
}

std::string line(uint64_t flow_id, unsigned packets, const char* end = "}\n") {
  return "{\"timestamp\":\"x\",\"flow_id\":" + std::to_string(flow_id) +
         ",\"event_type\":\"flow\",\"flow\":{\"pkts_toserver\":" + std::to_string(packets) +
         ",\"pkts_toclient\":2}" + end;
}

flow::FlowRecord record(uint64_t flow_id, uint64_t packets) {
  flow::FlowRecord record;
  record.flow_id = flow_id;
  record.totals[flow::kToServer].packets = packets;
  record.totals[flow::kToClient].packets = 2;
  return record;
}

TEST_CASE("written flows: whole lines of final records count, and only they") {
  WrittenFlows written;
  written.read_lines(line(1, 5) + line(2, 6, ",\"x\":\n") + "{\"event_type\":\"stats\"}\n" +
                     line(3, 7, "}"));
  CHECK(written.has(record(1, 5)));
  CHECK_FALSE(written.has(record(1, 6)));
  CHECK(written.has_flow(1));
  CHECK_FALSE(written.has_flow(2));  // cut, then ended
  CHECK_FALSE(written.has_flow(3));  // cut
}

TEST_CASE("state directory: files are replaced as a whole, and a secret is kept") {
  std::string path = "/tmp/pktana-state-XXXXXX";
  REQUIRE(::mkdtemp(path.data()) != nullptr);
  const auto directory = StateDirectory::open(path + "/inner");
  REQUIRE(directory);
  CHECK(directory->read("flows-0")->empty());
  const std::vector<uint8_t> content{1, 2, 3};
  REQUIRE(directory->write("flows-0", content, true));
  CHECK(*directory->read("flows-0") == content);
  CHECK(*directory->read("flows-0.new") == std::vector<uint8_t>{});
  const auto secret = keep_secret(*directory);
  REQUIRE(secret);
  CHECK(keep_secret(*directory)->word == secret->word);
  for (const char* name : {"flows-0", "secret"})
    directory->remove(name);
  CHECK(::rmdir((path + "/inner").c_str()) == 0);
  ::rmdir(path.c_str());
}

TEST_CASE("state directory: none means that nothing is kept, and nothing fails") {
  const auto directory = StateDirectory::open("");
  REQUIRE(directory);
  CHECK_FALSE(directory->is_there());
  CHECK(directory->read("x")->empty());
  CHECK(directory->write("x", {}, true));
}

}  // namespace
}  // namespace pktana::daemon
