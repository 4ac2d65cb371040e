// SPDX-License-Identifier: Apache-2.0
#include "flow/reassembler.h"

#include <algorithm>

#include "parse/link_type.h"
#include "parse/packet.h"
#include "support/allocation_counter.h"
#include "support/catch.h"
#include "support/flow_packets.h"
#include "support/packet_builder.h"

namespace pktana::flow {
namespace {

using namespace pktana::support;
using Outcome = Reassembler::Outcome;

constexpr uint16_t kMore = 0x2000;
constexpr uint32_t kFrameLen = 100;

/// Piece of an IPv4 datagram of UDP. @param offset bytes.
Octets piece4(uint16_t id, uint32_t offset, bool more, const Octets& bytes) {
  const auto word = static_cast<uint16_t>(offset / 8 | (more ? kMore : 0));
  return ipv4({.id = id, .fragment = word}, bytes);
}
Octets piece6(uint32_t id, uint32_t offset, bool more, const Octets& bytes) {
  const auto word = static_cast<uint16_t>(offset | (more ? 1 : 0));
  return ipv6({.next_header = 44}, ipv6_fragment(17, word, id, bytes));
}

Octets part(const Octets& whole, size_t from, size_t to) {
  return {whole.begin() + static_cast<ptrdiff_t>(from), whole.begin() + static_cast<ptrdiff_t>(to)};
}

/// A reassembler, and IP packets given to it as frames of 100 bytes.
class Fixture {
 public:
  Fixture() : reassembler_(std::move(*Reassembler::create(test_secret(), {}))) {}

  Outcome add(const Octets& ip, int64_t ts_ns = kStart, size_t captured = SIZE_MAX) {
    const base::Bytes bytes(ip.data(), std::min(ip.size(), captured));
    parse::decode(static_cast<uint16_t>(parse::LinkType::Raw), bytes,
                  static_cast<uint32_t>(ip.size()), {}, packet_);
    REQUIRE(packet_.fragment != parse::Fragment::None);
    FlowPacket as;
    make_flow_packet(packet_, {.ts_ns = ts_ns, .wire_len = kFrameLen}, {}, test_secret(), as);
    return reassembler_.add(packet_, as);
  }
  Reassembler* operator->() { return &reassembler_; }
  /// What the datagram that came together decodes to.
  const parse::Packet& whole() {
    parse::decode_datagram(reassembler_.datagram(), reassembler_.datagram_len(), {}, packet_);
    return packet_;
  }
  std::string payload() {
    const parse::Packet& packet = whole();
    return {packet.payload.begin(), packet.payload.end()};
  }

