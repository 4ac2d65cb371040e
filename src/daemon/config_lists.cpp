// SPDX-License-Identifier: Apache-2.0
#include "daemon/config_lists.h"

#include <algorithm>
#include <array>

#include "app/registry.h"
#include "base/units.h"
#include "daemon/listen_address.h"
#include "engine/tunnel_values.h"
#include "ring/interfaces.h"

namespace pktana::daemon {
namespace {

bool* event_flag(OutputConfig& output, const std::string& name) {
  if (name == "flow") return &output.flow_events;
  if (name == "flow_update") return &output.update_events;
  if (name == "scan") return &output.scan_events;
  if (name == "app") return &output.app_events;
  return name == "stats" ? &output.stats_events : nullptr;
}

}  // namespace

base::Result<void> check_interfaces(const std::vector<std::string>& names) {
  if (names.empty())
    return base::fail_input("", "name an interface (`pktana interfaces` lists them) or \"any\"");
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty()) return base::fail_input("", "an interface's name is empty");
    if (names[i] == ring::kAnyInterface && names.size() > 1)
      return base::fail_input("", "\"any\" has all interfaces: write it alone");
    if (std::find(names.begin(), names.begin() + static_cast<ptrdiff_t>(i), names[i]) !=
        names.begin() + static_cast<ptrdiff_t>(i))
      return base::fail_input("", toml_string(names[i]) + " is there twice");
  }
  return {};
}

base::Result<void> read_tunnel_ports(const ConfigValue& value, parse::TunnelPorts& out) {
  std::vector<std::string> list;
  if (auto read = read_list(value, list); !read) return read;
  parse::TunnelPorts ports;
  for (const std::string& one : list)
    if (auto read = engine::read_tunnel_port(one, ports); !read) return read;
  out = ports;
  return {};
}

base::Result<void> read_key_ignore(const ConfigValue& value, flow::KeyOptions& out) {
  std::vector<std::string> list;
  if (auto read = read_list(value, list); !read) return read;
  flow::KeyOptions key;
  for (const std::string& one : list)
    if (auto read = engine::read_key_ignore(one, key); !read) return read;
  out = key;
  return {};
}

base::Result<void> read_events(const ConfigValue& value, OutputConfig& out) {
  std::vector<std::string> list;
  if (auto read = read_list(value, list); !read) return read;
  if (list.empty()) return base::fail_input("", "an output without events would stay empty");
  out.flow_events = out.update_events = out.scan_events = out.stats_events = false;
  out.app_events = false;
  out.app_event_names.clear();
  out.plugin_events.clear();
  const app::Registry dissectors = app::Registry::with_builtin();
  const std::vector<std::string_view> known = dissectors.event_names();
  for (const std::string& name : list) {
    if (bool* flag = event_flag(out, name)) {
      *flag = true;
      continue;
    }
    out.app_event_names.push_back(name);
    if (std::find(known.begin(), known.end(), name) == known.end())
      out.plugin_events.push_back(name);
  }
  if (out.app_events) out.app_event_names.clear();
  out.app_events |= !out.app_event_names.empty();
  return {};
}

base::Error no_such_event(const std::string& name, std::span<const std::string_view> events) {
  std::vector<std::string> known = {"flow", "flow_update", "app", "scan", "stats"};
  known.insert(known.end(), events.begin(), events.end());
  return not_one_of(name, known);
}

base::Result<void> read_listen(const ConfigValue& value, std::string& out) {
  std::string text;
  if (auto read = read_text(value, text); !read) return read;
  if (!text.empty())
    if (const auto address = parse_listen_address(text); !address)
      return base::Unexpected(address.error());
  out = std::move(text);
  return {};
}

}  // namespace pktana::daemon
