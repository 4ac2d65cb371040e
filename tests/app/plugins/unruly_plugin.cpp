// SPDX-License-Identifier: Apache-2.0
// A plugin that does what none should, when the payload says so: for the tests of the call guard.
// Claims flows that begin with "UNRULY ".
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <unistd.h>

#include "pktana/plugin.h"

namespace {

constexpr const char* kEvents[] = {"unruly", nullptr};

bool says(const pktana_chunk* chunk, const char* word) {
  return memmem(chunk->data, chunk->len, word, std::strlen(word)) != nullptr;
}

pktana_match probe(const pktana_probe* probe) {
  const pktana_bytes& first = probe->first[probe->direction];
  if (first.len >= 12 && std::memcmp(first.data, "UNRULY PROBE", 12) == 0)
    while (true)
      *const_cast<volatile uint8_t*>(first.data);
  return first.len >= 7 && std::memcmp(first.data, "UNRULY ", 7) == 0 ? PKTANA_YES : PKTANA_NO;
}

void talk_rubbish(pktana_flow* flow) {
  const pktana_host& host = *flow->host;
  host.object_end(flow);
  host.event_begin(flow, nullptr, 0, 0);
  host.event_begin(flow, "unruly", 9, -1);
  host.array_begin(flow, "a");
  host.put_uint(flow, "key in an array", 1);
  host.object_end(flow);
  host.put_text(flow, nullptr, nullptr, 100);
  host.set_name(flow, nullptr, 5, PKTANA_NAME_OTHER);
  host.set_fingerprint(flow, nullptr, "x", 1);
  host.learn_name(flow, 7, nullptr, "x", 1, 1);
  host.expect(flow, 6, 0, 0, nullptr);
  host.info(flow, nullptr);
  host.set_app_proto(flow, nullptr);
}

/// Loops within our own calls, so that it is broken off there.
[[noreturn]] void loop_in_host(pktana_flow* flow) {
  while (true) {
    flow->host->event_begin(flow, "unruly", 0, 0);
    flow->host->put_text(flow, "t", "text", 4);
    flow->host->event_end(flow);
  }
}

pktana_step on_chunk(void*, pktana_flow* flow, const pktana_chunk* chunk) {
  volatile uint64_t spin = 0;
  if (says(chunk, "loop in host")) loop_in_host(flow);
  if (says(chunk, "loop"))
    while (true)
      spin = spin + 1;
  if (says(chunk, "crash")) *reinterpret_cast<volatile int*>(spin + 8) = 1;
  if (says(chunk, "abort")) std::abort();
  if (says(chunk, "slow")) usleep(10'000);
  if (says(chunk, "rubbish")) talk_rubbish(flow);
  if (says(chunk, "verdict")) return {77, ~uint64_t{0}, ~uint64_t{0}};
  if (says(chunk, "change")) {
    flow->host->change_protocol(flow, "no such dissector");
    return {PKTANA_CHANGE, ~uint64_t{0}, 0};
  }
  flow->host->event_begin(flow, "unruly", chunk->direction, chunk->ts_ns);
  flow->host->put_uint(flow, "len", chunk->len);
  flow->host->event_end(flow);
  return {PKTANA_MORE, chunk->len, 0};
}

constexpr pktana_dissector kUnruly = {
    .size = sizeof(pktana_dissector),
    .flags = PKTANA_SETS_ATTRIBUTES,
    .name = "unruly",
    .events = kEvents,
    .tcp_ports = nullptr,
    .udp_ports = nullptr,
    .protocols = PKTANA_ON_TCP | PKTANA_ON_UDP,
    .priority = 100,
    .state_bytes = 8,
    .probe = probe,
    .on_begin = nullptr,
    .on_chunk = on_chunk,
    .on_gap = nullptr,
    .on_end = nullptr,
};

constexpr const pktana_dissector* kDissectors[] = {&kUnruly, nullptr};

int start(const char* config, char* error, size_t error_bytes) {
  if (std::strcmp(config, "refuse") != 0) return 1;
  std::strncpy(error, "it was told to refuse", error_bytes - 1);
  return 0;
}

constexpr pktana_plugin kPlugin = {
    .abi = PKTANA_PLUGIN_ABI + WRONG_ABI,
    .size = sizeof(pktana_plugin),
    .name = "unruly",
    .version = "1",
    .dissectors = kDissectors,
    .start = start,
    .stop = nullptr,
};

}  // namespace

extern "C" __attribute__((visibility("default"))) const pktana_plugin* pktana_plugin_entry(void) {
  return &kPlugin;
}
