// SPDX-License-Identifier: Apache-2.0
// What the control socket and the metrics ask of the daemon, and order it to do. The control loop
// is one; the tests have another.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "daemon/config.h"
#include "engine/flow_listing.h"
#include "engine/ledger.h"

namespace pktana::daemon {

struct InterfaceFacts {
  std::string name = {};
  bool attached = false;  ///< it is captured from
  bool up = false;
  uint64_t rebinds = 0;  ///< times that rings were made for it anew
};

struct PluginFacts {
  std::string name = {};
  std::string file = {};
  uint64_t calls = 0;
  uint64_t overruns = 0;
  uint64_t faults = 0;
  bool off = false;
};

struct DaemonFacts {
  int64_t uptime_ns = 0;
  bool alive = true;  ///< workers and sink move on
  uint64_t reloads = 0;
  bool last_reload_good = true;
  std::vector<InterfaceFacts> interfaces = {};
  std::vector<PluginFacts> plugins = {};
};

/// One thread, that of the control loop.
class ControlTarget {
 public:
  virtual ~ControlTarget() = default;

  [[nodiscard]] virtual DaemonFacts facts() = 0;
  /// May wait for the workers up to a poll timeout; asked for a few times a second at most.
  [[nodiscard]] virtual engine::Ledger ledger() = 0;
  [[nodiscard]] virtual std::string_view source_name(uint16_t source_id) = 0;
  [[nodiscard]] virtual base::Result<std::unique_ptr<engine::FlowListing>> list_flows(
      const engine::ListingOptions& options) = 0;

  virtual void rotate() = 0;
  /// @return false: the configuration has mistakes, and stays as it was.
  virtual bool reload() = 0;
  virtual void set_log_level(LogLevel level) = 0;
  virtual void shut_down() = 0;
};

}  // namespace pktana::daemon
