// SPDX-License-Identifier: Apache-2.0
#include "ring/capture_group.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include <linux/if_arp.h>
#include <linux/if_packet.h>

#include "base/keyed_hash.h"
#include "ring/address_spread.h"
#include "ring/interfaces.h"

namespace pktana::ring {
namespace {

/// Linux 6.2; not yet in Debian 12's headers.
constexpr uint32_t kFanoutIgnoreOutgoing = 0x4000;
constexpr uint32_t kWholePacket = 262144;
constexpr auto kPacketType = static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_PKTTYPE);
constexpr auto kHardwareType = static_cast<uint32_t>(SKF_AD_OFF + SKF_AD_HATYPE);

/// One interface on its way into the group.
struct Plan {
  const CaptureInterface& wanted;
  unsigned index = 0;  ///< 0 = all
  bool loopback = false;
  bool ignore_outgoing = false;

  [[nodiscard]] Outgoing outgoing() const noexcept {
    if (ignore_outgoing) return Outgoing::Drop;
    return index == 0 ? Outgoing::DropOnLoopback : Outgoing::Keep;
  }
};

base::Result<Plan> make_plan(const CaptureInterface& wanted, const GroupOptions& options) {
  Plan plan{.wanted = wanted, .ignore_outgoing = options.ignore_outgoing};
  if (wanted.name == kAnyInterface) return plan;
  const auto interface = find_interface(wanted.name);
  if (!interface) return base::Unexpected(interface.error());
  plan.index = interface->index;
  plan.loopback = interface->is_loopback();
  plan.ignore_outgoing |= plan.loopback;
  return plan;
}

base::Result<PacketRing> open_ring(const PacketRing::Options& options,
                                   std::vector<PacketSocket>* spares) {
  if (spares == nullptr || spares->empty()) return PacketRing::open(options);
  PacketSocket socket = std::move(spares->back());
  spares->pop_back();
  socket.rename(options.name);
  return PacketRing::open(options, std::move(socket));
}

base::Result<std::vector<PacketRing>> open_rings(const Plan& plan, const GroupOptions& options,
                                                 std::vector<PacketSocket>* spares) {
  std::vector<PacketRing> rings;
  for (unsigned worker = 0; worker < options.workers; ++worker) {
    auto ring = open_ring({.name = plan.wanted.name,
                           .interface_index = plan.index,
                           .source_id = plan.wanted.source_id,
                           .geometry = options.geometry,
                           .ignore_outgoing = plan.ignore_outgoing},
                          spares);
    if (!ring) return base::Unexpected(std::move(ring.error()));
    rings.push_back(std::move(*ring));
  }
  return rings;
}

// PERF NOTE: a member that is alone gets every packet whatever the mode, and that of the CPU is the
// one that computes nothing. By hash the kernel dissects each packet, in the time of who sends it.
uint32_t fanout_mode(Spread spread, size_t members) noexcept {
  if (spread == Spread::AddressPair) return PACKET_FANOUT_CBPF;
  return PACKET_FANOUT_FLAG_DEFRAG | (members == 1 ? PACKET_FANOUT_CPU : PACKET_FANOUT_HASH);
}

/// What decides is the same on each interface and members are numbered as they join, so ring i of
/// each interface gets the same flows. A ring that is alone joins too when fragments are to be put
/// together: only groups do that.
base::Result<void> join_group(std::vector<PacketRing>& rings, const Plan& plan, Spread spread,
                              std::span<const sock_filter> spread_program) {
  if (rings.size() == 1 && spread != Spread::Flow) return {};
  const uint32_t mode = fanout_mode(spread, rings.size());
  const uint32_t sparing = plan.ignore_outgoing ? kFanoutIgnoreOutgoing : 0;
  auto argument = rings[0].socket().new_fanout_group(mode | sparing);
  // An older kernel hands us what is sent, and the filter drops it.
  if (!argument && sparing != 0) argument = rings[0].socket().new_fanout_group(mode);
  if (!argument) return base::Unexpected(std::move(argument.error()));
  if (spread == Spread::AddressPair)
    if (auto set = rings[0].socket().set_fanout_program(spread_program); !set) return set;
  for (size_t i = 1; i < rings.size(); ++i)
    if (auto joined = rings[i].socket().join_fanout(*argument); !joined) return joined;
  return {};
}

base::Result<void> start_rings(std::vector<PacketRing>& rings, const Plan& plan) {
  static const std::vector<sock_filter> kEverything{BPF_STMT(BPF_RET | BPF_K, kWholePacket)};
  const auto& wanted = plan.wanted.program.empty() ? kEverything : plan.wanted.program;
  const auto program = with_direction(wanted, plan.outgoing());
  for (PacketRing& ring : rings)
    if (auto started = ring.start(program); !started) return started;
  return {};
}

struct Prepared {
  Plan plan;
  std::vector<PacketRing> rings;
};

/// Rings that are bound and joined and drop everything. Nothing that came in between bind and join,
/// when each socket still saw all packets, gets past their filter.
base::Result<Prepared> prepare(const CaptureInterface& wanted, const GroupOptions& options,
                               std::span<const sock_filter> spread_program,
                               std::vector<PacketSocket>* spares) {
  const auto plan = make_plan(wanted, options);
  if (!plan) return base::Unexpected(plan.error());
  auto rings = open_rings(*plan, options, spares);
  if (!rings) return base::Unexpected(std::move(rings.error()));
  if (auto joined = join_group(*rings, *plan, options.spread, spread_program); !joined)
    return base::Unexpected(std::move(joined.error()));
  if (options.promiscuous && plan->index != 0 && !plan->loopback)
    if (auto set = (*rings)[0].socket().set_promiscuous(plan->index); !set)
      return base::Unexpected(std::move(set.error()));
  return Prepared{*plan, std::move(*rings)};
}

}  // namespace

