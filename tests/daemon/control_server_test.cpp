// SPDX-License-Identifier: Apache-2.0
#include "daemon/control_server.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <thread>

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <simdjson.h>

#include "daemon/control_call.h"
#include "support/catch.h"
#include "support/temp_dir.h"

namespace pktana::daemon {
namespace {

using namespace std::chrono_literals;

/// A daemon that notes what it is ordered.
class FakeTarget final : public ControlTarget {
 public:
  DaemonFacts facts() override {
    return {.uptime_ns = 5'000'000'000,
            .alive = alive,
            .interfaces = {{.name = "eth\"0", .attached = attached, .up = true, .rebinds = 2}},
            .plugins = {{.name = "git", .file = "/p.so", .calls = 9, .overruns = 1, .off = true}}};
  }
  engine::Ledger ledger() override {
    ++ledgers;
    engine::Ledger ledger;
    ledger.has_sink = true;
    ledger.ring_fill = 0.421;
    ledger.sources = {{.source_id = 0, .ring = {.packets = 100, .drops = 3, .freezes = 1}}};
    ledger.sink.outputs = {{.path = "/var/log/eve.json", .written = 7}};
    ledger.sink.outputs[0].health.trouble = trouble;
    return ledger;
  }
  std::string_view source_name(uint16_t) override { return "eth\"0"; }
  base::Result<std::unique_ptr<engine::FlowListing>> list_flows(
      const engine::ListingOptions& options) override {
    if (options.where == "bad") return base::fail_input("flow filter", "bad:\nbad\n^");
    auto slice = engine::ListingSlice::create(options, {}, 10);
    if (!slice) return base::Unexpected(slice.error());
    slices.push_back(*slice);
    return std::make_unique<engine::FlowListing>(
        options, std::vector<std::shared_ptr<engine::ListingSlice>>{*slice});
  }
  void rotate() override { orders += "rotate "; }
  bool reload() override {
    orders += "reload ";
    return reload_good;
  }
  void set_log_level(LogLevel level) override {
    orders += "level" + std::to_string(static_cast<int>(level)) + " ";
  }
  void shut_down() override { orders += "shutdown "; }

  bool alive = true;
  bool attached = true;
  bool reload_good = true;
  std::string trouble;
  std::string orders;
  int ledgers = 0;
  std::vector<std::shared_ptr<engine::ListingSlice>> slices;
};

struct Fixture {
  support::TempDir dir = {};
  std::string path = dir.path() + "/api.sock";
  FakeTarget target = {};
  std::unique_ptr<ControlServer> server = {};

  explicit Fixture(size_t max_clients = 16) {
    auto opened = ControlServer::open(path, max_clients, target);
    REQUIRE(opened);
    server = std::move(*opened);
  }

  [[nodiscard]] base::Fd connect() const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    base::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    REQUIRE(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return fd;
  }

  /// Serves until `enough` has come, the connection ends, or two seconds are over.
  std::string receive(const base::Fd& fd, const std::function<bool(const std::string&)>& enough) {
    std::string text;
    char bytes[4096];
    for (int turn = 0; turn < 2000 && !enough(text); ++turn) {
      server->serve();
      const ssize_t count = ::recv(fd.get(), bytes, sizeof bytes, 0);
      if (count == 0) break;
      if (count > 0)
        text.append(bytes, static_cast<size_t>(count));
      else
        std::this_thread::sleep_for(1ms);
    }
    return text;
  }
  std::string receive_line(const base::Fd& fd) {
    return receive(fd, [](const std::string& text) { return text.ends_with('\n'); });
  }
  std::string ask(const base::Fd& fd, const std::string& request) {
    REQUIRE(::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(request.size()));
    return receive_line(fd);
  }
  std::string ask(const std::string& request) { return ask(connect(), request + "\n"); }
};

bool is_json(const std::string& text) {
  simdjson::dom::parser parser;
  return parser.parse(text).error() == simdjson::SUCCESS;
}

}  // namespace

TEST_CASE("control: each command is answered with a line of JSON that carries the id") {
  Fixture f;
  const base::Fd fd = f.connect();
  for (const char* command : {"status", "stats", "ledger", "metrics", "help"}) {
    const std::string answer =
        f.ask(fd, R"({"id":42,"command":")" + std::string(command) + "\"}\n");
    CHECK(is_json(answer));
    CHECK(answer.starts_with(R"({"id":42,"ok":true,"result":{)"));
  }
  CHECK(f.target.ledgers == 1);  // however often it is asked
  CHECK(f.ask(R"({"command":"status"})").find(R"("name":"eth\"0","attached":true)") !=
        std::string::npos);
}

