// SPDX-License-Identifier: Apache-2.0
// Fragments through a whole run: where their frames count, and that the ledger knows of each.
#include <string>

#include <simdjson.h>

#include "engine/run_lines.h"
#include "support/capture_writer.h"
#include "support/catch.h"
#include "support/packet_builder.h"
#include "support/temp_file.h"

using namespace pktana;
using namespace pktana::support;
using engine::comparable;
using engine::flow_lines_of;
using engine::options_for;
using engine::run;

namespace {

/// The frames of one IPv4 datagram from 192.0.2.1 in pieces of `size` bytes.
std::vector<Octets> fragmented(uint16_t id, uint8_t protocol, const Octets& payload, size_t size) {
  std::vector<Octets> frames;
  for (size_t from = 0; from < payload.size(); from += size) {
    const size_t to = std::min(payload.size(), from + size);
    const auto word = static_cast<uint16_t>(from / 8 | (to < payload.size() ? 0x2000 : 0));
    const Octets piece(payload.begin() + static_cast<ptrdiff_t>(from),
                       payload.begin() + static_cast<ptrdiff_t>(to));
    frames.push_back(
        ethernet(0x0800, ipv4({.protocol = protocol, .id = id, .fragment = word}, piece)));
  }
  return frames;
}

Octets inner_packet(uint16_t port) {
  return ipv4({.src = "172.16.0.1", .dst = "172.16.0.2"},
              udp({.dst_port = port}, Octets(200, 'x')));
}

/// GTP-U in UDP.
Octets gtp(const Octets& inside) {
  Octets out = hex("30ff");
  put_u16(out, static_cast<uint16_t>(inside.size()));
  put_u32(out, 42);
  put_octets(out, inside);
  return udp({.src_port = 2152, .dst_port = 2152}, out);
}

PcapWriter capture_of(const std::vector<Octets>& frames) {
  PcapWriter capture;
  uint32_t milliseconds = 0;
  for (const Octets& frame : frames)
    capture.add(frame, {.seconds = 1700000000, .fraction = 1000 * milliseconds++});
  return capture;
}

/// Records of these frames, parsed one by one.
class Flows {
 public:
  explicit Flows(const std::vector<Octets>& frames, engine::RunOptions options = options_for(""))
      : file_(capture_of(frames).octets()) {
    options.sink.outputs = {{.path = output_.path()}};
    report = run({file_.path()}, options);
    lines = flow_lines_of(output_.path());
  }
  [[nodiscard]] uint64_t number(size_t line, const char* pointer) {
    return parser_.parse(lines.at(line)).at_pointer(pointer).get_uint64();
  }

 private:
  TempFile file_;
  TempFile output_;
  simdjson::dom::parser parser_;