std::vector<sock_filter> with_direction(std::span<const sock_filter> program, Outgoing outgoing) {
  std::vector<sock_filter> whole;
  if (outgoing == Outgoing::DropOnLoopback)
    whole = {BPF_STMT(BPF_LD | BPF_H | BPF_ABS, kHardwareType),
             BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARPHRD_LOOPBACK, 0, 3)};
  if (outgoing != Outgoing::Keep) {
    whole.push_back(BPF_STMT(BPF_LD | BPF_H | BPF_ABS, kPacketType));
    whole.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1));
    whole.push_back(BPF_STMT(BPF_RET | BPF_K, 0));
  }
  whole.insert(whole.end(), program.begin(), program.end());
  return whole;
}

base::Result<std::vector<PacketRing>> open_interface(const CaptureInterface& wanted,
                                                     const GroupOptions& options,
                                                     std::vector<PacketSocket>* spares) {
  assert(options.spread == Spread::Flow || options.workers == 1);
  auto prepared = prepare(wanted, options, {}, spares);
  if (!prepared) return base::Unexpected(std::move(prepared.error()));
  if (auto started = start_rings(prepared->rings, prepared->plan); !started)
    return base::Unexpected(std::move(started.error()));
  return std::move(prepared->rings);
}

base::Result<CaptureGroup> CaptureGroup::open(const GroupOptions& options) {
  assert(options.workers > 0 && !options.interfaces.empty());
  const auto secret = base::HashSecret::random();
  if (!secret) return base::Unexpected(secret.error());
  const auto spread_program = address_pair_program(secret->word[0]);
  std::vector<Prepared> prepared;
  for (const CaptureInterface& wanted : options.interfaces) {
    auto one = prepare(wanted, options, spread_program, nullptr);
    if (!one) return base::Unexpected(std::move(one.error()));
    prepared.push_back(std::move(*one));
  }
  // Only now, so that all interfaces begin together.
  for (Prepared& one : prepared)
    if (auto started = start_rings(one.rings, one.plan); !started)
      return base::Unexpected(std::move(started.error()));

  CaptureGroup group;
  group.rings_.resize(options.workers);
  for (Prepared& one : prepared) {
    group.link_types_.push_back(one.rings[0].link_type());
    for (unsigned worker = 0; worker < options.workers; ++worker)
      group.rings_[worker].push_back(std::move(one.rings[worker]));
  }
  return group;
}

std::unique_ptr<RingSource> CaptureGroup::take_source(unsigned worker) {
  assert(!rings_[worker].empty());
  return std::make_unique<RingSource>(std::exchange(rings_[worker], {}));
}

}  // namespace pktana::ring
