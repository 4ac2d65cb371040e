// SPDX-License-Identifier: Apache-2.0
#include "daemon/config_file.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "daemon/config_text.h"
#include "support/catch.h"

namespace pktana::daemon {
namespace {

LoadedConfig parse(const std::string& toml) { return parse_config(toml, {.path = "c.toml"}); }

std::vector<std::string> problems_of(const std::string& toml) {
  std::vector<std::string> texts;
  for (const ConfigProblem& problem : parse(toml).problems)
    texts.push_back(to_string(problem));
  return texts;
}

std::string effective_line(const LoadedConfig& loaded, const std::string& start) {
  const std::string text = effective_config(loaded);
  const size_t begin = text.find("\n" + start);
  return begin == std::string::npos
             ? ""
             : text.substr(begin + 1, text.find('\n', begin + 1) - begin - 1);
}

TEST_CASE("configuration: the contract's example is read as it means") {
  const LoadedConfig loaded = parse(R"(
[capture]
interfaces = ["eth0"]
threads = "auto"
ring_size = "32MiB"
filter = "tcp or udp"
[flow]
max_flows = 1_000_000
active_timeout = "0s"
update_interval = "60s"
[flow.timeouts]
tcp = { new = "61s", established = "600s", closed = 62 }
[[output]]
type = "file"
format = "eve"
path = "/var/log/pktana/eve.json"
events = ["flow", "flow_update", "stats"]
rotate_size = "1GiB"
rotate_interval = "1h"
keep_size = "20GiB"
compress = "zstd"
[[output]]
type = "unix"
path = "/run/x.sock"
where = "bytes > 1MB"
[stats]
interval = "10s"
[api]
socket = "/run/pktana/api.sock"
)");
  REQUIRE(loaded.problems.empty());
  const Config& config = loaded.config;
  CHECK(config.capture.interfaces == std::vector<std::string>{"eth0"});
  CHECK(config.capture.threads == 0);
  CHECK(config.capture.ring_bytes == 32U << 20);
  CHECK(config.flow.timeouts.tcp.new_ns == 61'000'000'000);
  CHECK(config.flow.timeouts.tcp.closed_ns == 62'000'000'000);
  CHECK(config.flow.timeouts.udp.new_ns == 30'000'000'000);
  REQUIRE(config.outputs.size() == 2);
  CHECK_FALSE(config.outputs[0].scan_events);
  CHECK(config.outputs[0].keep_size_bytes == 20ULL << 30);
  CHECK(config.outputs[1].type == OutputType::Unix);
  CHECK(config.outputs[1].where == "bytes > 1MB");
  CHECK(config.outputs[1].scan_events);
}

TEST_CASE("configuration: nothing at all has every default, and one output") {
  const Config config = default_config();
  CHECK(config.capture.interfaces == std::vector<std::string>{"any"});
  CHECK(config.flow.update_interval_ns == 60'000'000'000);
  CHECK(config.flow.timeouts.tcp.established_ns == 600'000'000'000);
  REQUIRE(config.outputs.size() == 1);
  CHECK(config.outputs[0].path == "/var/log/pktana/eve.json");
  CHECK(config.sandbox == SandboxMode::On);
}

TEST_CASE("configuration: all mistakes are told at once, each with its place and what to write") {
  const auto problems = problems_of(R"([capture]
interfaces = []
rign_size = "64MiB"
max_flows = 5
snaplen = "many"
[flow]
update_interval = "soon"
[flow.timeouts]
tcp = { neu = "1s" }
[[output]]
format = "jsn"
where = "bytes >"
[outputs]
)");
  const std::vector<std::string> starts = {
      "c.toml:2:14: capture.interfaces: name an interface",
      "c.toml:3:1: unknown key capture.rign_size; did you mean ring_size?",
      "c.toml:4:1: unknown key capture.max_flows; it belongs in [flow]",
      "c.toml:5:11: capture.snaplen: \"many\" is not a whole number from 64 to 262144",
      "c.toml:7:19: flow.update_interval: ",
      "c.toml:9:9: unknown key flow.timeouts.tcp.neu; did you mean new?",
      "c.toml:11:10: output.format: \"jsn\" is not one of eve, zeek, ecs, ocsf, csv",
      "c.toml:12:9: output.where: ",
      "c.toml:13:2: unknown key outputs; did you mean output?"};
  REQUIRE(problems.size() == starts.size());
  for (size_t i = 0; i < starts.size(); ++i)
    CHECK(problems[i].substr(0, starts[i].size()) == starts[i]);
}

TEST_CASE("configuration: a text that is no TOML says where") {
  const auto problems = problems_of("[capture]\nthreads = = 2\n");
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].starts_with("c.toml:2:11: "));
}

TEST_CASE("configuration: values that don't go together are told of") {
  const auto problems = problems_of(R"([capture]
ring_size = 1000
[[output]]
path = "eve.json"
[[output]]
path = "/a"
rotate_interval = "1ms"
[[output]]
path = "/a"
[enrich]
process = true
[metrics]
listen = "0.0.0.0:80"
)");
  const std::vector<std::string> parts = {
      "c.toml:2:13: capture.ring_size: must be at least 256KiB",
      "c.toml:4:8: output.path: \"eve.json\" is not a full path",
      "c.toml:7:19: output.rotate_interval: must be 0s or at least 100ms",
      "c.toml:9:8: output.path: \"/a\" is also the path of output 2",
      "c.toml:11:11: enrich.process: needs to look into other processes",
      "c.toml:13:10: metrics.listen: \"0.0.0.0:80\" is not on loopback"};
  REQUIRE(problems.size() == parts.size());
  for (size_t i = 0; i < parts.size(); ++i)
    CHECK(problems[i].substr(0, parts[i].size()) == parts[i]);
}

TEST_CASE("configuration: a file that is not there is a problem of its own") {
  const LoadedConfig loaded = load_config({.path = "/nowhere/c.toml"});
  REQUIRE(loaded.problems.size() == 1);
  CHECK(to_string(loaded.problems[0]) == "/nowhere/c.toml: open: No such file or directory");
}

TEST_CASE("configuration: the command line goes before the file, and an instance has own paths") {
  const LoadedConfig loaded = parse_config(
      "[capture]\ninterfaces = [\"a\"]\n",
      {.path = "c.toml", .interfaces = {"eth7"}, .instance = "eth7", .sandbox = "strict"});
  REQUIRE(loaded.problems.empty());
  CHECK(loaded.config.capture.interfaces == std::vector<std::string>{"eth7"});
  CHECK(loaded.config.sandbox == SandboxMode::Strict);
  CHECK(loaded.config.outputs[0].path == "/var/log/pktana/eth7/eve.json");
  CHECK(loaded.config.api.socket == "/run/pktana/eth7/api.sock");
  CHECK(loaded.config.state.directory == "/var/lib/pktana/eth7");
  const auto wrong = parse_config("", {.path = "c.toml", .sandbox = "tight"});
  REQUIRE(wrong.problems.size() == 1);
  CHECK(to_string(wrong.problems[0]).starts_with("--sandbox: \"tight\" is not one of"));
}

TEST_CASE("configuration: --effective says of each key where it is from, and can be read again") {
  const LoadedConfig loaded = parse_config("[stats]\ninterval = 5\n[[output]]\nformat = 'csv'\n",
                                           {.path = "c.toml", .interfaces = {"eth7"}});
  REQUIRE(loaded.problems.empty());
  CHECK(effective_line(loaded, "interval").ends_with("# c.toml:2"));
  CHECK(effective_line(loaded, "format = ").ends_with("# c.toml:4"));
  CHECK(effective_line(loaded, "snaplen").ends_with("# default"));
  CHECK(effective_line(loaded, "interfaces").ends_with("# --interface"));
  const LoadedConfig again = parse(effective_config(loaded));
  CHECK(again.problems.empty());
  CHECK(again.config.capture.interfaces == loaded.config.capture.interfaces);
  CHECK(again.config.stats_interval_ns == 5'000'000'000);
}

TEST_CASE("configuration: plugins, and events that may be theirs") {
  const LoadedConfig good = parse(
      "[plugins]\nfiles = ['/opt/x.so']\ntime_budget = '20ms'\n[[output]]\nevents = ['mine']\n");
  REQUIRE(good.problems.empty());
  CHECK(good.config.plugins.files == std::vector<std::string>{"/opt/x.so"});
  CHECK(good.config.plugins.time_budget_ns == 20'000'000);
  CHECK(good.config.outputs[0].plugin_events == std::vector<std::string>{"mine"});
  const LoadedConfig none = parse("[[output]]\nevents = ['htpp']\n");
  REQUIRE(none.problems.size() == 1);
  CHECK(to_string(none.problems[0]).find("http") != std::string::npos);
  const LoadedConfig bad =
      parse("[plugins]\ndirectory = 'here'\ntime_budget = '0s'\n[app]\nenabled = true\n");
  CHECK(bad.problems.size() == 2);
}

TEST_CASE("configuration: the sample file is the shipped one, and means the defaults") {
  std::ifstream file(std::string(std::getenv("PKTANA_SOURCE_ROOT")) + "/packaging/pktana.toml");
  const std::string shipped((std::istreambuf_iterator<char>(file)),
                            std::istreambuf_iterator<char>());
  CHECK(shipped == sample_config());  // else: pktana check-config --sample > packaging/pktana.toml
  const LoadedConfig loaded = parse(shipped);
  REQUIRE(loaded.problems.empty());
  CHECK(loaded.settings.size() == config_keys().size());
  LoadedConfig defaults = parse("");
  REQUIRE(defaults.settings.size() == loaded.settings.size());
  for (size_t i = 0; i < loaded.settings.size(); ++i) {
    CHECK(loaded.settings[i].value == defaults.settings[i].value);
    CHECK(loaded.settings[i].origin.starts_with("c.toml:"));
  }
}

TEST_CASE("configuration: each key has one line to explain it, and a name of its own") {
  std::set<std::string> paths;
  for (const ConfigKey& key : config_keys()) {
    CHECK(paths.insert(path_of(key)).second);
    CHECK_FALSE(key.about.empty());
    CHECK(key.about.find('\n') == std::string_view::npos);
  }
}

}  // namespace
}  // namespace pktana::daemon
