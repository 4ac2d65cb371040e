// SPDX-License-Identifier: Apache-2.0
// Reads a capture file with libpktana and prints its flows, largest first.
//   c++ -std=c++20 flows.cpp $(pkg-config --cflags --libs pktana) -o flows && ./flows FILE [FILTER]
#include <algorithm>
#include <cstdio>
#include <vector>

#include <pktana/pktana.h>

namespace {

uint64_t bytes_of(const pktana::Flow& flow) { return flow.to_server.bytes + flow.to_client.bytes; }

void print(const pktana::Flow& flow) {
  std::printf("%3u %s:%u -> %s:%u  %llu packets, %llu bytes, %s\n", flow.protocol,
              flow.src_ip.c_str(), flow.src_port, flow.dest_ip.c_str(), flow.dest_port,
              static_cast<unsigned long long>(flow.to_server.packets + flow.to_client.packets),
              static_cast<unsigned long long>(bytes_of(flow)), flow.end_reason.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s FILE [FILTER]\n", argv[0]);
    return 2;
  }
  pktana::ReadOptions options;
  if (argc > 2) options.filter = argv[2];
  std::vector<pktana::Flow> flows;
  const auto result = pktana::read_capture(
      argv[1], options, [&](const pktana::Flow& flow) { flows.push_back(flow); });
  std::sort(flows.begin(), flows.end(),
            [](const auto& a, const auto& b) { return bytes_of(a) > bytes_of(b); });
  for (const pktana::Flow& flow : flows)
    print(flow);
  if (!result.complete) std::fprintf(stderr, "%s\n", result.message.c_str());
  return result.complete ? 0 : 1;
}