TEST_CASE("control: orders reach the daemon; a bad reload is told") {
  Fixture f;
  CHECK(f.ask(R"({"command":"rotate"})") == "{\"ok\":true,\"result\":{}}\n");
  CHECK(f.ask(R"({"command":"reload"})").find("\"ok\":true") != std::string::npos);
  f.target.reload_good = false;
  CHECK(f.ask(R"({"command":"reload"})").find("\"ok\":false") != std::string::npos);
  CHECK(f.ask(R"({"command":"log-level"})").find("a level is missing") != std::string::npos);
  CHECK(f.ask(R"({"command":"log-level","level":"debug"})").find("true") != std::string::npos);
  CHECK(f.ask(R"({"command":"shutdown"})").find("true") != std::string::npos);
  CHECK(f.target.orders == "rotate reload reload level0 shutdown ");
}

TEST_CASE("control: whoever may only ask is refused orders") {
  FakeTarget target;
  ControlAnswers answers(target);
  for (const char* order : {"rotate", "reload", "log-level", "shutdown"}) {
    ControlRequest request{.command = order, .id = {}, .listing = {}, .level = LogLevel::Debug};
    CHECK(answers.answer(request, false).find("\"ok\":false") != std::string::npos);
  }
  CHECK(target.orders.empty());
}

TEST_CASE("control: mistakes are answered with what is wrong, and the connection goes on") {
  Fixture f;
  const base::Fd fd = f.connect();
  const std::pair<const char*, const char*> mistakes[] = {
      {"hello", "JSON object"},
      {"[1]", "JSON object"},
      {"{}", "has a command"},
      {R"({"command":"stattus"})", "did you mean"},
      {R"({"command":"status","wher":1})", "no key 'wher'"},
      {R"({"command":7})", "must be a text"},
      {R"({"command":"flows","limit":0})", "limit must be 1 to 1000"},
      {R"({"command":"flows","limit":1001})", "limit must be 1 to 1000"},
      {R"({"command":"flows","sort":"size"})", "not one of bytes"},
      {R"({"command":"flows","where":"src_ip in @/etc/passwd"})", "not for the control socket"},
      {R"({"command":"flows","where":"bad"})", "flow filter"},
      {R"({"command":"status","id":[1]})", "id must be"}};
  for (const auto& [request, message] : mistakes) {
    const std::string answer = f.ask(fd, std::string(request) + "\n");
    CHECK(is_json(answer));
    CHECK(answer.find("\"ok\":false") != std::string::npos);
    CHECK(answer.find(message) != std::string::npos);
  }
}

