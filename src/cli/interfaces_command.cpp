// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <thread>

#include <unistd.h>

#include "base/clock.h"
#include "cli/commands.h"
#include "cli/interface_list.h"
#include "cli/log.h"
#include "cli/print_text.h"
#include "cli/stop_signal.h"
#include "ring/interface_counters.h"

namespace pktana::cli {
namespace {

constexpr int64_t kNapNs = 20 * base::kNsPerMs;

base::Result<std::vector<ListedInterface>> make_list() {
  auto interfaces = ring::list_interfaces();
  if (!interfaces) return base::Unexpected(interfaces.error());
  std::vector<ListedInterface> list;
  for (ring::Interface& interface : *interfaces) {
    auto details = ring::ask_link_details(interface.name);
    list.push_back({std::move(interface), details ? std::move(*details) : ring::LinkDetails(), {}});
  }
  return list;
}

/// @return ns that were slept: less than asked for when a signal came.
int64_t sleep_until_stop(int64_t wanted_ns) {
  const int64_t began = base::monotonic_ns();
  int64_t slept = 0;
  while (slept < wanted_ns && !stop_wanted()) {
    std::this_thread::sleep_for(std::chrono::nanoseconds(std::min(kNapNs, wanted_ns - slept)));
    slept = base::monotonic_ns() - began;
  }
  return slept;
}

/// What was counted in between. A counter that began anew (a new interface of the name) gives 0.
InterfaceRates rates_between(const ring::InterfaceCounters& before,
                             const ring::InterfaceCounters& after, double seconds) {
  const auto rate = [seconds](uint64_t from, uint64_t to) {
    return to < from ? 0.0 : static_cast<double>(to - from) / seconds;
  };
  constexpr double kBits = 8;
  return {.rx_packets = rate(before.rx_packets, after.rx_packets),
          .rx_bits = kBits * rate(before.rx_bytes, after.rx_bytes),
          .rx_drops = rate(before.rx_drops, after.rx_drops),
          .tx_packets = rate(before.tx_packets, after.tx_packets),
          .tx_bits = kBits * rate(before.tx_bytes, after.tx_bytes)};
}

base::Result<void> measure_rates(int64_t interval_ns, std::vector<ListedInterface>& list) {
  const auto before = ring::read_interface_counters();
  if (!before) return base::Unexpected(before.error());
  const int64_t slept = std::max<int64_t>(1, sleep_until_stop(interval_ns));
  const auto after = ring::read_interface_counters();
  if (!after) return base::Unexpected(after.error());
  for (ListedInterface& one : list) {
    const auto first = before->find(one.interface.name);
    const auto last = after->find(one.interface.name);
    if (first == before->end() || last == after->end()) continue;
    one.rates =
        rates_between(first->second, last->second, static_cast<double>(slept) / base::kNsPerSecond);
  }
  return {};
}

}  // namespace

ExitStatus run_interfaces(const Options& options) {
  auto list = make_list();
  if (!list) {
    log_error(list.error());
    return kFailed;
  }
  if (options.rates_interval_ns > 0) {
    if (auto measured = measure_rates(options.rates_interval_ns, *list); !measured) {
      log_error(measured.error());
      return kFailed;
    }
  }
  const bool color = use_color(options.color, STDOUT_FILENO);
  return print_text(options.json ? interfaces_as_json(*list) : interfaces_as_table(*list, color));
}

}  // namespace pktana::cli
