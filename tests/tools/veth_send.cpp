// SPDX-License-Identifier: Apache-2.0
// veth_send: puts an exact mix of flows on an interface and says exactly what it sent. For live
// tests and benches.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <getopt.h>

#include "tools/frame_sender.h"

namespace {

using namespace pktana;
using tests::Direction;

constexpr char kUsage[] =
    "usage: veth_send --iface IF [--flows N] [--packets M] [--rate PPS] [--size BYTES]\n"
    "                 [--proto udp|tcp] [--port P] [--both-directions] [--only forward|reply]\n"
    "                 [--vlan ID[,ID]] [--tcp-life] [--concurrent N] [--list FILE]\n"
    "  --packets     of the whole run, spread over the flows in turn (default 1 a flow)\n"
    "  --size        Ethernet frame without FCS and VLAN tags (default 64)\n"
    "  --tcp-life    each flow: handshake, packets/flows - 7 data packets, FIN both ways\n"
    "  --concurrent  flows interleaved at a time (default: all)\n"
    "  --only        leave the other direction out (implies --both-directions)\n"
    "  --list FILE   CSV: a line per flow with what was sent each way\n"
    "Flow f is 198.18.x.y:(20000 + f / 65536) -> 198.19.z.w:P. Exit 1 when the interface fails.\n";

struct Arguments {
  std::string interface_name{};
  std::string list_path{};
  tests::TrafficOptions traffic{};
  tests::SendOptions send{};
};

[[noreturn]] void usage() {
  std::fputs(kUsage, stderr);
  std::exit(2);
}

uint64_t number(const char* text) {
  char* end = nullptr;
  const uint64_t value = std::strtoull(text, &end, 10);
  if (*text == '\0' || *end != '\0') usage();
  return value;
}

std::vector<uint16_t> vlan_list(const char* text) {
  std::vector<uint16_t> ids;
  for (const char* p = text; *p != '\0';) {
    char* end = nullptr;
    ids.push_back(static_cast<uint16_t>(std::strtoul(p, &end, 10)));
    if (end == p || (*end != '\0' && *end != ',')) usage();
    p = *end == ',' ? end + 1 : end;
  }
  return ids;
}

void apply(Arguments& arguments, int option, const char* value) {
  tests::TrafficOptions& traffic = arguments.traffic;
  switch (option) {
    case 'i':
      arguments.interface_name = value;
      break;
    case 'f':
      traffic.flows = number(value);
      break;
    case 'm':
      traffic.packets = number(value);
      break;
    case 'r':
      arguments.send.rate_pps = number(value);
      break;
    case 's':
      traffic.frame_bytes = static_cast<uint32_t>(number(value));
      break;
    case 'p':
      traffic.protocol = std::strcmp(value, "tcp") == 0 ? 6 : 17;
      break;
    case 'P':
      traffic.port = static_cast<uint16_t>(number(value));
      break;
    case 'b':
      traffic.both_directions = true;
      break;
    case 'o':
      traffic.both_directions = true;
      traffic.only = std::strcmp(value, "reply") == 0 ? Direction::Reply : Direction::Forward;
      break;
    case 'v':
      traffic.vlans = vlan_list(value);
      break;
    case 't':
      traffic.tcp_life = true;
      break;
    case 'c':
      traffic.concurrent = number(value);
      break;
    case 'l':
      arguments.list_path = value;
      arguments.send.per_flow = true;
      break;
    default:
      usage();
  }
}

Arguments parse_arguments(int argc, char** argv) {
  static const option kOptions[] = {
      {"iface", 1, nullptr, 'i'},    {"flows", 1, nullptr, 'f'},
      {"packets", 1, nullptr, 'm'},  {"rate", 1, nullptr, 'r'},
      {"size", 1, nullptr, 's'},     {"proto", 1, nullptr, 'p'},
      {"port", 1, nullptr, 'P'},     {"both-directions", 0, nullptr, 'b'},
      {"only", 1, nullptr, 'o'},     {"vlan", 1, nullptr, 'v'},
      {"tcp-life", 0, nullptr, 't'}, {"concurrent", 1, nullptr, 'c'},
      {"list", 1, nullptr, 'l'},     {nullptr, 0, nullptr, 0}};
  Arguments arguments;
  arguments.traffic.packets = 0;
  for (int option; (option = getopt_long(argc, argv, "", kOptions, nullptr)) != -1;)
    apply(arguments, option, optarg);
  if (arguments.interface_name.empty() || optind != argc) usage();
  if (arguments.traffic.packets == 0) arguments.traffic.packets = arguments.traffic.flows;
  return arguments;
}

bool write_list(const std::string& path, const tests::Traffic& traffic, const tests::Sent& sent) {
  std::FILE* file = std::fopen(path.c_str(), "we");
  if (file == nullptr) return false;
  std::fputs(
      "flow,proto,src_ip,src_port,dest_ip,dest_port,packets_forward,bytes_forward,"
      "packets_reply,bytes_reply\n",
      file);
  for (size_t i = 0; i < sent.flows.size(); ++i) {
    const tests::FlowTuple tuple = tests::flow_tuple(traffic.options(), i);
    const tests::FlowSent& flow = sent.flows[i];
    std::fprintf(file, "%zu,%u,%s,%u,%s,%u,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n", i,
                 traffic.options().protocol, tests::ipv4_text(tuple.src).c_str(), tuple.src_port,
                 tests::ipv4_text(tuple.dst).c_str(), tuple.dst_port, flow.packets[0],
                 flow.bytes[0], flow.packets[1], flow.bytes[1]);
  }
  return std::fclose(file) == 0;
}

int fail(const std::string& text) {
  std::fprintf(stderr, "veth_send: %s\n", text.c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const Arguments arguments = parse_arguments(argc, argv);
  auto sender = tests::FrameSender::open(arguments.interface_name);
  if (!sender) return fail(base::to_string(sender.error()));
  const tests::Traffic traffic(arguments.traffic);
  const auto sent = sender->send(traffic, arguments.send);
  if (!sent) return fail(base::to_string(sent.error()));
  const double seconds = static_cast<double>(sent->duration_ns) / 1e9;
  std::printf("packets=%" PRIu64 " bytes=%" PRIu64 " flows=%" PRIu64
              " seconds=%.3f pps=%.0f refused=%" PRIu64 "\n",
              sent->packets, sent->bytes, traffic.options().flows, seconds,
              seconds > 0 ? static_cast<double>(sent->packets) / seconds : 0.0, sent->refused);
  if (!arguments.list_path.empty() && !write_list(arguments.list_path, traffic, *sent))
    return fail("can't write " + arguments.list_path);
  return 0;
}