TEST_CASE("control: a request that is too long, or not a line in time, ends the connection only") {
  Fixture f;
  const base::Fd fd = f.connect();
  const std::string answer = f.ask(fd, std::string(20'000, 'x'));
  CHECK(answer.find("at most 16 KiB") != std::string::npos);
  CHECK(f.receive_line(fd).empty());
  CHECK(f.server->clients() == 0);
  CHECK(is_json(f.ask(R"({"command":"status"})")));
}

TEST_CASE("control: a request that comes byte by byte is understood, several at once in turn") {
  Fixture f;
  const base::Fd fd = f.connect();
  for (const char c : std::string(R"({"command":"help"})")) {
    REQUIRE(::send(fd.get(), &c, 1, 0) == 1);
    f.server->serve();
  }
  CHECK(is_json(f.ask(fd, "\n")));
  const std::string line = R"({"command":"help"})"
                           "\n";
  std::string many;
  for (int i = 0; i < 20; ++i)
    many += line;
  REQUIRE(::send(fd.get(), many.data(), many.size(), 0) > 0);
  const std::string answers = f.receive(
      fd, [](const std::string& text) { return std::count(text.begin(), text.end(), '\n') == 20; });
  CHECK(std::count(answers.begin(), answers.end(), '\n') == 20);
}

TEST_CASE("control: a listing is answered when the workers have done it; others wait or go ahead") {
  Fixture f;
  const base::Fd first = f.connect();
  const base::Fd second = f.connect();
  const std::string request = R"({"command":"flows","limit":5})"
                              "\n";
  REQUIRE(::send(first.get(), request.data(), request.size(), 0) > 0);
  f.server->serve();
  f.server->serve();
  REQUIRE(::send(second.get(), request.data(), request.size(), 0) > 0);
  CHECK(is_json(f.ask(R"({"command":"status"})")));  // nobody waits for a listing but who wants one
  REQUIRE(f.target.slices.size() == 1);
  f.target.slices[0]->finish(true);
  CHECK(f.receive_line(first).find(R"("flows":[],"flows_matched":0)") != std::string::npos);
  f.server->serve();
  REQUIRE(f.target.slices.size() == 2);
  f.target.slices[1]->finish(false);
  CHECK(f.receive_line(second).find(R"("complete":false)") != std::string::npos);
}

TEST_CASE("control: who leaves during a listing is forgotten") {
  Fixture f;
  const std::string request = R"({"command":"top"})"
                              "\n";
  {
    const base::Fd fd = f.connect();
    REQUIRE(::send(fd.get(), request.data(), request.size(), 0) > 0);
    f.server->serve();
    f.server->serve();
  }
  f.server->serve();
  CHECK(f.server->clients() == 0);
  REQUIRE(f.target.slices.size() == 1);
  f.target.slices[0]->finish(true);
  f.server->serve();
  CHECK(is_json(f.ask(R"({"command":"status"})")));
}

TEST_CASE("control: 1,000 idle clients: an answer comes at once, and the longest idle make room") {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 4096);
  ::setrlimit(RLIMIT_NOFILE, &limit);
  Fixture f(256);
  std::vector<base::Fd> idle;
  for (int i = 0; i < 1000; ++i) {
    idle.push_back(f.connect());
    f.server->serve();
  }
  CHECK(f.server->clients() == 256);
  CHECK(f.server->refused() == 1000 - 256);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(is_json(f.ask(R"({"command":"status"})")));
  CHECK(std::chrono::steady_clock::now() - begin < 100ms);
}

TEST_CASE("control: a client that takes no answers is not asked on, and costs one answer") {
  Fixture f;
  const base::Fd fd = f.connect();
  const std::string line = R"({"command":"metrics"})"
                           "\n";
  std::string many;
  for (int i = 0; i < 500; ++i)
    many += line;
  ssize_t sent = 0;
  for (int i = 0; i < 200; ++i) {
    const ssize_t count = ::send(fd.get(), many.data(), many.size(), MSG_NOSIGNAL);
    if (count > 0) sent += count;
    f.server->serve();
  }
  CHECK(sent < 1'000'000);  // the rest waits in the kernel, and then with the client
  CHECK(is_json(f.ask(R"({"command":"status"})")));
}

TEST_CASE("control: pages by HTTP: metrics, life and readiness") {
  Fixture f;
  const auto get = [&f](const char* path) {
    const base::Fd fd = f.connect();
    const std::string request = "GET " + std::string(path) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    REQUIRE(::send(fd.get(), request.data(), request.size(), 0) > 0);
    return f.receive(fd, [](const std::string&) { return false; });
  };
  const std::string metrics = get("/metrics");
  CHECK(metrics.starts_with("HTTP/1.0 200 OK\r\n"));
  CHECK(metrics.find("pktana_plugin_off{plugin=\"git\"} 1\n") != std::string::npos);
  CHECK(metrics.find("pktana_capture_packets_total{interface=\"eth\\\"0\"} 100\n") !=
        std::string::npos);
  CHECK(get("/livez").find("200 OK") != std::string::npos);
  CHECK(get("/readyz").find(R"({"ready":true,"reasons":[]})") != std::string::npos);
  CHECK(get("/nothing").find("404") != std::string::npos);
  f.target.alive = false;
  CHECK(get("/livez").find("503") != std::string::npos);
  f.target.attached = false;
  CHECK(get("/readyz").find("503") != std::string::npos);
}

TEST_CASE("control: the socket is for its group, a left one is replaced, a live one is not") {
  Fixture f;
  struct stat status {};
  REQUIRE(::stat(f.path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0660);
  CHECK_FALSE(ControlServer::open(f.path, 4, f.target));
  f.server.reset();
  CHECK_FALSE(std::filesystem::exists(f.path));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  f.path.copy(address.sun_path, sizeof address.sun_path - 1);
  {
    const base::Fd left(::socket(AF_UNIX, SOCK_STREAM, 0));
    REQUIRE(::bind(left.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  CHECK(ControlServer::open(f.path, 4, f.target));
}

TEST_CASE("control: the client gets the items of a list, and the daemon's refusal as an error") {
  CHECK(read_reply(R"({"ok":true,"result":{"flows":[{"a":1},{"b":2}]}})")->items.size() == 2);
  CHECK(read_reply(R"({"ok":true,"result":{"text":"x\ny"}})")->text == "x\ny");
  CHECK(read_reply(R"({"ok":true,"result":{"n":1}})")->result == R"({"n":1})");
  CHECK(read_reply(R"({"ok":false,"error":"no"})").error().detail == "no");
  CHECK_FALSE(read_reply("hello"));
  CHECK_FALSE(call_daemon("/nowhere/api.sock", "{}"));
}

TEST_CASE("control: status has the kernel's counts of an interface and the fill of the rings") {
  Fixture f;
  const std::string answer = f.ask(R"({"command":"status"})");
  CHECK(answer.find(R"("rebinds":2,"packets":100,"drops":3,"freezes":1})") != std::string::npos);
  CHECK(answer.find(R"("ring_fill_percent":43,)") != std::string::npos);
  CHECK(f.ask(R"({"command":"metrics"})").find("pktana_capture_ring_fill_ratio 0.421") !=
        std::string::npos);
}

TEST_CASE("control: flows with all their fields are a hundred at most") {
  Fixture f;
  CHECK(f.ask(R"({"command":"flows","fields":true,"limit":101})").find("100 at most") !=
        std::string::npos);
  CHECK(f.ask(R"({"command":"flows","fields":1})").find("true or false") != std::string::npos);
}

}  // namespace pktana::daemon
