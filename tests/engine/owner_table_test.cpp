// SPDX-License-Identifier: Apache-2.0
#include "engine/process/owner_table.h"

#include "engine/process/flow_tap.h"
#include "support/catch.h"

namespace pktana::engine {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kNow = 1'700'000'000 * kSecond;

SocketEnd end_at(uint8_t host, uint16_t port) {
  SocketEnd end{.address = {}, .port = port};
  if (host != 0) end.address = {10, 0, 0, host};
  return end;
}

SocketTuple tuple(SocketEnd local, SocketEnd remote = {}) {
  return {.protocol = 6, .is_ipv4 = true, .local = local, .remote = remote};
}

SocketOwner owner(uint32_t pid, bool is_shared = false) {
  return {std::make_shared<const ProcessInfo>(
              ProcessInfo{.pid = pid, .name = "p", .exe = {}, .container = {}}),
          1000, is_shared};
}

/// pid and match of what the table says of a flow of just now; pid 0 = nothing.
std::pair<uint32_t, ProcessMatch> find(const OwnerTable& table, const SocketTuple& wanted,
                                       int64_t at_ns = kNow) {
  const auto answer = table.find(wanted, at_ns, at_ns);
  if (!answer) return {0, ProcessMatch::Exact};
  return {answer->owner.process->pid, answer->match};
}

using Answer = std::pair<uint32_t, ProcessMatch>;

TEST_CASE("owners: the socket itself is exact, a shared one ambiguous") {
  OwnerTable table;
  table.set_local_addresses({end_at(1, 0)});
  table.note(tuple(end_at(1, 4000), end_at(2, 80)), owner(7), kNow);
  table.note(tuple(end_at(1, 4001), end_at(2, 81)), owner(8, true), kNow);
  CHECK(find(table, tuple(end_at(1, 4000), end_at(2, 80))) == Answer{7, ProcessMatch::Exact});
  CHECK(find(table, tuple(end_at(1, 4001), end_at(2, 81))) == Answer{8, ProcessMatch::Ambiguous});
  CHECK(find(table, tuple(end_at(1, 4000), end_at(3, 82))).first == 0);
}

TEST_CASE("owners: a listener answers for its port, on its address or on all") {
  OwnerTable table;
  table.set_local_addresses({end_at(1, 0), end_at(2, 0)});
  table.note(tuple(end_at(0, 80)), owner(7), kNow);
  table.note(tuple(end_at(1, 22)), owner(8), kNow);
  CHECK(find(table, tuple(end_at(2, 80), end_at(9, 5))) == Answer{7, ProcessMatch::Listener});
  CHECK(find(table, tuple(end_at(1, 22), end_at(9, 5))) == Answer{8, ProcessMatch::Listener});
  CHECK(find(table, tuple(end_at(2, 22), end_at(9, 5))).first == 0);
}

TEST_CASE("owners: a listener on :: takes IPv4, too") {
  OwnerTable table;
  table.set_local_addresses({end_at(1, 0)});
  SocketTuple any = tuple(end_at(0, 80));
  any.is_ipv4 = false;
  table.note(any, owner(7), kNow);
  CHECK(find(table, tuple(end_at(1, 80), end_at(9, 5))) == Answer{7, ProcessMatch::Listener});
}

TEST_CASE("owners: who talked to the same remote end lately may have done it again") {
  OwnerTable table;
  table.set_local_addresses({end_at(1, 0)});
  table.note(tuple(end_at(1, 4000), end_at(2, 80)), owner(7), kNow);
  const SocketTuple unseen = tuple(end_at(1, 4444), end_at(2, 80));
  CHECK(find(table, unseen) == Answer{7, ProcessMatch::Recent});
  CHECK(find(table, unseen, kNow + 61 * kSecond).first == 0);
  table.note(tuple(end_at(1, 4002), end_at(2, 80)), owner(8), kNow + kSecond);
  CHECK(find(table, unseen) == Answer{8, ProcessMatch::Ambiguous});
}

TEST_CASE("owners: what has no end here belongs to nobody here") {
  OwnerTable table;
  table.set_local_addresses({end_at(1, 0)});
  table.note(tuple(end_at(0, 80)), owner(7), kNow);
  CHECK(find(table, tuple(end_at(5, 80), end_at(6, 9))).first == 0);
  SocketTuple loopback = tuple(end_at(0, 80), end_at(6, 9));
  loopback.local.address = {127, 0, 0, 3};
  CHECK(find(table, loopback).first == 7);
}

TEST_CASE("owners: a socket of another time is not the flow's") {
  OwnerTable table;
  table.set_local_addresses({end_at(1, 0)});
  const SocketTuple socket = tuple(end_at(1, 4000), end_at(2, 80));
  table.note(socket, owner(7), kNow);
  table.note(socket, owner(7), kNow + 10 * kSecond);
  CHECK(find(table, socket, kNow + 5 * kSecond) == Answer{7, ProcessMatch::Exact});
  CHECK(find(table, socket, kNow + 500 * kSecond).first == 0);
  CHECK(find(table, socket, kNow - 500 * kSecond).first == 0);
  table.note(socket, owner(9), kNow + 100 * kSecond);  // the port in other hands
  CHECK(find(table, socket, kNow + 100 * kSecond) == Answer{9, ProcessMatch::Exact});
}

TEST_CASE("owners: old ones are forgotten, and the table has an end") {
  OwnerTable table;
  const auto note = [&](uint32_t number, int64_t at_ns) {
    const auto host = static_cast<uint8_t>(number >> 16);
    table.note(tuple(end_at(1, static_cast<uint16_t>(number | 1)), end_at(host, 80)), owner(1),
               at_ns);
  };
  for (uint32_t i = 0; i < 300'000; i += 2)
    note(i, kNow + i);
  CHECK(table.size() == 150'000);
  table.forget_old(kNow);
  CHECK(table.size() == OwnerTable::kMaxSockets);
  CHECK(table.knows(tuple(end_at(1, 299'999 & 0xFFFF), end_at(299'999 >> 16, 80)), kNow));
  table.forget_old(kNow + OwnerTable::kKeepNs + kSecond);
  CHECK(table.size() == 0);
}

TEST_CASE("container: the innermost group of 64 hex digits is its id") {
  const std::string id(64, 'a');
  CHECK(container_in("0::/system.slice/docker-" + id + ".scope\n") == id);
  CHECK(container_in("0::/kubepods/pod1/" + std::string(64, 'b') + "/" + id) == id);
  CHECK(container_in("0::/user.slice/user-1000.slice\n").empty());
  CHECK(container_in(std::string(63, 'a')).empty());
  CHECK(container_in(std::string(65, 'a')).empty());
  CHECK(container_in("").empty());
}

TEST_CASE("flow tap: the sender of a packet, and nothing of one that is cut or a fragment") {
  const uint8_t packet[] = {0x46, 0, 0, 32, 0, 0, 0x40, 0, 64,   17,   0, 0,  10, 0, 0, 1,
                            10,   0, 0, 2,  1, 1, 1,    0, 0x30, 0x39, 0, 53, 0,  8, 0, 0};
  const auto sender = sender_of(packet);
  REQUIRE(sender);
  CHECK(sender->is_ipv4);
  CHECK(sender->protocol == 17);
  CHECK(sender->local == end_at(1, 12345));
  CHECK(sender->remote == end_at(2, 53));
  for (size_t size = 0; size < 28; ++size)
    CHECK_FALSE(sender_of(base::Bytes(packet).first(size)));
  auto fragment = std::to_array(packet);
  fragment[7] = 1;
  CHECK_FALSE(sender_of(fragment));
}

}  // namespace
}  // namespace pktana::engine
