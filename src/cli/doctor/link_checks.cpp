// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <sstream>

#include "cli/doctor/checks.h"

namespace pktana::cli {
namespace {

Finding of(const LinkFacts& link, Finding finding) {
  finding.interface = link.interface.name;
  return finding;
}

void add_word(std::string& list, const char* word, const std::optional<bool>& on) {
  if (on.value_or(false)) list += (list.empty() ? "" : ", ") + std::string(word);
}

/// Interrupt numbers of an interface: those of its device (for virtio, of the device above), and
/// those that bear its name.
std::set<int> interrupts_of(const std::string& name, const SystemFiles& files) {
  std::set<int> numbers;
  for (const char* where : {"/device/msi_irqs", "/device/../msi_irqs"})
    for (const std::string& number : files.list("/sys/class/net/" + name + where))
      numbers.insert(std::atoi(number.c_str()));
  return numbers;
}

struct Interrupt {
  int number = 0;
  std::vector<uint64_t> per_cpu;
};

/// The lines of /proc/interrupts that belong to the interface and have counted something.
/// @return the busiest CPU's share is in per_cpu; configuration and control lines are left out.
std::vector<Interrupt> busy_interrupts(const LinkFacts& link, const SystemFiles& files) {
  const auto text = files.read("/proc/interrupts");
  if (!text) return {};
  const std::set<int> own = interrupts_of(link.interface.name, files);
  std::istringstream lines(*text);
  std::string header;
  std::getline(lines, header);
  std::istringstream heads(header);
  size_t cpus = 0;
  for (std::string cpu; heads >> cpu;)
    ++cpus;
  std::vector<Interrupt> found;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Interrupt interrupt;
    char colon = 0;
    if (!(words >> interrupt.number >> colon) || colon != ':') continue;
    uint64_t sum = 0;
    for (size_t i = 0; i < cpus && words; ++i) {
      uint64_t count = 0;
      words >> count;
      interrupt.per_cpu.push_back(count);
      sum += count;
    }
    const bool named = line.find(link.interface.name + "-") != std::string::npos ||
                       line.ends_with(" " + link.interface.name);
    const bool transmits =
        line.find("output") != std::string::npos || line.find("config") != std::string::npos;
    if ((own.contains(interrupt.number) || named) && !transmits && sum > 0)
      found.push_back(std::move(interrupt));
  }
  return found;
}

}  // namespace

Finding check_link_state(const LinkFacts& link) {
  const std::string& name = link.interface.name;
  std::string text = link.details.driver.empty() ? "" : "driver " + link.details.driver;
  if (link.details.speed_mbps)
    text += (text.empty() ? "" : ", ") + std::to_string(*link.details.speed_mbps) + " Mbit/s";
  const auto joined = [&](const std::string& state) {
    return text.empty() ? state : state + "; " + text;
  };
  if (!link.interface.is_up())
    return of(link, fail("link", joined("down: nothing will be captured"),
                         "sudo ip link set " + name + " up"));
  if (!link.interface.is_running())
    return of(link, warn("link", joined("up, but without a link: check the cable or the other end"),
                         "ethtool " + name));
  return of(link, pass("link", joined("up")));
}

Finding check_offloads(const LinkFacts& link) {
  const ring::Offloads& offloads = link.details.offloads;
  const std::string& name = link.interface.name;
  std::string merged;
  std::string command;
  add_word(merged, "GRO", offloads.gro);
  add_word(merged, "GRO in hardware", offloads.gro_hardware);
  add_word(merged, "LRO", offloads.lro);
  if (offloads.gro.value_or(false)) command += " gro off";
  if (offloads.gro_hardware.value_or(false)) command += " rx-gro-hw off";
  if (offloads.lro.value_or(false)) command += " lro off";
  std::string sent;
  add_word(sent, "TSO", offloads.tso);
  add_word(sent, "GSO", offloads.gso);
  // On loopback and veth what one end sends unsegmented arrives so at the other.
  const bool passes_on = link.interface.is_loopback() || link.details.driver == "veth";
  if (offloads.tso.value_or(false) && passes_on) command += " tso off";
  if (offloads.gso.value_or(false) && passes_on) command += " gso off";
  const std::string vlan = offloads.rx_vlan.value_or(false)
                               ? "; VLAN tags come in the ring's header (rxvlan), as pktana has it"
                               : "";
  if (!offloads.gro && !offloads.tso && !offloads.lro)
    return of(link, pass("offloads", "the driver tells of none"));
  if (command.empty())
    return of(link, pass("offloads", (sent.empty() ? "none that merge packets"
                                                   : sent + " on: packets that this host sends "
                                                            "are seen before they are cut") +
                                         vlan));
  const std::string both = merged.empty() || sent.empty() ? merged + sent : merged + ", " + sent;
  const std::string& what = passes_on ? both : merged;
  return of(link, warn("offloads",
                       what +
                           " on: several packets are seen as one of up to 64 KiB; packet "
                           "counts and lengths are not the wire's" +
                           vlan,
                       "sudo ethtool -K " + name + command));
}