 public:
  engine::RunReport report;
  std::vector<std::string> lines;
};

std::vector<Octets> joined_frames(std::vector<Octets> first, const std::vector<Octets>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

TEST_CASE("fragments: the flow of the first one counts the frames of all, the payload once") {
  Flows flows(fragmented(1, 17, udp({.dst_port = 9}, Octets(3000, 'x')), 1480));
  REQUIRE(flows.lines.size() == 1);
  CHECK(flows.number(0, "/dest_port") == 9);
  CHECK(flows.number(0, "/flow/pkts_toserver") == 3);
  CHECK(flows.number(0, "/flow/bytes_toserver") == 3 * 34 + 3008);
  CHECK(flows.number(0, "/pktana/payload_bytes_toserver") == 3000);
  CHECK(flows.number(0, "/pktana/duration_ns") == 2'000'000);
  CHECK(flows.report.ledger.packets.reassembly.reassembled == 1);
}

TEST_CASE("fragments: an incomplete datagram counts at the end, nothing waits then") {
  auto frames = fragmented(1, 17, udp({.dst_port = 9}, Octets(3000, 'x')), 1480);
  frames.pop_back();
  Flows flows(frames);
  REQUIRE(flows.lines.size() == 1);
  CHECK(flows.number(0, "/flow/pkts_toserver") == 2);
  CHECK(flows.report.ledger.packets.captured == 2);
  CHECK(flows.report.ledger.packets.fragments_waiting == 0);
}

TEST_CASE("fragments: a tunnel in fragments is opened, and a fragmented packet in it") {
  const Octets first = inner_packet(9999);
  std::vector<Octets> frames = fragmented(1, 17, gtp(first), 104);
  // The inner packet in two pieces, each tunnelled in two more.
  const Octets inner_udp = udp({.dst_port = 7777}, Octets(200, 'y'));
  for (const uint16_t half : {uint16_t{0}, uint16_t{1}}) {
    const Octets piece(inner_udp.begin() + half * 104,
                       half == 0 ? inner_udp.begin() + 104 : inner_udp.end());
    const auto word = static_cast<uint16_t>(half == 0 ? 0x2000 : 104 / 8);
    const Octets inner =
        ipv4({.src = "172.16.0.1", .dst = "172.16.0.2", .id = 5, .fragment = word}, piece);
    frames = joined_frames(frames, fragmented(static_cast<uint16_t>(2 + half), 17, gtp(inner), 80));
  }
  Flows flows(frames);
  REQUIRE(flows.lines.size() == 2);
  uint64_t packets = 0;
  for (size_t i = 0; i < 2; ++i) {
    CHECK(flows.lines[i].find(R"("type":"gtpu")") != std::string::npos);
    CHECK(flows.number(i, "/pktana/payload_bytes_toserver") == 200);
    packets += flows.number(i, "/flow/pkts_toserver");
  }
  CHECK(packets == frames.size());
}

TEST_CASE("fragments: what came together and makes no sense is undecodable, by all its frames") {
  const Octets bad = tcp({.data_offset = 2}, Octets(60, 'x'));
  Flows flows(fragmented(1, 6, bad, 8));
  CHECK(flows.lines.empty());
  CHECK(flows.report.ledger.packets.undecodable_sum() == 10);
}

TEST_CASE("fragments: any number of threads counts the same") {
  std::vector<Octets> frames;
  for (uint16_t id = 0; id < 300; ++id) {
    auto one = fragmented(id, 17, udp({.src_port = id, .dst_port = 9}, Octets(90, 'x')), 32);
    if (id % 3 == 0) std::swap(one.front(), one.back());
    if (id % 7 == 0) one.pop_back();
    frames = joined_frames(frames, one);
    frames = joined_frames(frames, fragmented(id, 17, gtp(inner_packet(id)), 80));
  }
  const TempFile file(capture_of(frames).octets());
  const TempFile alone;
  const auto one = run({file.path()}, options_for(alone.path()));
  CHECK(one.ledger.packets.captured == frames.size());
  for (const unsigned threads : {2U, 3U, 5U}) {
    const TempFile shared;
    const auto several = run({file.path()}, options_for(shared.path(), threads));
    CHECK(several.ledger.packets.captured == frames.size());
    CHECK(comparable(shared.path()) == comparable(alone.path()));
  }
}

TEST_CASE("fragments: both layers of a tunnel: each frame in the inner flow and in the outer one") {
  std::vector<Octets> frames = fragmented(1, 17, gtp(inner_packet(9999)), 104);
  frames.push_back(ethernet(0x0800, ipv4({}, gtp(inner_packet(9999)))));
  engine::RunOptions options = options_for("");
  options.tunnels = engine::TunnelFlows::Both;
  for (const unsigned threads : {1U, 2U, 3U}) {
    options.threads = threads;
    Flows flows(frames, options);
    REQUIRE(flows.lines.size() == 2);
    for (size_t i = 0; i < 2; ++i)
      CHECK(flows.number(i, "/flow/pkts_toserver") == frames.size());
    const engine::Ledger& ledger = flows.report.ledger;
    CHECK(ledger.packets.captured == frames.size());
    CHECK(ledger.packets.outer_again == frames.size());
    CHECK(ledger.lines().size() == 6);
  }
}

TEST_CASE("tunnels: outer alone leaves the inner flow out") {
  engine::RunOptions options = options_for("");
  options.tunnels = engine::TunnelFlows::Outer;
  Flows flows({ethernet(0x0800, ipv4({}, gtp(inner_packet(9999))))}, options);
  REQUIRE(flows.lines.size() == 1);
  CHECK(flows.number(0, "/dest_port") == 2152);
}

TEST_CASE("tunnels: a port that the user names opens them there") {
  const Octets frame = ethernet(
      0x0800, ipv4({}, udp({.dst_port = 7000},
                           joined(hex("0800000000002a00"), ethernet(0x0800, inner_packet(9999))))));
  engine::RunOptions options = options_for("");
  CHECK(Flows({frame}, options).number(0, "/dest_port") == 7000);
  options.tunnel_ports.add(parse::TunnelType::Vxlan, 7000);
  CHECK(Flows({frame}, options).number(0, "/dest_port") == 9999);
}