 private:
  Reassembler reassembler_;
  parse::Packet packet_;
};

const std::string kText = "the quick brown fox jumps over the lazy dog, and then";
const Octets kDatagram = udp({.src_port = 40000, .dst_port = 9999}, text(kText));  // 61 bytes

TEST_CASE("reassembler: pieces in any order come to the datagram, with all its frames") {
  std::array<int, 3> order{0, 1, 2};
  do {
    for (const bool ipv6 : {false, true}) {
      const auto piece = [&](uint32_t from, uint32_t to) {
        const bool more = to < kDatagram.size();
        const Octets bytes = part(kDatagram, from, to);
        return ipv6 ? piece6(7, from, more, bytes) : piece4(7, from, more, bytes);
      };
      const std::array<Octets, 3> pieces{piece(0, 24), piece(24, 40), piece(40, 61)};
      Fixture fixture;
      CHECK(fixture.add(pieces[static_cast<size_t>(order[0])], kStart) == Outcome::Held);
      CHECK(fixture.add(pieces[static_cast<size_t>(order[1])], kStart + 1) == Outcome::Held);
      CHECK(fixture->held_frames() == 2);
      REQUIRE(fixture.add(pieces[static_cast<size_t>(order[2])], kStart + 2) == Outcome::Whole);
      const FlowPacket frames = fixture->frames();
      CHECK(frames.packets == 3);
      CHECK(frames.wire_len == 3 * kFrameLen);
      CHECK(frames.first_ns == kStart);
      CHECK(frames.ts_ns == kStart + 2);
      CHECK(frames.dst_port == 9999);
      CHECK(fixture->held_frames() == 0);
      CHECK(fixture.payload() == kText);
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("reassembler: datagrams with other ids, addresses or protocols are others") {
  Fixture fixture;
  CHECK(fixture.add(piece4(1, 0, true, part(kDatagram, 0, 24))) == Outcome::Held);
  CHECK(fixture.add(piece4(2, 24, false, part(kDatagram, 24, 61))) == Outcome::Held);
  const Octets other_host =
      ipv4({.dst = "198.51.100.3", .id = 1, .fragment = 3}, part(kDatagram, 24, 61));
  CHECK(fixture.add(other_host) == Outcome::Held);
  const Octets other_protocol =
      ipv4({.protocol = 6, .id = 1, .fragment = 3}, part(kDatagram, 24, 61));
  CHECK(fixture.add(other_protocol) == Outcome::Held);
  CHECK(fixture.add(piece4(1, 24, false, part(kDatagram, 24, 61))) == Outcome::Whole);
}

TEST_CASE("reassembler: an exact duplicate changes nothing but the count of frames") {
  for (const bool ipv6 : {false, true}) {
    const auto piece = ipv6 ? piece6(7, 0, true, part(kDatagram, 0, 24))
                            : piece4(7, 0, true, part(kDatagram, 0, 24));
    const auto last = ipv6 ? piece6(7, 24, false, part(kDatagram, 24, 61))
                           : piece4(7, 24, false, part(kDatagram, 24, 61));
    Fixture fixture;
    CHECK(fixture.add(piece) == Outcome::Held);
    CHECK(fixture.add(piece) == Outcome::Held);
    REQUIRE(fixture.add(last) == Outcome::Whole);
    CHECK(fixture->frames().packets == 3);
    CHECK(fixture.payload() == kText);
    CHECK(fixture->totals().duplicates == 1);
  }
}

TEST_CASE(
    "reassembler: a copy of a fragment of a whole datagram counts in its flow, for a moment") {
  Fixture fixture;
  const Octets first = piece4(7, 0, true, part(kDatagram, 0, 24));
  const Octets last = piece4(7, 24, false, part(kDatagram, 24, 61));
  CHECK(fixture.add(first) == Outcome::Held);
  REQUIRE(fixture.add(last) == Outcome::Whole);
  REQUIRE(fixture.add(last, kStart + 1000) == Outcome::Known);
  CHECK(fixture->frames().packets == 1);
  CHECK(fixture->frames().payload_len == 0);
  CHECK(fixture->frames().dst_port == 9999);
  CHECK_FALSE(fixture->release_expired(kStart + kSecond));
  CHECK(fixture.add(last, kStart + kSecond) == Outcome::Held);  // an id that is used again
}

TEST_CASE("reassembler: IPv4 overlaps: the bytes that came first stay") {
  Octets lies = part(kDatagram, 16, 40);
  std::fill(lies.begin(), lies.end(), uint8_t{'x'});
  Fixture fixture;
  CHECK(fixture.add(piece4(7, 0, true, part(kDatagram, 0, 24))) == Outcome::Held);
  CHECK(fixture.add(piece4(7, 16, true, lies)) == Outcome::Held);
  REQUIRE(fixture.add(piece4(7, 40, false, part(kDatagram, 40, 61))) == Outcome::Whole);
  CHECK(fixture.payload() == kText.substr(0, 16) + std::string(16, 'x') + kText.substr(32));
  CHECK(fixture->totals().overlaps == 1);
}

TEST_CASE("reassembler: IPv6 overlaps spoil the datagram, RFC 5722") {
  Fixture fixture;
  CHECK(fixture.add(piece6(7, 0, true, part(kDatagram, 0, 24))) == Outcome::Held);
  CHECK(fixture.add(piece6(7, 16, true, part(kDatagram, 16, 40))) == Outcome::Held);
  CHECK(fixture.add(piece6(7, 24, false, part(kDatagram, 24, 61))) == Outcome::Held);
  CHECK(fixture->totals().spoiled == 1);
  CHECK(fixture->totals().reassembled == 0);
  REQUIRE(fixture->release_expired(kStart + 31 * kSecond));
  CHECK(fixture->frames().packets == 3);
  CHECK(fixture->frames().dst_port == 9999);
}

TEST_CASE("reassembler: teardrop: a second piece that ends within the first never completes") {
  Fixture fixture;
  CHECK(fixture.add(piece4(7, 0, true, part(kDatagram, 0, 40))) == Outcome::Held);
  CHECK(fixture.add(piece4(7, 24, false, part(kDatagram, 24, 28))) == Outcome::Held);
  CHECK(fixture->totals().overlaps == 1);
  REQUIRE(fixture->release_any());
  CHECK(fixture->frames().packets == 2);
}

TEST_CASE("reassembler: a datagram beyond 65535 bytes is spoiled (ping of death)") {
  Fixture fixture;
  const Octets bytes(1000, 'x');
  CHECK(fixture.add(piece4(7, 65000 / 8 * 8, false, bytes)) == Outcome::Held);
  CHECK(fixture->totals().spoiled == 1);
  CHECK(fixture.add(piece6(7, 65000 / 8 * 8, false, bytes)) == Outcome::Held);
  CHECK(fixture->totals().spoiled == 2);
}

TEST_CASE("reassembler: the largest datagram there is comes together") {
  Octets whole = udp({.dst_port = 9999}, Octets(65535 - 20 - 8, 'y'));
  Fixture fixture;
  Outcome last = Outcome::Held;
  for (size_t from = 0; from < whole.size(); from += 1480) {
    const size_t to = std::min(whole.size(), from + 1480);
    last = fixture.add(
        piece4(7, static_cast<uint32_t>(from), to < whole.size(), part(whole, from, to)));
  }
  REQUIRE(last == Outcome::Whole);
  CHECK(fixture->datagram_len() == 65535);
  CHECK(fixture.whole().payload_len == 65535 - 20 - 8);
}

TEST_CASE("reassembler: a middle piece that is no multiple of 8: IPv4 cuts it, IPv6 spoils") {
  Fixture fixture;
  CHECK(fixture.add(piece4(7, 0, true, part(kDatagram, 0, 27))) == Outcome::Held);
  CHECK(fixture.add(piece4(7, 24, false, part(kDatagram, 24, 61))) == Outcome::Whole);
  CHECK(fixture.payload() == kText);
  CHECK(fixture.add(piece6(7, 0, true, part(kDatagram, 0, 27))) == Outcome::Held);
  CHECK(fixture->totals().spoiled == 1);
}

TEST_CASE("reassembler: the ports are those of the first fragment, even when it comes last") {
  Fixture fixture;
  CHECK(fixture.add(piece4(7, 24, true, part(kDatagram, 24, 40))) == Outcome::Held);
  CHECK(fixture.add(piece4(7, 0, true, part(kDatagram, 0, 24))) == Outcome::Held);
  REQUIRE(fixture->release_expired(kStart + 31 * kSecond));
  CHECK(fixture->frames().packets == 2);
  CHECK(fixture->frames().src_port == 40000);
  CHECK(fixture->frames().payload_len == 40 - 8);
}

TEST_CASE("reassembler: without the first fragment the frames go to the flow without ports") {
  Fixture fixture;
  CHECK(fixture.add(piece4(7, 24, true, part(kDatagram, 24, 40))) == Outcome::Held);
  CHECK(fixture.add(piece4(7, 40, false, part(kDatagram, 40, 61))) == Outcome::Held);
  REQUIRE(fixture->release_expired(kStart + 31 * kSecond));
  CHECK(fixture->frames().packets == 2);
  CHECK(fixture->frames().src_port == 0);
  CHECK(fixture->frames().payload_len == 61 - 24);
}

TEST_CASE(
    "reassembler: thirty seconds of packet time, and a clock that goes back, end a datagram") {
  Fixture fixture;
  CHECK(fixture.add(piece4(7, 0, true, part(kDatagram, 0, 24))) == Outcome::Held);
  CHECK_FALSE(fixture->release_expired(kStart + 30 * kSecond));
  CHECK(fixture->release_expired(kStart + 30 * kSecond + 1));
  CHECK(fixture->totals().timed_out == 1);
  CHECK(fixture.add(piece4(7, 0, true, part(kDatagram, 0, 24))) == Outcome::Held);
  CHECK(fixture->release_expired(kStart - 3600 * kSecond));
  CHECK(fixture->is_idle());
}

TEST_CASE("reassembler: when it is full the oldest makes room, and memory stays what it was") {
  Fixture fixture;
  uint64_t given = 0;
  const auto add_all = [&](uint32_t begin, uint32_t end) {
    for (uint32_t id = begin; id < end; ++id) {
      if (fixture->is_full()) {
        given += fixture->release_one();
        CHECK(fixture->frames().packets == 1);
      }
      CHECK(fixture.add(piece6(id, 0, true, part(kDatagram, 0, 24))) == Outcome::Held);
    }
  };
  add_all(0, Reassembler::kMaxDatagrams);
  CHECK(fixture->is_full());
  CHECK(given == 0);
  add_all(Reassembler::kMaxDatagrams, 3 * Reassembler::kMaxDatagrams);
  CHECK(given == 2 * Reassembler::kMaxDatagrams);
  CHECK(fixture->totals().evicted == given);
  CHECK(fixture->held_frames() == Reassembler::kMaxDatagrams);
}

TEST_CASE("reassembler: one fragment sent without end is given up at the limit of frames") {
  Fixture fixture;
  const Octets piece = piece4(7, 0, true, part(kDatagram, 0, 24));
  uint32_t sent = 1;
  while (fixture.add(piece) == Outcome::Held)
    ++sent;
  CHECK(sent == Reassembler::kMaxFrames);
  CHECK(fixture->frames().packets == Reassembler::kMaxFrames);
  CHECK(fixture->held_frames() == 0);
}

TEST_CASE("reassembler: what the snap length cut is missing at the end only") {
  Fixture fixture;
  CHECK(fixture.add(piece4(7, 0, true, part(kDatagram, 0, 24)), kStart, 20 + 12) == Outcome::Held);
  REQUIRE(fixture.add(piece4(7, 24, false, part(kDatagram, 24, 61))) == Outcome::Whole);
  CHECK(fixture->datagram().size() == 32);
  CHECK(fixture->datagram_len() == 81);
  const parse::Packet& packet = fixture.whole();
  CHECK(packet.dst_port == 9999);
  CHECK(packet.payload_len == kText.size());
  CHECK(packet.payload_cut);
}

TEST_CASE(
    "reassembler: IPv6 headers before the fragment header stay, those behind it are payload") {
  const Octets behind = ipv6_extension(17, {}, kDatagram);  // destination options, 8 bytes
  const auto piece = [&](uint32_t from, uint32_t to) {
    const auto word = static_cast<uint16_t>(from | (to < behind.size() ? 1U : 0U));
    return ipv6({.next_header = 0},
                ipv6_extension(44, {}, ipv6_fragment(60, word, 9, part(behind, from, to))));
  };
  Fixture fixture;
  CHECK(fixture.add(piece(24, 69)) == Outcome::Held);
  REQUIRE(fixture.add(piece(0, 24)) == Outcome::Whole);
  CHECK(fixture->datagram_len() == 40 + 8 + 69);
  CHECK(fixture.payload() == kText);
}

TEST_CASE("reassembler: no allocation for a fragment") {
  Fixture fixture;
  const Octets first = piece4(7, 0, true, part(kDatagram, 0, 24));
  const Octets last = piece4(7, 24, false, part(kDatagram, 24, 61));
  const uint64_t before = allocation_count();
  for (int64_t i = 0; i < 100; ++i) {
    (void)fixture->release_expired(kStart + i * kSecond);
    (void)fixture.add(first, kStart + i * kSecond);
    (void)fixture.add(last, kStart + i * kSecond);
  }
  CHECK(allocation_count() == before);
  CHECK(fixture->totals().reassembled == 100);
}

}  // namespace
}  // namespace pktana::flow
