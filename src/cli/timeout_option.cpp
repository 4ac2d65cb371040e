// SPDX-License-Identifier: Apache-2.0
#include "cli/timeout_option.h"

#include <algorithm>
#include <vector>

#include "base/nearest.h"
#include "base/units.h"

namespace pktana::cli {
namespace {

struct NamedTimeout {
  const char* name;
  int64_t& value_ns;
};

std::vector<NamedTimeout> names_of(flow::Timeouts& timeouts) {
  return {{"tcp.new", timeouts.tcp.new_ns},
          {"tcp.established", timeouts.tcp.established_ns},
          {"tcp.closed", timeouts.tcp.closed_ns},
          {"udp.new", timeouts.udp.new_ns},
          {"udp.established", timeouts.udp.established_ns},
          {"icmp.new", timeouts.icmp.new_ns},
          {"icmp.established", timeouts.icmp.established_ns},
          {"other.new", timeouts.other.new_ns},
          {"other.established", timeouts.other.established_ns}};
}

base::Result<void> read_one(const std::string& text, flow::Timeouts& timeouts) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos)
    return base::fail_input("", "'" + text + "' has no '=': write tcp.established=10m");
  const std::string name = text.substr(0, equals);
  std::vector<std::string> known;
  for (const NamedTimeout& one : names_of(timeouts)) {
    known.emplace_back(one.name);
    if (name != one.name) continue;
    const auto value = base::parse_duration_ns(text.substr(equals + 1));
    if (!value) return base::Unexpected(value.error());
    if (*value == 0) return base::fail_input("", name + " must be above 0");
    one.value_ns = *value;
    return {};
  }
  std::string list;
  for (const std::string& one : known)
    list += (list.empty() ? "" : ", ") + one;
  return base::fail_input("",
                          "'" + name + "' is not one of " + list + base::suggestion(name, known));
}

}  // namespace

base::Result<void> read_timeout_list(const std::string& text, flow::Timeouts& timeouts) {
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    if (auto read = read_one(text.substr(begin, end - begin), timeouts); !read) return read;
    begin = end + 1;
  }
  return {};
}

}  // namespace pktana::cli
