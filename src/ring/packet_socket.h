// SPDX-License-Identifier: Apache-2.0
// One AF_PACKET socket and its options (packet(7)); what a ring is built on. Takes no packet until
// it is given a filter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <linux/filter.h>
#include <linux/if_packet.h>

#include "base/fd.h"
#include "base/mapping.h"
#include "base/result.h"

namespace pktana::ring {

struct RingGeometry {
  size_t block_bytes =
      size_t{1} << 20;  ///< power of two, at least 128 KiB: a reassembled datagram must fit
  unsigned block_count = 64;
  unsigned retire_ms = 20;  ///< a block that is not full is handed over after this time
};

/// The kernel's 32-bit counters, cleared by reading.
struct SocketCounters {
  uint32_t packets = 0;  ///< drops included
  uint32_t drops = 0;
  uint32_t freezes = 0;
};

class PacketSocket {
 public:
  /// A socket for TPACKET_V3 that is bound to nothing and whose filter drops everything. The one
  /// call that needs CAP_NET_RAW.
  /// @param name  of the interface, for error messages.
  [[nodiscard]] static base::Result<PacketSocket> open(std::string name);

  /// A socket that another process has set up, its ring included.
  [[nodiscard]] static PacketSocket adopt(base::Fd fd, std::string name) noexcept {
    return {std::move(fd), std::move(name)};
  }
  void rename(std::string name) noexcept { name_ = std::move(name); }

  /// Sets the ring up and maps it.
  [[nodiscard]] base::Result<base::Mapping> map_ring(const RingGeometry& geometry);

  /// Maps a ring that is set up already.
  [[nodiscard]] base::Result<base::Mapping> map_again(const RingGeometry& geometry);

  /// Starts to receive from the interface; index 0 = all. @return its hardware type (ARPHRD_).
  [[nodiscard]] base::Result<uint16_t> bind(unsigned interface_index);

  /// Of the interface that it is bound to (ARPHRD_).
  [[nodiscard]] base::Result<uint16_t> hardware_type();

  [[nodiscard]] base::Result<void> set_promiscuous(unsigned interface_index);

  /// Locally sent packets are not looked at (kernels from 4.20; older ones: no effect).
  void ignore_outgoing() noexcept;

  /// Joins a fanout group by its PACKET_FANOUT argument; `new_fanout_group()` makes one.
  [[nodiscard]] base::Result<void> join_fanout(uint32_t argument);
  /// Makes a group with an id that no other socket of this network namespace uses and joins it.
  /// @return the argument for the further members.
  [[nodiscard]] base::Result<uint32_t> new_fanout_group(uint32_t mode_and_flags);

  /// Sets the program by whose result a PACKET_FANOUT_CBPF group chooses the member. Any member
  /// may.
  [[nodiscard]] base::Result<void> set_fanout_program(std::span<const sock_filter> program);

  /// Replaces the filter, between one packet and the next.
  [[nodiscard]] base::Result<void> set_filter(std::span<const sock_filter> program);
  [[nodiscard]] base::Result<void> drop_all() noexcept;

  [[nodiscard]] SocketCounters take_counters() noexcept;
  /// The pending error (ENETDOWN: the interface went down), which is thereby cleared. 0 = none.
  int take_error() noexcept;

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

 private:
  PacketSocket(base::Fd fd, std::string name) noexcept
      : fd_(std::move(fd)), name_(std::move(name)) {}

  base::Fd fd_;
  std::string name_;
};

}  // namespace pktana::ring
