// SPDX-License-Identifier: Apache-2.0
#include "daemon/interface_watch.h"

#include <net/if.h>

#include "support/catch.h"

namespace pktana::daemon {
namespace {

/// An InterfaceWatch over a port that only writes down what it is asked for.
struct Fixture {
  std::vector<std::string> calls;
  bool refuse = false;
  DaemonLog log;
  InterfaceWatch watch;

  explicit Fixture(const std::vector<std::string>& names)
      : watch(names,
              {.attach = [this](size_t place) -> base::Result<void> {
                 calls.push_back("attach " + std::to_string(place));
                 if (refuse) return base::fail_input("bind", "no");
                 return {};
               },
               .detach =
                   [this](size_t place) { calls.push_back("detach " + std::to_string(place)); }},
              log) {
    log.set_level(LogLevel::Error);
  }

  std::vector<std::string> take() { return std::exchange(calls, {}); }
};

using Calls = std::vector<std::string>;

ring::Interface interface(const char* name, unsigned index) {
  ring::Interface one;
  one.name = name;
  one.index = index;
  one.flags = IFF_UP;
  return one;
}

TEST_CASE("interface watch: what is there is attached, what is not is waited for") {
  Fixture f({"a", "b"});
  f.watch.resync({interface("lo", 1), interface("b", 4)});
  CHECK(f.take() == Calls{"attach 1"});
  CHECK(f.watch.attached() == 1);
  f.watch.on_event({.index = 5, .name = "a", .up = true});
  CHECK(f.take() == Calls{"attach 0"});
  CHECK(f.watch.attached() == 2);
}

TEST_CASE("interface watch: removed and made again means new rings, once") {
  Fixture f({"a"});
  f.watch.resync({interface("a", 3)});
  (void)f.take();
  f.watch.on_event({.index = 3, .name = "a", .gone = true});
  CHECK(f.take() == Calls{"detach 0"});
  f.watch.on_event({.index = 9, .name = "a", .up = true});
  f.watch.on_event({.index = 9, .name = "a", .up = true});
  CHECK(f.take() == Calls{"attach 0"});
  CHECK(f.watch.interfaces()[0].counts.removed == 1);
  CHECK(f.watch.interfaces()[0].counts.attached == 2);
}

TEST_CASE("interface watch: a new index under the name means that a removal was missed") {
  Fixture f({"a"});
  f.watch.resync({interface("a", 3)});
  (void)f.take();
  f.watch.on_event({.index = 8, .name = "a", .up = true});
  CHECK(f.take() == Calls{"detach 0", "attach 0"});
  f.watch.resync({interface("lo", 1)});
  CHECK(f.take() == Calls{"detach 0"});
}

TEST_CASE("interface watch: down, up and a new name leave the rings alone") {
  Fixture f({"a"});
  f.watch.resync({interface("a", 3)});
  (void)f.take();
  f.watch.on_event({.index = 3, .name = "a", .up = false});
  f.watch.on_event({.index = 3, .name = "z", .up = false});
  f.watch.on_event({.index = 3, .name = "z", .up = true});
  CHECK(f.take().empty());
  const WatchedInterface& watched = f.watch.interfaces()[0];
  CHECK(watched.counts.downs == 1);
  CHECK(watched.counts.ups == 1);
  CHECK(watched.counts.renames == 1);
  CHECK(watched.now_name == "z");
}

TEST_CASE("interface watch: rings that could not be made are tried again") {
  Fixture f({"a"});
  f.refuse = true;
  f.watch.resync({interface("a", 3)});
  CHECK(f.watch.attached() == 0);
  f.watch.retry();
  CHECK(f.watch.interfaces()[0].counts.failures == 2);
  f.refuse = false;
  f.watch.retry();
  f.watch.retry();
  CHECK(f.take() == Calls{"attach 0", "attach 0", "attach 0"});
  CHECK(f.watch.attached() == 1);
}

TEST_CASE("interface watch: any is attached at once and never goes") {
  Fixture f({"any"});
  f.watch.resync({interface("lo", 1)});
  f.watch.on_event({.index = 1, .name = "lo", .gone = true});
  f.watch.resync({});
  CHECK(f.take() == Calls{"attach 0"});
}

}  // namespace
}  // namespace pktana::daemon
