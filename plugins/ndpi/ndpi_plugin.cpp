// SPDX-License-Identifier: Apache-2.0
// nDPI (libndpi 4.2 and newer) as a fallback of pktana: what no dissector claims gets nDPI's name
// as app_proto, in lower case. Only what nDPI saw in the payload counts, not its guesses by port or
// address. nDPI wants packets: it gets a header of ours before the first bytes of each side.
#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <thread>

#include <ndpi/ndpi_main.h>

#include "pktana/plugin.h"

namespace {

struct ModuleDelete {
  void operator()(ndpi_detection_module_struct* module) const {
    ndpi_exit_detection_module(module);
  }
};
using Module = std::unique_ptr<ndpi_detection_module_struct, ModuleDelete>;

struct FlowDelete {
  void operator()(ndpi_flow_struct* flow) const { ndpi_free_flow(flow); }
};
using NdpiFlow = std::unique_ptr<ndpi_flow_struct, FlowDelete>;

/// One module a thread: made by start(), since each takes longer than a call may last.
struct Engine {
  std::deque<Module> modules;
  std::atomic<size_t> taken{0};
  std::deque<std::string> names;  ///< of protocols, by number; they stay where they are
};

Engine* engine = nullptr;  ///< never freed: names go on in records

/// The calling thread's module; null if there are more threads than modules.
ndpi_detection_module_struct* module_of_thread() {
  thread_local const size_t mine = engine->taken.fetch_add(1, std::memory_order_relaxed);
  return mine < engine->modules.size() ? engine->modules[mine].get() : nullptr;
}

constexpr size_t kIp = 20, kTcp = 20, kUdp = 8;

void put16(uint8_t* at, size_t value) {
  at[0] = static_cast<uint8_t>(value >> 8);
  at[1] = static_cast<uint8_t>(value);
}

/// A packet with `payload` in IPv4, from one side to the other.
struct Packet {
  std::array<uint8_t, kIp + kTcp + PKTANA_PROBE_BYTES> bytes{};
  uint16_t len = 0;

