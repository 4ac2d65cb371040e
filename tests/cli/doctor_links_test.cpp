// SPDX-License-Identifier: Apache-2.0
// The checks of interfaces, and all of them together.
#include <algorithm>

#include "cli/doctor/checks.h"
#include "cli/doctor/report.h"
#include "cli/doctor_machine.h"
#include "support/catch.h"

namespace pktana::cli {
namespace {

using tests::link_named;
using tests::Machine;

TEST_CASE("doctor: an interface that is down fails, one without a link warns") {
  LinkFacts link = link_named("eth0");
  CHECK(check_link_state(link).verdict == Verdict::Pass);
  link.interface.flags = IFF_UP;
  CHECK(check_link_state(link).verdict == Verdict::Warn);
  link.interface.flags = 0;
  CHECK(check_link_state(link).verdict == Verdict::Fail);
  CHECK(check_link_state(link).mend == "sudo ip link set eth0 up");
  CHECK(check_link_state(link).interface == "eth0");
}

TEST_CASE("doctor: what merges packets is named with the one command that turns it off") {
  LinkFacts link = link_named("eth0");
  CHECK(check_offloads(link).verdict == Verdict::Pass);
  link.details.offloads = {
      .gro = true, .gro_hardware = false, .lro = true, .tso = true, .gso = true};
  const Finding merging = check_offloads(link);
  CHECK(merging.verdict == Verdict::Warn);
  CHECK(merging.mend == "sudo ethtool -K eth0 gro off lro off");
  CHECK(merging.what.find("GRO, LRO on") == 0);
  link.details.driver = "veth";
  CHECK(check_offloads(link).mend == "sudo ethtool -K eth0 gro off lro off tso off gso off");
  link.details.offloads = {.gro = false, .lro = false, .tso = false, .gso = false};
  CHECK(check_offloads(link).verdict == Verdict::Pass);
}

TEST_CASE("doctor: a small receive ring warns, a full one that loses packets too") {
  Machine machine;
  LinkFacts link = link_named("eth0");
  CHECK(check_rx_ring(link, machine.files()).verdict == Verdict::Pass);
  link.details.rx_ring = ring::RxRing{.packets = 512, .max_packets = 4096};
  CHECK(check_rx_ring(link, machine.files()).mend == "sudo ethtool -G eth0 rx 4096");
  link.details.rx_ring = ring::RxRing{.packets = 4096, .max_packets = 4096};
  CHECK(check_rx_ring(link, machine.files()).verdict == Verdict::Pass);
  machine.file("/sys/class/net/eth0/statistics/rx_missed_errors", "7\n");
  const Finding losing = check_rx_ring(link, machine.files());
  CHECK(losing.verdict == Verdict::Warn);
  CHECK(losing.what.find("lost 7 packets") != std::string::npos);
}

TEST_CASE("doctor: fewer queues than CPUs warn when the card has more") {
  LinkFacts link = link_named("eth0");
  CHECK(check_rx_queues(link, 8).verdict == Verdict::Pass);
  link.details.rx_queues = ring::RxQueues{.count = 1, .max_count = 6};
  CHECK(check_rx_queues(link, 8).mend == "sudo ethtool -L eth0 combined 6");
  CHECK(check_rx_queues(link, 1).verdict == Verdict::Pass);
}

TEST_CASE("doctor: interrupts of two queues on one CPU warn, spread ones pass") {
  Machine machine;
  const LinkFacts link = link_named("eth0");
  CHECK(check_irq_spread(link, 2, machine.files()).verdict == Verdict::Pass);
  const std::string header = "           CPU0       CPU1\n";
  machine.file("/proc/interrupts", header +
                                       " 30:  100   0  PCI-MSI 1-edge  eth0-rx-0\n"
                                       " 31:  200   0  PCI-MSI 2-edge  eth0-rx-1\n"
                                       " 32:    0  50  PCI-MSI 3-edge  eth1-rx-0\n"
                                       "NMI:    1   1  Non-maskable interrupts\n");
  const Finding crowded = check_irq_spread(link, 2, machine.files());
  CHECK(crowded.verdict == Verdict::Warn);
  CHECK(crowded.mend == "echo 1 | sudo tee /proc/irq/31/smp_affinity_list");
  machine.file("/proc/interrupts", header +
                                       " 30:  100   0  PCI-MSI 1-edge  eth0-rx-0\n"
                                       " 31:    0   9  PCI-MSI 2-edge  eth0-rx-1\n");
  CHECK(check_irq_spread(link, 2, machine.files()).what == "2 interrupt(s) on 2 CPU(s)");
}

TEST_CASE("doctor: interrupts without the interface's name are found by its device") {
  Machine machine;
  machine.file("/sys/class/net/eth0/device/msi_irqs/41", "msix");
  machine.file("/sys/class/net/eth0/device/msi_irqs/42", "msix");
  machine.file("/proc/interrupts",
               "  CPU0 CPU1\n 41: 0 5 PCI-MSIX virtio4-input.0\n"
               " 42: 0 5 PCI-MSIX virtio4-output.0\n 43: 5 5 PCI-MSIX x\n");
  CHECK(check_irq_spread(link_named("eth0"), 2, machine.files()).what ==
        "1 interrupt(s) on 1 CPU(s)");
}

TEST_CASE("doctor: a bridge and its port, or both ends of a veth pair, show packets twice") {
  Machine machine;
  HostFacts facts;
  facts.links = {link_named("br0", 1), link_named("eth0", 2), link_named("va", 3),
                 link_named("vb", 4)};
  facts.links[2].details.driver = facts.links[3].details.driver = "veth";
  machine.file("/sys/class/net/br0/lower_eth0", "");
  machine.file("/sys/class/net/va/iflink", "4\n");
  machine.file("/sys/class/net/vb/iflink", "3\n");
  const auto check = [&](std::vector<std::string> chosen) {
    return check_duplicates(chosen, facts, machine.files());
  };
  CHECK(check({"br0", "eth0"}).what.find("br0 lies on top of eth0") == 0);
  CHECK(check({"br0", "eth0"}).mend == "pktana capture -i br0 ...");
  CHECK(check({"va", "vb"}).what.find("va is joined to vb") == 0);
  CHECK(check({"br0", "va"}).verdict == Verdict::Pass);
  CHECK(check({"eth0"}).verdict == Verdict::Pass);
  CHECK(check({}).verdict == Verdict::Pass);
  CHECK(check({"any"}).verdict == Verdict::Warn);
}

TEST_CASE("doctor: named interfaces are looked at, without names those that are up") {
  Machine machine;
  HostFacts facts;
  facts.links = {link_named("lo"), link_named("eth0"), link_named("eth1")};
  facts.links[0].interface.flags |= IFF_LOOPBACK;
  facts.links[2].interface.flags = 0;
  const auto links_in = [](const Findings& findings) {
    std::vector<std::string> names;
    for (const Finding& finding : findings)
      if (finding.check == "link") names.push_back(finding.interface);
    return names;
  };
  Plan plan{.interfaces = {}, .threads = 1, .ring_bytes = 1 << 20, .log_path = "."};
  CHECK(links_in(run_checks(plan, facts, machine.files())) == std::vector<std::string>{"eth0"});
  plan.interfaces = {"lo", "nope"};
  const Findings findings = run_checks(plan, facts, machine.files());
  CHECK(links_in(findings) == plan.interfaces);
  CHECK(worst_of(findings) == Verdict::Fail);
}

TEST_CASE("doctor: every finding that is no pass has a mend") {
  Machine machine;
  HostFacts facts;
  facts.packet_socket_errno = facts.io_uring_errno = 1;
  facts.links = {link_named("eth0")};
  facts.links[0].interface.flags = 0;
  const Plan plan{.interfaces = {"eth0"}, .threads = 1, .ring_bytes = 1, .log_path = "."};
  const Findings findings = run_checks(plan, facts, machine.files());
  CHECK(std::count_if(findings.begin(), findings.end(),
                      [](const Finding& finding) { return finding.verdict != Verdict::Pass; }) > 5);
  for (const Finding& finding : findings) {
    INFO(finding.check);
    CHECK((finding.verdict == Verdict::Pass) == finding.mend.empty());
  }
}

TEST_CASE("doctor: the report counts verdicts, and its JSON quotes names") {
  const Findings findings{pass("a", "fine"), warn("b", "so \"so\"", "do x"), fail("c", "bad", "y")};
  const std::string text = findings_as_text(findings, false);
  CHECK(text.find("PASS  a ") == 0);
  CHECK(text.find("      mend: do x\n") != std::string::npos);
  CHECK(text.find("1 passed, 1 to look at, 1 failed\n") != std::string::npos);
  CHECK(text.find('\033') == std::string::npos);
  CHECK(findings_as_text(findings, true).find("\033[1;31mFAIL") != std::string::npos);
  const std::string json = findings_as_json(findings);
  CHECK(json.find(R"({"verdict":"fail","passed":1,"warned":1,"failed":1,"checks":[)") == 0);
  CHECK(json.find(R"("what":"so \"so\"","mend":"do x"})") != std::string::npos);
}

}  // namespace
}  // namespace pktana::cli
