// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/doctor/checks.h"

namespace pktana::cli {
namespace {

bool is_chosen(const std::vector<std::string>& chosen, const std::string& name) {
  return std::find(chosen.begin(), chosen.end(), name) != chosen.end();
}

/// Interfaces whose packets `name` shows once more: ports of a bridge or bond, the link below a
/// VLAN, macvlan or tunnel.
std::vector<std::string> below(const std::string& name, const SystemFiles& files) {
  constexpr std::string_view kPrefix = "lower_";
  std::vector<std::string> names;
  for (const std::string& entry : files.list("/sys/class/net/" + name))
    if (entry.starts_with(kPrefix)) names.push_back(entry.substr(kPrefix.size()));
  return names;
}

/// The other end of a veth pair, when it is in this namespace.
std::string other_end(const LinkFacts& link, const HostFacts& facts, const SystemFiles& files) {
  if (link.details.driver != "veth") return {};
  const auto index = files.read_number("/sys/class/net/" + link.interface.name + "/iflink");
  for (const LinkFacts& other : facts.links)
    if (index && other.interface.index == static_cast<unsigned>(*index) &&
        other.details.driver == "veth" && other.interface.name != link.interface.name)
      return other.interface.name;
  return {};
}

struct Pair {
  std::string first;
  std::string second;
  const char* relation;
};

std::vector<Pair> doubling_pairs(const HostFacts& facts, const SystemFiles& files) {
  std::vector<Pair> pairs;
  for (const LinkFacts& link : facts.links) {
    const std::string& name = link.interface.name;
    for (std::string& lower : below(name, files))
      pairs.push_back({name, std::move(lower), "lies on top of"});
    std::string peer = other_end(link, facts, files);
    if (!peer.empty() && name < peer) pairs.push_back({name, std::move(peer), "is joined to"});
  }
  return pairs;
}

}  // namespace

Finding check_duplicates(const std::vector<std::string>& chosen, const HostFacts& facts,
                         const SystemFiles& files) {
  const bool all = is_chosen(chosen, std::string(ring::kAnyInterface));
  std::string found;
  std::string keep;
  for (const Pair& pair : doubling_pairs(facts, files)) {
    if (!all && !(is_chosen(chosen, pair.first) && is_chosen(chosen, pair.second))) continue;
    found += (found.empty() ? "" : "; ") + pair.first + " " + pair.relation + " " + pair.second;
    if (keep.empty()) keep = pair.first;
  }
  if (found.empty())
    return pass("duplicates", chosen.size() > 1 || all ? "no interface shows another's packets"
                                                       : "one interface: each packet once");
  return warn("duplicates", found + ": the same packets are seen more than once",
              "pktana capture -i " + keep + " ...");
}

}  // namespace pktana::cli