  Packet(const pktana_probe& probe, uint8_t direction, pktana_bytes payload) {
    const bool tcp = probe.protocol == PKTANA_TCP;
    const size_t content = std::min<size_t>(payload.len, PKTANA_PROBE_BYTES);
    len = static_cast<uint16_t>(kIp + (tcp ? kTcp : kUdp) + content);
    uint8_t* ip = bytes.data();
    ip[0] = 0x45;
    put16(ip + 2, len);
    ip[8] = 64;
    ip[9] = probe.protocol;
    // Private addresses, which nDPI knows nobody by.
    const std::array<uint8_t, 4> client = {10, 0, 0, 1}, server = {10, 0, 0, 2};
    const bool up = direction == PKTANA_TO_SERVER;
    std::copy_n((up ? client : server).begin(), 4, ip + 12);
    std::copy_n((up ? server : client).begin(), 4, ip + 16);
    uint8_t* transport = ip + kIp;
    put16(transport, probe.port[up ? PKTANA_TO_CLIENT : PKTANA_TO_SERVER]);
    put16(transport + 2, probe.port[direction]);
    if (tcp) {
      transport[7] = 1;   // sequence number
      transport[11] = 1;  // acknowledged
      transport[12] = 0x50;
      transport[13] = 0x18;  // PSH, ACK
      put16(transport + 14, 65535);
    } else {
      put16(transport + 4, kUdp + content);
    }
    if (content > 0) std::memcpy(transport + (tcp ? kTcp : kUdp), payload.data, content);
  }
};

/// nDPI's name for what both sides said first; null = it does not know.
const char* detect(const pktana_probe& probe) {
  ndpi_detection_module_struct* module = module_of_thread();
  if (module == nullptr) return nullptr;
  const NdpiFlow flow(static_cast<ndpi_flow_struct*>(
      ndpi_flow_malloc(ndpi_detection_get_sizeof_ndpi_flow_struct())));
  if (flow == nullptr) return nullptr;
  std::memset(flow.get(), 0, ndpi_detection_get_sizeof_ndpi_flow_struct());
  ndpi_protocol found{};
  constexpr std::array<uint8_t, 2> kSides = {PKTANA_TO_SERVER, PKTANA_TO_CLIENT};
  for (const uint8_t direction : kSides) {
    const pktana_bytes payload = probe.first[direction];
    if (payload.len == 0) continue;
    const Packet packet(probe, direction, payload);
    found = ndpi_detection_process_packet(module, flow.get(), packet.bytes.data(), packet.len, 0);
  }
  const bool by_content = flow->confidence == NDPI_CONFIDENCE_DPI;
  const uint16_t protocol =
      found.app_protocol != NDPI_PROTOCOL_UNKNOWN ? found.app_protocol : found.master_protocol;
  if (protocol == NDPI_PROTOCOL_UNKNOWN || !by_content || protocol >= engine->names.size())
    return nullptr;
  return engine->names[protocol].c_str();
}

pktana_match probe_ndpi(const pktana_probe* probe) {
  return detect(*probe) != nullptr ? PKTANA_YES : PKTANA_MAYBE;
}

/// Kept of each side until the name is known anew: the probe cannot hand it over.
struct State {
  std::array<std::array<uint8_t, PKTANA_PROBE_BYTES>, 2> first;
  std::array<size_t, 2> len;
};

pktana_step on_chunk(void* memory, pktana_flow* flow, const pktana_chunk* chunk) {
  State& state = *static_cast<State*>(memory);
  pktana_flow_info info{};
  info.size = sizeof info;
  flow->host->info(flow, &info);
  const uint8_t side = chunk->direction;
  state.len[side] = std::min<size_t>(chunk->len, PKTANA_PROBE_BYTES);
  if (state.len[side] > 0) std::memcpy(state.first[side].data(), chunk->data, state.len[side]);
  pktana_probe probe{};
  probe.size = sizeof probe;
  probe.protocol = info.protocol;
  probe.direction = side;
  probe.port[PKTANA_TO_SERVER] = info.server_port;
  probe.port[PKTANA_TO_CLIENT] = info.client_port;
  for (size_t i = 0; i < 2; ++i)
    probe.first[i] = {state.first[i].data(), state.len[i]};
  const char* name = detect(probe);
  if (name == nullptr) return {PKTANA_MORE, 0, 0};
  flow->host->set_app_proto(flow, name);
  return {PKTANA_DONE, 0, 0};
}

bool make_module() {
  Module module(ndpi_init_detection_module(ndpi_no_prefs));
  if (module == nullptr) return false;
  NDPI_PROTOCOL_BITMASK all;
  NDPI_BITMASK_SET_ALL(all);
  ndpi_set_protocol_detection_bitmask2(module.get(), &all);
  ndpi_finalize_initialization(module.get());
  engine->modules.push_back(std::move(module));
  return true;
}

/// "TLS" -> "tls", "MsSQL-TDS" -> "mssql-tds".
std::string lower_case(const char* name) {
  std::string text = name == nullptr ? "ndpi" : name;
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// @param config  how many threads there may be; empty = one for each processor, and two more.
int start(const char* config, char* error, size_t error_bytes) {
  constexpr size_t kMaxThreads = 256;
  engine = new Engine;
  size_t threads = config == nullptr ? 0 : static_cast<size_t>(std::atoi(config));
  if (threads == 0) threads = std::thread::hardware_concurrency() + 2;
  for (size_t i = 0; i < std::min(threads, kMaxThreads); ++i) {
    if (make_module()) continue;
    std::snprintf(error, error_bytes, "libndpi cannot begin: no memory");
    return 0;
  }
  ndpi_detection_module_struct* first = engine->modules.front().get();
  const u_int count = ndpi_get_num_supported_protocols(first);
  for (u_int i = 0; i < count; ++i)
    engine->names.push_back(lower_case(ndpi_get_proto_name(first, static_cast<u_int16_t>(i))));
  return 1;
}

void stop() { engine->modules.clear(); }

constexpr pktana_dissector kNdpi = {
    .size = sizeof(pktana_dissector),
    .flags = PKTANA_FALLBACK | PKTANA_SETS_ATTRIBUTES,
    .name = "ndpi",
    .events = nullptr,
    .tcp_ports = nullptr,
    .udp_ports = nullptr,
    .protocols = PKTANA_ON_TCP | PKTANA_ON_UDP,
    .priority = 1000,
    .state_bytes = sizeof(State),
    .probe = probe_ndpi,
    .on_begin = nullptr,
    .on_chunk = on_chunk,
    .on_gap = nullptr,
    .on_end = nullptr,
};

constexpr const pktana_dissector* kDissectors[] = {&kNdpi, nullptr};

constexpr pktana_plugin kPlugin = {
    .abi = PKTANA_PLUGIN_ABI,
    .size = sizeof(pktana_plugin),
    .name = "ndpi",
    .version = "1.0",
    .dissectors = kDissectors,
    .start = start,
    .stop = stop,
};

}  // namespace

extern "C" __attribute__((visibility("default"))) const pktana_plugin* pktana_plugin_entry(void) {
  return &kPlugin;
}
