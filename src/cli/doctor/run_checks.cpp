// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/doctor/checks.h"

namespace pktana::cli {
namespace {

const LinkFacts* find_link(const HostFacts& facts, const std::string& name) {
  for (const LinkFacts& link : facts.links)
    if (link.interface.name == name) return &link;
  return nullptr;
}

/// Those to look at: the named ones, else what is up and no loopback.
std::vector<std::string> names_to_check(const Plan& plan, const HostFacts& facts) {
  const bool all = std::find(plan.interfaces.begin(), plan.interfaces.end(), ring::kAnyInterface) !=
                   plan.interfaces.end();
  if (!plan.interfaces.empty() && !all) return plan.interfaces;
  std::vector<std::string> names;
  for (const LinkFacts& link : facts.links)
    if (link.interface.is_up() && !link.interface.is_loopback())
      names.push_back(link.interface.name);
  return names;
}

Finding no_such_interface(const std::string& name) {
  Finding finding = fail("link", "there is no such interface", "pktana interfaces");
  finding.interface = name;
  return finding;
}

void check_link(const LinkFacts& link, const HostFacts& facts, const SystemFiles& files,
                Findings& findings) {
  findings.push_back(check_link_state(link));
  findings.push_back(check_offloads(link));
  findings.push_back(check_rx_ring(link, files));
  findings.push_back(check_rx_queues(link, facts.cpus));
  findings.push_back(check_irq_spread(link, facts.cpus, files));
}

}  // namespace

Findings run_checks(const Plan& plan, const HostFacts& facts, const SystemFiles& files) {
  const std::vector<std::string> names = names_to_check(plan, facts);
  // `any` is one socket for all interfaces.
  const size_t sockets = std::max<size_t>(1, plan.interfaces.size());
  Findings findings{check_kernel(facts),
                    check_rights(facts, files),
                    check_ring_memory(plan, sockets, files),
                    check_memlock(facts),
                    check_filter_memory(files),
                    check_bpf_jit(files),
                    check_backlog(files),
                    check_huge_pages(files),
                    check_clock_source(files),
                    check_io_uring(facts, files),
                    check_landlock(facts),
                    check_btf(files),
                    check_disk(facts)};
  for (const std::string& name : names) {
    if (const LinkFacts* link = find_link(facts, name))
      check_link(*link, facts, files, findings);
    else
      findings.push_back(no_such_interface(name));
  }
  findings.push_back(check_duplicates(plan.interfaces, facts, files));
  return findings;
}

}  // namespace pktana::cli
