// SPDX-License-Identifier: Apache-2.0
#include "cli/interface_list.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "cli/json_text.h"
#include "cli/terminal.h"
#include "parse/link_type.h"

namespace pktana::cli {
namespace {

using Row = std::vector<std::string>;

std::string state_of(const ring::Interface& interface) {
  if (interface.is_running()) return "up";
  return interface.is_up() ? "no link" : "down";
}

std::string link_type_of(const ring::Interface& interface) {
  return std::string(to_string(static_cast<parse::LinkType>(interface.link_type)));
}

/// "1.2k", "340M": three digits are enough for people.
std::string short_number(double value) {
  constexpr std::array kUnits{"", "k", "M", "G", "T"};
  size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < kUnits.size(); ++unit)
    value /= 1000;
  char text[32];
  std::snprintf(text, sizeof text, value < 10 && unit > 0 ? "%.1f%s" : "%.0f%s", value,
                kUnits[unit]);
  return text;
}

std::string speed_of(const ring::LinkDetails& details) {
  return details.speed_mbps ? short_number(*details.speed_mbps * 1e6) + "bit/s" : "-";
}

Row header_of(bool rates) {
  Row row{"NAME", "STATE", "LINK TYPE", "MTU", "SPEED", "DRIVER"};
  if (rates) row.insert(row.end(), {"RX PKT/S", "RX BIT/S", "DROP/S", "TX PKT/S", "TX BIT/S"});
  row.push_back("ADDRESSES");
  return row;
}

/// The addresses come last: they are of any length.
Row row_of(const ListedInterface& one, bool rates) {
  const ring::Interface& interface = one.interface;
  Row row{printable(interface.name),
          state_of(interface),
          link_type_of(interface),
          interface.mtu_bytes == 0 ? "-" : std::to_string(interface.mtu_bytes),
          speed_of(one.details),
          one.details.driver.empty() ? "-" : printable(one.details.driver)};
  if (rates) {
    const InterfaceRates rate = one.rates.value_or(InterfaceRates());
    for (const double value :
         {rate.rx_packets, rate.rx_bits, rate.rx_drops, rate.tx_packets, rate.tx_bits})
      row.push_back(one.rates ? short_number(value) : "-");
  }
  std::string addresses;
  for (const std::string& address : interface.addresses)
    addresses += (addresses.empty() ? "" : ", ") + address;
  row.push_back(addresses);
  return row;
}

std::string or_null(const std::string& text) { return text.empty() ? "null" : json_string(text); }

template <typename T>
std::string or_null(const std::optional<T>& number) {
  return number ? std::to_string(*number) : "null";
}

std::string rates_as_json(const std::optional<InterfaceRates>& rates) {
  if (!rates) return "null";
  char text[256];
  std::snprintf(text, sizeof text,
                R"({"rx_packets":%.1f,"rx_bits":%.1f,"rx_drops":%.1f,"tx_packets":%.1f,)"
                R"("tx_bits":%.1f})",
                rates->rx_packets, rates->rx_bits, rates->rx_drops, rates->tx_packets,
                rates->tx_bits);
  return text;
}

std::string as_json(const ListedInterface& one) {
  const ring::Interface& interface = one.interface;
  std::string addresses;
  for (const std::string& address : interface.addresses)
    addresses += (addresses.empty() ? "" : ",") + json_string(address);
  const std::string mtu = interface.mtu_bytes == 0 ? "null" : std::to_string(interface.mtu_bytes);
  return "{\"name\":" + json_string(interface.name) +
         ",\"state\":" + json_string(state_of(interface)) +
         ",\"link_type\":" + json_string(link_type_of(interface)) + ",\"mtu\":" + mtu +
         ",\"speed_mbps\":" + or_null(one.details.speed_mbps) +
         ",\"driver\":" + or_null(one.details.driver) + ",\"mac\":" + or_null(interface.mac) +
         ",\"rates\":" + rates_as_json(one.rates) + ",\"addresses\":[" + addresses + "]}";
}

}  // namespace

std::string interfaces_as_table(const std::vector<ListedInterface>& list, bool color) {
  const bool rates = std::any_of(list.begin(), list.end(),
                                 [](const ListedInterface& one) { return one.rates.has_value(); });
  std::vector<Row> rows{header_of(rates)};
  for (const ListedInterface& one : list)
    rows.push_back(row_of(one, rates));
  std::vector<size_t> widths(rows[0].size());
  for (const Row& row : rows)
    for (size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], row[i].size());
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i)
      line += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
    const bool bold = color && text.empty();
    text += bold ? "\033[1m" + line + "\033[0m\n" : line + "\n";
  }
  return text;
}

std::string interfaces_as_json(const std::vector<ListedInterface>& list) {
  std::string text;
  for (const ListedInterface& one : list)
    text += (text.empty() ? "" : ",\n ") + as_json(one);
  return "[" + text + "]\n";
}

}  // namespace pktana::cli
