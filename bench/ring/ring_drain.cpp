// SPDX-License-Identifier: Apache-2.0
// ring_drain: user time per packet of RingSource on a full ring, beside that of a null walker
// (headers and one cache line of each packet touched, nothing else): the limit. Fills the ring with
// the reader stopped, then times the drain, in turns; makes its own network namespace, so it needs
// root. usage: ring_drain [ROUNDS [FRAME_BYTES]]
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include <sched.h>

#include "base/clock.h"
#include "ring/capture_group.h"
#include "ring/interfaces.h"
#include "ring/packet_socket.h"
#include "tools/frame_sender.h"

namespace {

using namespace pktana;

/// Blocks go over full, not by their timer, however slowly the sender gets on.
constexpr ring::RingGeometry kGeometry{.retire_ms = 2000};

struct Result {
  uint64_t packets = 0;
  uint64_t touched = 0;
  int64_t cpu_ns = 0;
};

int64_t thread_cpu_ns() {
  timespec used{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return used.tv_sec * base::kNsPerSecond + used.tv_nsec;
}

[[noreturn]] void give_up(const base::Error& error) {
  std::fprintf(stderr, "ring_drain: %s\n", base::to_string(error).c_str());
  std::exit(1);
}

template <typename T>
T must(base::Result<T> result) {
  if (!result) give_up(result.error());
  return std::move(*result);
}

uint64_t fill_ring(const tests::TrafficOptions& traffic) {
  auto sender = must(tests::FrameSender::open("s0"));
  const auto sent = must(sender.send(tests::Traffic(traffic), {}));
  const timespec pause{2, 200'000'000};  // the last block closes by its timer
  ::nanosleep(&pause, nullptr);
  return sent.packets;
}

/// The loop of a reader that does nothing.
Result drain_null(const tests::TrafficOptions& traffic, unsigned interface_index) {
  auto socket = must(ring::PacketSocket::open("r0"));
  auto memory = must(socket.map_ring(kGeometry));
  (void)must(socket.bind(interface_index));
  const sock_filter everything[] = {BPF_STMT(BPF_RET | BPF_K, 262144)};
  if (auto set = socket.set_filter(everything); !set) give_up(set.error());
  fill_ring(traffic);
  Result result;
  const int64_t before = thread_cpu_ns();
  for (unsigned block = 0;; block = (block + 1) % kGeometry.block_count) {
    auto* bytes = static_cast<uint8_t*>(memory.data()) + block * kGeometry.block_bytes;
    auto& head = reinterpret_cast<tpacket_block_desc*>(bytes)->hdr.bh1;
    const std::atomic_ref<uint32_t> status(head.block_status);
    if ((status.load(std::memory_order_acquire) & TP_STATUS_USER) == 0) break;
    const uint8_t* at = bytes + head.offset_to_first_pkt;
    for (uint32_t i = 0; i < head.num_pkts; ++i) {
      const auto& packet = *reinterpret_cast<const tpacket3_hdr*>(at);
      result.touched += packet.tp_len + at[packet.tp_mac + 30];
      at += packet.tp_next_offset;
    }
    result.packets += head.num_pkts;
    status.store(TP_STATUS_KERNEL, std::memory_order_release);
  }
  result.cpu_ns = thread_cpu_ns() - before;
  return result;
}

Result drain_source(const tests::TrafficOptions& traffic) {
  auto group =
      must(ring::CaptureGroup::open({.interfaces = {{.name = "r0"}}, .geometry = kGeometry}));
  const auto source = group.take_source(0);
  const uint64_t sent = fill_ring(traffic);
  Result result;
  const int64_t before = thread_cpu_ns();
  while (result.packets < sent) {
    const auto batch = source->next_batch();
    if (batch->packets.empty()) break;
    for (const ring::PacketRef& packet : batch->packets)
      result.touched += packet.wire_len + packet.data[30];
    result.packets += batch->packets.size();
  }
  result.cpu_ns = thread_cpu_ns() - before;
  return result;
}

double ns_per_packet(const Result& result) {
  return static_cast<double>(result.cpu_ns) /
         static_cast<double>(std::max<uint64_t>(1, result.packets));
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
  const uint32_t frame_bytes = argc > 2 ? static_cast<uint32_t>(std::atoi(argv[2])) : 60;
  if (::unshare(CLONE_NEWNET) != 0) give_up(base::errno_error(errno, "unshare", "needs root"));
  constexpr char kSetUp[] =
      "sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1"
      " && ip link add s0 type veth peer name r0 && ip link set s0 up && ip link set r0 up";
  if (std::system(kSetUp) != 0) return 1;
  const auto interface = must(ring::find_interface("r0"));
  const uint64_t per_block = ((1U << 20) - 48) / ((82 + frame_bytes + 7) / 8 * 8);
  const tests::TrafficOptions traffic{
      .flows = 1000, .packets = per_block * 60, .frame_bytes = frame_bytes};
  double best_null = 1e9, best_source = 1e9;
  for (int round = 0; round < rounds; ++round) {
    const Result null = drain_null(traffic, interface.index);
    const Result source = drain_source(traffic);
    if (null.packets != source.packets || null.touched != source.touched) {
      std::fprintf(stderr, "ring_drain: the two saw different packets: %lu, %lu\n", null.packets,
                   source.packets);
      return 1;
    }
    std::printf("round %d: %lu packets, null %.1f ns, RingSource %.1f ns\n", round, null.packets,
                ns_per_packet(null), ns_per_packet(source));
    best_null = std::min(best_null, ns_per_packet(null));
    best_source = std::min(best_source, ns_per_packet(source));
  }
  std::printf("best: null %.1f ns/packet, RingSource %.1f ns/packet, ratio %.2f\n", best_null,
              best_source, best_source / best_null);
  return 0;
}
