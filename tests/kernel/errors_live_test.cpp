// SPDX-License-Identifier: Apache-2.0
// Captures that can't be opened say what is missing and what to do.
#include <string>

#include <sys/wait.h>
#include <unistd.h>

#include "kernel/live_capture.h"
#include "kernel/live_network.h"
#include "ring/interfaces.h"
#include "support/catch.h"

namespace {

using namespace pktana;
using tests::LiveNetwork;

std::string error_of(const ring::GroupOptions& options) {
  const auto group = ring::CaptureGroup::open(options);
  return group ? "opened" : base::to_string(group.error());
}

/// What opening a capture says in a process without any capability.
std::string error_without_rights(const ring::GroupOptions& options) {
  constexpr unsigned kNobody = 65534;
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const bool dropped = ::setresuid(kNobody, kNobody, kNobody) == 0;
    const std::string text = dropped ? error_of(options) : "can't become another user";
    (void)!::write(ends[1], text.data(), text.size());
    ::_exit(0);
  }
  char text[512] = "";
  const ssize_t length = ::read(ends[0], text, sizeof text);
  ::close(ends[0]);
  ::close(ends[1]);
  ::waitpid(child, nullptr, 0);
  return {text, static_cast<size_t>(length)};
}

}  // namespace

TEST_CASE("capture: an interface that isn't there is named, with those that are") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  CHECK(error_of(tests::capture_options({"eth9"})) ==
        "interface: no interface eth9; there are: lo, r0, s0");
}

TEST_CASE("capture: a missing right is named, with how to give it") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  const std::string error = error_without_rights(tests::capture_options({"lo"}));
  CHECK(error.find("CAP_NET_RAW") != std::string::npos);
  CHECK(error.find("setcap cap_net_raw+ep") != std::string::npos);
}

TEST_CASE("capture: a ring that is too large for the machine says so") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  auto options = tests::capture_options({"r0"});
  options.geometry = {.block_bytes = size_t{1} << 30, .block_count = 1U << 16};
  CHECK(error_of(options).find("r0: ring of ") != std::string::npos);
}

TEST_CASE("capture: an interface that is down is waited for, or said to be down") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  network->set_up("r0", false);
  auto group = ring::CaptureGroup::open(tests::capture_options({"r0"}, 2));
  if (!group) {  // kernels before 6.13
    CHECK(base::to_string(group.error()).find("ip link set r0 up") != std::string::npos);
    return;
  }
  network->set_up("r0", true);
  tests::send("s0", {.flows = 20, .packets = 20});
  CHECK(tests::drain(*group->take_source(0)).size() + tests::drain(*group->take_source(1)).size() ==
        20);
}

TEST_CASE("interfaces: are listed with state, link type, MTU and addresses") {
  const auto network = LiveNetwork::create();
  if (!network) return;
  network->add_pair("s0", "r0");
  network->run(
      "ip addr add 198.18.0.1/15 dev r0 && ip link set r0 mtu 1400 address 02:00:00:00:00:09");
  const auto all = ring::list_interfaces();
  REQUIRE(all);
  REQUIRE(all->size() == 3);
  CHECK((*all)[0].name == "lo");
  CHECK((*all)[0].is_loopback());
  CHECK_FALSE((*all)[0].is_up());
  const auto r0 = ring::find_interface("r0");
  REQUIRE(r0);
  CHECK(r0->is_running());
  CHECK(r0->link_type == 1);
  CHECK(r0->mtu_bytes == 1400);
  CHECK(r0->mac == "02:00:00:00:00:09");
  CHECK(r0->addresses == std::vector<std::string>{"198.18.0.1/15"});
}
