// SPDX-License-Identifier: Apache-2.0
#include "cli/packet_printer.h"

#include <fstream>
#include <sstream>

#include "cli/line_of.h"
#include "support/allocation_counter.h"
#include "support/catch.h"
#include "support/temp_file.h"

namespace pktana::cli {
namespace {

using namespace support;

constexpr int64_t kTime = 1'700'000'000'123'456'789;

std::string content_of(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path).rdbuf();
  return content.str();
}

LineOutput output_to(const std::string& path) {
  auto output = LineOutput::open(path);
  REQUIRE(output);
  return std::move(*output);
}

ring::PacketRef timed(const Octets& frame, uint16_t source_id = 0) {
  ring::PacketRef ref = ref_to(frame);
  ref.ts_ns = kTime;
  ref.source_id = source_id;
  return ref;
}

TEST_CASE("packet printer: time, interface and packet, once it is idle") {
  const TempFile file;
  LineOutput output = output_to(file.path());
  std::atomic<bool> stop{false};
  PacketPrinter printer({.sources = {"eth0", "eth\x1b"}}, output, stop);
  const Octets frame = ethernet(kIpv4, ipv4({}, udp({}, text("abc"))));
  const std::string packet = "IP 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 3\n";
  printer.on_packet(timed(frame, 0), decoded(timed(frame)));
  printer.on_packet(timed(frame, 1), decoded(timed(frame)));
  CHECK(content_of(file.path()).empty());
  printer.on_idle();
  CHECK(content_of(file.path()) ==
        "22:13:20.123456 eth0 " + packet + "22:13:20.123456 eth\\u001b " + packet);
  CHECK_FALSE(stop);
}

TEST_CASE("packet printer: details are a second line, of IP packets only") {
  const TempFile file;
  LineOutput output = output_to(file.path());
  std::atomic<bool> stop{false};
  PacketPrinter printer({.details = true, .sources = {}}, output, stop);
  const Octets ip = ethernet(kIpv4, ipv4({}, udp({}, {})));
  const Octets lldp = ethernet(0x88CC, Octets(10));
  printer.on_packet(timed(ip), decoded(timed(ip)));
  printer.on_packet(timed(lldp), decoded(timed(lldp)));
  printer.on_idle();
  CHECK(content_of(file.path()) ==
        "2023-11-14 22:13:20.123456789 IP 192.0.2.1.40000 > 198.51.100.2.53: UDP, length 0\n"
        "    ttl 64, tos 0x00, id 0, flags [none], proto UDP (17), length 28\n"
        "2023-11-14 22:13:20.123456789 02:00:00:00:00:01 > 02:00:00:00:00:02, LLDP, length 10\n");
}

TEST_CASE("packet printer: an output that fails ends the run") {
  LineOutput output = output_to("/dev/full");
  std::atomic<bool> stop{false};
  PacketPrinter printer({.sources = {}}, output, stop);
  const Octets frame = ethernet(kIpv4, ipv4({}, udp({}, {})));
  printer.on_packet(timed(frame), decoded(timed(frame)));
  printer.on_idle();
  CHECK(stop);
  REQUIRE(output.error());
  CHECK(output.error()->code == std::errc::no_space_on_device);
}

TEST_CASE("packet printer: a packet costs no allocation") {
  LineOutput output = output_to("/dev/null");
  std::atomic<bool> stop{false};
  PacketPrinter printer({.details = true, .sources = {"eth0", "eth1"}}, output, stop);
  const Octets frame = ethernet(kIpv4, ipv4({.protocol = 6}, tcp({}, text("abc"))));
  const ring::PacketRef ref = timed(frame);
  const parse::Packet packet = decoded(ref);
  printer.on_packet(ref, packet);
  const uint64_t before = allocation_count();
  for (int i = 0; i < 10'000; ++i)
    printer.on_packet(ref, packet);
  CHECK(allocation_count() == before);
}

}  // namespace
}  // namespace pktana::cli
