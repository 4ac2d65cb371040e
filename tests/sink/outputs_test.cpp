// SPDX-License-Identifier: Apache-2.0
// Several outputs at once, each with its own events, expression and speed.
#include <sys/socket.h>
#include <sys/un.h>

#include "log_lines.h"

namespace pktana::sink {
namespace {

using namespace std::chrono_literals;

class PortTest final : public RecordTest {
 public:
  explicit PortTest(uint16_t port) : port_(port) {}
  bool matches(const flow::FlowRecord& record) noexcept override {
    return record.dst_port == port_;
  }

 private:
  uint16_t port_;
};

base::Fd listen_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  base::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  REQUIRE(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(fd.get(), 4) == 0);
  return fd;
}

/// Reads until `lines` newlines have come, or nothing has for two seconds.
std::string read_lines(const base::Fd& fd, size_t lines) {
  std::string text;
  std::vector<char> buffer(4096);
  const timeval patience{.tv_sec = 2, .tv_usec = 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  while (static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) < lines) {
    const ssize_t got = ::recv(fd.get(), buffer.data(), buffer.size(), 0);
    if (got <= 0) break;
    text.append(buffer.data(), static_cast<size_t>(got));
  }
  return text;
}

uint64_t accounted(const OutputTotals& output) {
  return output.written + output.not_wanted + output.not_matching + output.dropped_disk_full +
         output.dropped_output_slow + output.dropped_sink_down;
}

}  // namespace

TEST_CASE("outputs: each has its own events, expression and numbers, and its own account") {
  const support::TempDir dir;
  OutputOptions all = log_output(dir.path() + "/all.json");
  OutputOptions web = log_output(dir.path() + "/web.json");
  web.test = std::make_shared<PortTest>(80);
  web.stats_events = false;
  OutputOptions stats = log_output(dir.path() + "/stats.json");
  stats.flow_events = false;
  stats.app_events = false;
  auto sink = Sink::start({.outputs = {all, web, stats}, .live = true});
  REQUIRE(sink);
  const auto producer = (*sink)->make_producer();
  std::vector<flow::FlowRecord> records(30, udp_record());
  for (size_t i = 0; i < 10; ++i)
    records[i] = tcp_record();
  producer->hand_over(records);
  (*sink)->submit({});
  CHECK((*sink)->finish());
  CHECK(is_one_to(all_seqs(all.path), 31));
  CHECK(is_one_to(all_seqs(web.path), 10));
  CHECK(is_one_to(all_seqs(stats.path), 1));
  const SinkTotals totals = (*sink)->totals();
  CHECK(totals.outputs[0].written == 30);
  CHECK(totals.outputs[1].written == 10);
  CHECK(totals.outputs[1].not_matching == 20);
  CHECK_FALSE(totals.outputs[2].takes_flows);
  CHECK(accounted(totals.outputs[0]) == 30);
  CHECK(accounted(totals.outputs[1]) == 30);
  CHECK(totals.in_flight == 0);
}

TEST_CASE("outputs: a pipe that nobody reads does not keep a log from its lines") {
  const support::TempDir dir;
  Pipe pipe = Pipe::open();
  OutputOptions stuck{.path = path_of(pipe.write_end), .own_thread = true, .memory_bytes = 1 << 20};
  OutputOptions log = log_output(dir.path() + "/eve.json");
  auto sink = Sink::start({.outputs = {stuck, log}, .live = true});
  REQUIRE(sink);
  const auto producer = (*sink)->make_producer();
  for (int i = 0; i < 20; ++i) {
    hand_over(*producer, 250);
    std::this_thread::sleep_for(2ms);
  }
  const auto written = [&] { return (*sink)->totals().outputs[1].written; };
  CHECK(wait_until([&] { return written() == 5'000; }, 3s) < 3s);
  wait_until([&] { return !(*sink)->totals().outputs[0].health.trouble.empty(); }, 2s);
  const OutputTotals slow = (*sink)->totals().outputs[0];
  CHECK(slow.dropped_output_slow > 2'000);
  CHECK(slow.health.trouble == "does not take lines as fast as they come");
  pipe.read_end.reset();  // else finish() would wait for it a while
  (void)(*sink)->finish();
  const SinkTotals totals = (*sink)->totals();
  CHECK(is_one_to(all_seqs(log.path), 5'000));
  CHECK(accounted(totals.outputs[0]) == 5'000);
  CHECK(totals.written == totals.outputs[0].written);  // who wrote least speaks for all
  CHECK(totals.in_flight == 0);
}

TEST_CASE("outputs: a unix socket is connected to when somebody listens, and again when lost") {
  const support::TempDir dir;
  const std::string path = dir.path() + "/eve.sock";
  auto sink =
      Sink::start({.outputs = {{.path = path, .type = OutputType::UnixSocket}}, .live = true});
  REQUIRE(sink);
  const auto producer = (*sink)->make_producer();
  hand_over(*producer, 5);
  const auto output = [&] { return (*sink)->totals().outputs[0]; };
  CHECK(wait_until([&] { return !output().health.trouble.empty(); }, 2s) < 2s);
  const base::Fd listener = listen_at(path);
  {
    const base::Fd client(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const auto lines = lines_of(read_lines(client, 5));
    REQUIRE(lines.size() == 5);
    CHECK(JsonLine(lines[0]).number("/pktana/seq") == 1);
    CHECK(JsonLine(lines[4]).number("/pktana/seq") == 5);
  }
  CHECK(wait_until([&] { return output().health.remade == 1; }, 3s) < 2s);
  const base::Fd again(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  hand_over(*producer, 2);
  CHECK(lines_of(read_lines(again, 2)).size() == 2);
  CHECK((*sink)->finish());
  CHECK((*sink)->totals().written == 7);
}

TEST_CASE("outputs: a closed pipe is final, and the log beside it goes on") {
  const support::TempDir dir;
  Pipe pipe = Pipe::open();
  OutputOptions closed{.path = path_of(pipe.write_end), .own_thread = true};
  OutputOptions log = log_output(dir.path() + "/eve.json");
  auto sink = Sink::start({.outputs = {closed, log}, .live = true});
  REQUIRE(sink);
  pipe.read_end.reset();
  pipe.write_end.reset();
  const auto producer = (*sink)->make_producer();
  hand_over(*producer, 10);
  wait_until([&] { return (*sink)->totals().outputs[0].dropped_sink_down == 10; }, 2s);
  hand_over(*producer, 10);
  CHECK_FALSE((*sink)->is_down());
  CHECK_FALSE((*sink)->finish());
  CHECK(is_one_to(all_seqs(log.path), 20));
  CHECK((*sink)->totals().outputs[0].dropped_sink_down == 20);
}

}  // namespace pktana::sink
