// SPDX-License-Identifier: Apache-2.0
// What `pktana interfaces` shows of each interface, and how.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ring/interfaces.h"
#include "ring/link_details.h"

namespace pktana::cli {

struct InterfaceRates {
  double rx_packets = 0;  ///< per second, as all of these
  double rx_bits = 0;
  double rx_drops = 0;
  double tx_packets = 0;
  double tx_bits = 0;
};

struct ListedInterface {
  ring::Interface interface;
  ring::LinkDetails details;
  std::optional<InterfaceRates> rates;  ///< none = not measured
};

/// Columns as wide as their widest cell; what is not known is "-".
[[nodiscard]] std::string interfaces_as_table(const std::vector<ListedInterface>& list, bool color);

/// One array of objects; what is not known is null.
[[nodiscard]] std::string interfaces_as_json(const std::vector<ListedInterface>& list);

}  // namespace pktana::cli
