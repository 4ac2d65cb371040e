// SPDX-License-Identifier: Apache-2.0
#include "ring/packet_socket.h"

#include <cerrno>
#include <utility>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <sys/socket.h>

namespace pktana::ring {
namespace {

constexpr size_t kFrameBytes = 2048;  // no limit in V3, but must divide the block
constexpr unsigned kFanoutIdBits = 16;

template <typename T>
int set_option(int fd, int level, int option, const T& value) noexcept {
  return ::setsockopt(fd, level, option, &value, sizeof value);
}

sock_fprog as_argument(std::span<const sock_filter> program) noexcept {
  // The kernel only reads the program, though its struct has no const.
  return {static_cast<unsigned short>(program.size()), const_cast<sock_filter*>(program.data())};
}

std::string open_hint(int errno_value) {
  if (errno_value == EPERM || errno_value == EACCES)
    return "capturing needs CAP_NET_RAW: run as root, or give the program the right once with "
           "`setcap cap_net_raw+ep FILE`";
  if (errno_value == EAFNOSUPPORT) return "this kernel has no packet sockets (CONFIG_PACKET)";
  return "packet socket";
}

std::string ring_hint(int errno_value, const std::string& name, const RingGeometry& geometry) {
  const size_t mib = (geometry.block_bytes * geometry.block_count) >> 20;
  std::string text = name + ": ring of " + std::to_string(mib) + " MiB";
  if (errno_value == ENOMEM) text += " (no memory for it: a smaller ring will do)";
  return text;
}

}  // namespace

base::Result<PacketSocket> PacketSocket::open(std::string name) {
  // Protocol 0: nothing is received before bind().
  base::Fd fd(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!fd) {
    const int error = errno;
    return base::fail(error, "socket", open_hint(error));
  }
  const int version = TPACKET_V3;
  if (set_option(fd.get(), SOL_PACKET, PACKET_VERSION, version) != 0)
    return base::fail(errno, "PACKET_VERSION", "TPACKET_V3 needs Linux 3.2 or later");
  PacketSocket opened(std::move(fd), std::move(name));
  if (auto dropped = opened.drop_all(); !dropped) return base::Unexpected(dropped.error());
  return opened;
}

base::Result<base::Mapping> PacketSocket::map_ring(const RingGeometry& geometry) {
  tpacket_req3 request{};
  request.tp_block_size = static_cast<unsigned>(geometry.block_bytes);
  request.tp_block_nr = geometry.block_count;
  request.tp_frame_size = kFrameBytes;
  request.tp_frame_nr =
      static_cast<unsigned>(geometry.block_bytes / kFrameBytes) * geometry.block_count;
  request.tp_retire_blk_tov = geometry.retire_ms;
  if (set_option(fd_.get(), SOL_PACKET, PACKET_RX_RING, request) != 0) {
    const int error = errno;
    return base::fail(error, "PACKET_RX_RING", ring_hint(error, name_, geometry));
  }
  return map_again(geometry);
}

base::Result<base::Mapping> PacketSocket::map_again(const RingGeometry& geometry) {
  return base::Mapping::shared(fd_.get(), geometry.block_bytes * geometry.block_count);
}

base::Result<uint16_t> PacketSocket::bind(unsigned interface_index) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(interface_index);
  if (::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return base::fail(errno, "bind", name_);
  return hardware_type();
}

base::Result<uint16_t> PacketSocket::hardware_type() {
  sockaddr_ll address{};
  socklen_t length = sizeof address;
  if (::getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &length) != 0)
    return base::fail(errno, "getsockname", name_);
  return address.sll_hatype;
}

base::Result<void> PacketSocket::set_promiscuous(unsigned interface_index) {
  packet_mreq request{};
  request.mr_ifindex = static_cast<int>(interface_index);
  request.mr_type = PACKET_MR_PROMISC;
  if (set_option(fd_.get(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, request) != 0)
    return base::fail(errno, "promiscuous mode", name_);
  return {};
}

void PacketSocket::ignore_outgoing() noexcept {
  const int on = 1;
  (void)set_option(fd_.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, on);
}

base::Result<void> PacketSocket::join_fanout(uint32_t argument) {
  if (set_option(fd_.get(), SOL_PACKET, PACKET_FANOUT, argument) == 0) return {};
  const int error = errno;
  // Kernels before 6.13 let only a socket whose interface is up join.
  std::string hint = error == EINVAL ? " (is it up? `ip link set " + name_ + " up`)" : "";
  return base::fail(error, "PACKET_FANOUT", name_ + std::move(hint));
}

base::Result<uint32_t> PacketSocket::new_fanout_group(uint32_t mode_and_flags) {
  if (auto joined = join_fanout((mode_and_flags | PACKET_FANOUT_FLAG_UNIQUEID) << kFanoutIdBits);
      !joined)
    return base::Unexpected(joined.error());
  uint32_t argument = 0;
  socklen_t length = sizeof argument;
  if (::getsockopt(fd_.get(), SOL_PACKET, PACKET_FANOUT, &argument, &length) != 0)
    return base::fail(errno, "PACKET_FANOUT", name_ + ": reading the group's number");
  const uint32_t id = argument & ((1U << kFanoutIdBits) - 1);
  return id | mode_and_flags << kFanoutIdBits;
}

base::Result<void> PacketSocket::set_fanout_program(std::span<const sock_filter> program) {
  const sock_fprog argument = as_argument(program);
  if (set_option(fd_.get(), SOL_PACKET, PACKET_FANOUT_DATA, argument) == 0) return {};
  return base::fail(errno, "PACKET_FANOUT_DATA", name_);
}

base::Result<void> PacketSocket::set_filter(std::span<const sock_filter> program) {
  const sock_fprog argument = as_argument(program);
  if (program.size() <= BPF_MAXINSNS &&
      set_option(fd_.get(), SOL_SOCKET, SO_ATTACH_FILTER, argument) == 0)
    return {};
  const int error = program.size() <= BPF_MAXINSNS ? errno : E2BIG;
  return base::fail(error, "SO_ATTACH_FILTER",
                    name_ + ": filter of " + std::to_string(program.size()) +
                        " instructions (see also sysctl net.core.optmem_max)");
}

base::Result<void> PacketSocket::drop_all() noexcept {
  static constexpr sock_filter kDrop[] = {BPF_STMT(BPF_RET | BPF_K, 0)};
  return set_filter(kDrop);
}

SocketCounters PacketSocket::take_counters() noexcept {
  tpacket_stats_v3 counters{};
  socklen_t length = sizeof counters;
  if (::getsockopt(fd_.get(), SOL_PACKET, PACKET_STATISTICS, &counters, &length) != 0) return {};
  return {counters.tp_packets, counters.tp_drops, counters.tp_freeze_q_cnt};
}

int PacketSocket::take_error() noexcept {
  int error = 0;
  socklen_t length = sizeof error;
  if (::getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error, &length) != 0) return 0;
  return error;
}

}  // namespace pktana::ring
