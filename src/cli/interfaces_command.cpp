// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <unistd.h>

#include "cli/commands.h"
#include "cli/json_text.h"
#include "cli/log.h"
#include "cli/print_text.h"
#include "parse/link_type.h"
#include "ring/interfaces.h"

namespace pktana::cli {
namespace {

constexpr size_t kColumns = 5;
using Row = std::array<std::string, kColumns>;

std::string state_of(const ring::Interface& interface) {
  if (interface.is_running()) return "up";
  return interface.is_up() ? "no link" : "down";
}

std::string link_type_of(const ring::Interface& interface) {
  return std::string(to_string(static_cast<parse::LinkType>(interface.link_type)));
}

std::string mtu_of(const ring::Interface& interface) {
  return interface.mtu_bytes == 0 ? "unknown" : std::to_string(interface.mtu_bytes);
}

std::vector<Row> make_rows(const std::vector<ring::Interface>& interfaces) {
  std::vector<Row> rows{{"NAME", "STATE", "LINK TYPE", "MTU", "ADDRESSES"}};
  for (const ring::Interface& one : interfaces) {
    std::string addresses;
    for (const std::string& address : one.addresses)
      addresses += (addresses.empty() ? "" : ", ") + address;
    rows.push_back({printable(one.name), state_of(one), link_type_of(one), mtu_of(one), addresses});
  }
  return rows;
}

/// The addresses come last: they are of any length.
std::string as_table(const std::vector<ring::Interface>& interfaces, bool color) {
  const std::vector<Row> rows = make_rows(interfaces);
  std::array<size_t, kColumns> widths{};
  for (const Row& row : rows)
    for (size_t i = 0; i < kColumns; ++i)
      widths[i] = std::max(widths[i], row[i].size());
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (size_t i = 0; i < kColumns; ++i)
      line += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    const bool bold = color && text.empty();
    text += bold ? "\033[1m" + line + "\033[0m\n" : line + "\n";
  }
  return text;
}

std::string as_json(const ring::Interface& interface) {
  std::string addresses;
  for (const std::string& address : interface.addresses)
    addresses += (addresses.empty() ? "" : ",") + json_string(address);
  return "{\"name\":" + json_string(interface.name) +
         ",\"state\":" + json_string(state_of(interface)) +
         ",\"link_type\":" + json_string(link_type_of(interface)) +
         ",\"mtu\":" + (interface.mtu_bytes == 0 ? "null" : mtu_of(interface)) +
         ",\"mac\":" + (interface.mac.empty() ? "null" : json_string(interface.mac)) +
         ",\"addresses\":[" + addresses + "]}";
}

std::string as_json(const std::vector<ring::Interface>& interfaces) {
  std::string text;
  for (const ring::Interface& one : interfaces)
    text += (text.empty() ? "" : ",\n ") + as_json(one);
  return "[" + text + "]\n";
}

}  // namespace

ExitStatus run_interfaces(const Options& options) {
  const auto interfaces = ring::list_interfaces();
  if (!interfaces) {
    log_error(interfaces.error());
    return kFailed;
  }
  const bool color = use_color(options.color, STDOUT_FILENO);
  return print_text(options.json ? as_json(*interfaces) : as_table(*interfaces, color));
}

}  // namespace pktana::cli
