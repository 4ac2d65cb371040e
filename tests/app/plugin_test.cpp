// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <string>
#include <vector>

#include "app/app_fixture.h"
#include "app/call_guard.h"
#include "app/plugin_set.h"
#include "support/catch.h"

namespace pktana::app {
namespace {

using Events = std::vector<std::string>;

std::string plugin_path(const std::string& name) {
  const char* root = std::getenv("PKTANA_BUILD_ROOT");
  REQUIRE(root != nullptr);
  return std::string(root) + "/tests/app/" + name + ".so";
}

/// A registry of the unruly plugin alone, loaded anew: what was switched off is on again.
class Unruly {
 public:
  Unruly() {
    REQUIRE(plugins_.load({.path = plugin_path("unruly_plugin")}, registry_));
    CallGuard::install();
  }

  TalkOptions options(uint8_t protocol = PKTANA_TCP) const {
    return {.protocol = protocol, .registry = &registry_};
  }
  const PluginCounters& counters() const { return *plugins_.counters().front(); }

 private:
  Registry registry_;
  PluginSet plugins_;
};

TEST_CASE("plugin: a loaded dissector sees flows and emits events", "[plugin]") {
  const Unruly plugin;
  Talk talk(plugin.options());
  talk.client("UNRULY hello");
  CHECK(talk.app_proto() == "unruly");
  CHECK(talk.events() == Events{R"(unruly{"len":12})"});
  CHECK(plugin.counters().calls.load() == 2);
}

TEST_CASE("plugin: a call that loops is broken off, and its flow let go", "[plugin]") {
  const Unruly plugin;
  Talk talk(plugin.options());
  talk.client("UNRULY loop");
  CHECK_FALSE(talk.wanted());
  CHECK(plugin.counters().overruns.load() == 1);
  CHECK_FALSE(plugin.counters().off.load());
  Talk next(plugin.options());
  next.client("UNRULY hello");
  CHECK(next.events().size() == 1);
}

TEST_CASE("plugin: a call that loops through host functions is broken off", "[plugin]") {
  const Unruly plugin;
  Talk talk(plugin.options());
  talk.client("UNRULY loop in host");
  CHECK_FALSE(talk.wanted());
  CHECK(plugin.counters().overruns.load() == 1);
}

TEST_CASE("plugin: a probe that loops is broken off, and says no", "[plugin]") {
  const Unruly plugin;
  Talk talk(plugin.options());
  talk.client("UNRULY PROBE");
  CHECK(talk.app_proto() == "failed");
}

TEST_CASE("plugin: one that faults is switched off at once", "[plugin]") {
  for (const char* how : {"UNRULY crash", "UNRULY abort"}) {
    const Unruly plugin;
    Talk talk(plugin.options());
    talk.client(how);
    CHECK(plugin.counters().crashes.load() == 1);
    CHECK(plugin.counters().off.load());
    Talk next(plugin.options());
    next.client("UNRULY hello");
    CHECK(next.app_proto() == "failed");
  }
}

TEST_CASE("plugin: one that overruns again and again is switched off", "[plugin]") {
  const Unruly plugin;
  Talk talk(plugin.options(PKTANA_UDP));
  for (uint64_t i = 1; i < CallGuard::kMaxOverruns; ++i)
    talk.client("UNRULY slow");
  CHECK(talk.wanted());
  CHECK_FALSE(plugin.counters().off.load());
  talk.client("UNRULY slow");
  CHECK(plugin.counters().off.load());
  talk.client("UNRULY slow");
  CHECK_FALSE(talk.wanted());
}

TEST_CASE("plugin: rubbish is counted and harms nobody", "[plugin]") {
  const Unruly plugin;
  Talk talk(plugin.options());
  talk.client("UNRULY rubbish");
  CHECK(talk.totals().misuses > 5);
  CHECK(talk.wanted());
  CHECK(talk.app_proto() == "unruly");
  Talk verdict(plugin.options());
  verdict.client("UNRULY verdict");
  CHECK_FALSE(verdict.wanted());
  Talk change(plugin.options());
  change.client("UNRULY change");
  change.client("more");
  change.end();
  CHECK(change.app_proto() == "unruly");
}

TEST_CASE("plugin: what is none is refused, with file, reason and mend", "[plugin]") {
  Registry registry;
  PluginSet plugins;
  const auto detail = [&](const PluginFile& file) {
    const auto loaded = plugins.load(file, registry);
    REQUIRE_FALSE(loaded);
    return loaded.error().detail;
  };
  CHECK(detail({.path = "/nonexistent.so"}).find("/nonexistent.so") != std::string::npos);
  CHECK(detail({.path = plugin_path("wrong_abi_plugin")})
            .find("it was built for plugin ABI 2, this pktana has 1") != std::string::npos);
  CHECK(detail({.path = plugin_path("unruly_plugin"), .config = "refuse"})
            .find("it was told to refuse") != std::string::npos);
  CHECK(registry.size() == 0);
  REQUIRE(plugins.load({.path = plugin_path("unruly_plugin")}, registry));
  CHECK(detail({.path = plugin_path("unruly_plugin")}).find("the name is taken") !=
        std::string::npos);
  CHECK(registry.size() == 1);
}

TEST_CASE("plugin: those of a directory are found by name", "[plugin]") {
  const auto found =
      PluginSet::in_directory(std::string(std::getenv("PKTANA_BUILD_ROOT")) + "/tests/app");
  REQUIRE(found);
  REQUIRE(found->size() == 2);
  CHECK(found->front().path.ends_with("unruly_plugin.so"));
  CHECK_FALSE(PluginSet::in_directory("/nonexistent"));
}

}  // namespace
}  // namespace pktana::app