Finding check_rx_ring(const LinkFacts& link, const SystemFiles& files) {
  const std::string& name = link.interface.name;
  const std::string counters = "/sys/class/net/" + name + "/statistics/";
  const int64_t missed = files.read_number(counters + "rx_missed_errors").value_or(0) +
                         files.read_number(counters + "rx_fifo_errors").value_or(0);
  const auto& ring = link.details.rx_ring;
  const std::string lost =
      missed == 0 ? "" : "; the card has lost " + std::to_string(missed) + " packets";
  if (!ring || ring->max_packets == 0)
    return of(link, pass("rx_ring", "the driver tells of no limit" + lost));
  const std::string text =
      std::to_string(ring->packets) + " of at most " + std::to_string(ring->max_packets) + lost;
  if (ring->packets >= ring->max_packets / 2 && missed == 0) return of(link, pass("rx_ring", text));
  if (ring->packets >= ring->max_packets)
    return of(link, warn("rx_ring", text + " although its ring is as large as can be",
                         "ethtool -S " + name));
  return of(link, warn("rx_ring", text + ": a burst overruns the card before the kernel comes",
                       "sudo ethtool -G " + name + " rx " + std::to_string(ring->max_packets)));
}

Finding check_rx_queues(const LinkFacts& link, unsigned cpus) {
  const auto& queues = link.details.rx_queues;
  if (!queues || queues->max_count == 0)
    return of(link, pass("rx_queues", "one, without a choice"));
  const std::string text =
      std::to_string(queues->count) + " of at most " + std::to_string(queues->max_count);
  const unsigned useful = std::min<unsigned>(queues->max_count, cpus);
  if (queues->count >= useful) return of(link, pass("rx_queues", text));
  return of(link,
            warn("rx_queues",
                 text + ", for " + std::to_string(cpus) + " CPUs: few CPUs take all packets in",
                 "sudo ethtool -L " + link.interface.name + " combined " + std::to_string(useful)));
}

Finding check_irq_spread(const LinkFacts& link, unsigned cpus, const SystemFiles& files) {
  const std::vector<Interrupt> interrupts = busy_interrupts(link, files);
  if (interrupts.empty()) return of(link, pass("irq_spread", "no interrupts of its own have come"));
  std::set<size_t> used;
  for (const Interrupt& interrupt : interrupts)
    for (size_t cpu = 0; cpu < interrupt.per_cpu.size(); ++cpu)
      if (interrupt.per_cpu[cpu] > 0) used.insert(cpu);
  const std::string text = std::to_string(interrupts.size()) + " interrupt(s) on " +
                           std::to_string(used.size()) + " CPU(s)";
  if (cpus <= 1 || interrupts.size() <= 1 || used.size() > 1)
    return of(link, pass("irq_spread", text));
  // The second interrupt goes to a CPU that has none.
  const size_t free_cpu = *used.begin() == 0 ? 1 : 0;
  const std::string number = std::to_string(interrupts[1].number);
  return of(link, warn("irq_spread", text + ": one CPU takes all packets in",
                       "echo " + std::to_string(free_cpu) + " | sudo tee /proc/irq/" + number +
                           "/smp_affinity_list"));
}

}  // namespace pktana::cli
