// SPDX-License-Identifier: Apache-2.0
#include "ring/interface_counters.h"

#include <array>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <sstream>

namespace pktana::ring {
namespace {

constexpr const char* kPath = "/proc/thread-self/net/dev";

// Columns behind "name:".
constexpr size_t kRxBytes = 0;
constexpr size_t kRxPackets = 1;
constexpr size_t kRxDrops = 3;
constexpr size_t kTxBytes = 8;
constexpr size_t kTxPackets = 9;
constexpr size_t kColumns = 10;

}  // namespace

base::Result<CountersByName> read_interface_counters() {
  std::ifstream file(kPath);
  if (!file) return base::fail(errno, "open", kPath);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return parse_interface_counters(text);
}

CountersByName parse_interface_counters(std::string_view text) {
  CountersByName found;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    // The last colon: an alias has one in its name.
    const size_t colon = line.rfind(':');
    const size_t begin = line.find_first_not_of(' ');
    if (colon == std::string::npos || begin >= colon) continue;
    std::istringstream words(line.substr(colon + 1));
    std::array<uint64_t, kColumns> columns{};
    size_t count = 0;
    while (count < kColumns && words >> columns[count])
      ++count;
    if (count < kColumns) continue;
    found[line.substr(begin, colon - begin)] = {.rx_packets = columns[kRxPackets],
                                                .rx_bytes = columns[kRxBytes],
                                                .rx_drops = columns[kRxDrops],
                                                .tx_packets = columns[kTxPackets],
                                                .tx_bytes = columns[kTxBytes]};
  }
  return found;
}

}  // namespace pktana::ring
