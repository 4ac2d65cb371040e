// SPDX-License-Identifier: Apache-2.0
// A live capture: on each interface one ring per worker, the packets dealt out to the
// rings in the kernel. Worker i owns ring i of every interface, so the two directions of a flow
// meet there even when they come in on two interfaces.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <linux/filter.h>

#include "base/result.h"
#include "ring/packet_ring.h"
#include "ring/ring_source.h"

namespace pktana::ring {

struct CaptureInterface {
  std::string name;  ///< or "any": all interfaces
  uint16_t source_id = 0;
  /// What runs in the kernel; its return value is the number of bytes kept of a packet. At most
  /// 4096 - 8 instructions. Empty = everything, whole packets.
  std::vector<sock_filter> program{};
};

/// How packets are dealt out to the workers, and so which of them are sure to meet on one.
enum class Spread : uint8_t {
  /// By the two addresses of the outermost IP header. All packets between two hosts meet: both
  /// directions, fragments of
  /// IPv4 and IPv6, and what is inside tunnels whose ports change with the direction (VXLAN,
  /// Geneve). Packets are as
  /// they were on the wire, so any number of workers sees what a capture file would hold. The
  /// traffic of one pair of
  /// hosts, and MPLS, keeps one worker busy only.
  AddressPair,
  /// By addresses and ports (PACKET_FANOUT_HASH), after the kernel has joined IPv4 fragments. One
  /// worker has them joined as well (PACKET_FANOUT_CPU, since nothing is to be told apart). A
  /// joined datagram is one packet; its wire length is the first fragment's link header + the whole
  /// datagram. Fragments
  /// that never become whole are not seen, nor counted by the ring. IPv6 fragments and flows inside
  /// VXLAN or Geneve come
  /// apart when there are several workers.
  Flow,
};

struct GroupOptions {
  std::vector<CaptureInterface> interfaces;
  unsigned workers = 1;
  RingGeometry geometry{};
  bool promiscuous = true;  ///< no effect on "any" and on loopback
  /// Packets that this machine sends are not captured. On loopback interfaces they never are: each
  /// is received too.
  bool ignore_outgoing = false;
  Spread spread = Spread::AddressPair;
};

/// Rings of one interface, one per worker, that take packets from the moment it returns. Only with
/// Spread::Flow, or for one worker.
/// @param spares sockets to be used, from the back; null or empty: opens them, which needs
///        CAP_NET_RAW. They are used up also when it fails.
[[nodiscard]] base::Result<std::vector<PacketRing>> open_interface(
    const CaptureInterface& wanted, const GroupOptions& options, std::vector<PacketSocket>* spares);

class CaptureGroup {
 public:
  /// Opens all rings of all interfaces; packets are taken from the moment it returns. All sockets
  /// are opened here: afterwards no capability is needed any more. Errors say what is missing and
  /// what to do.
  [[nodiscard]] static base::Result<CaptureGroup> open(const GroupOptions& options);

  /// The packets of worker i, each once.
  [[nodiscard]] std::unique_ptr<RingSource> take_source(unsigned worker);

  /// LINKTYPE_ of interface i of the options; with "any" it is each packet's own.
  [[nodiscard]] uint16_t link_type(size_t interface) const noexcept {
    return link_types_[interface];
  }

 private:
  CaptureGroup() = default;

  std::vector<std::vector<PacketRing>> rings_;  ///< by worker, then interface
  std::vector<uint16_t> link_types_;
};

/// `program` behind a test that drops packets which this machine sent: all of them, or those on
/// loopback interfaces, which come a second time as received.
enum class Outgoing : uint8_t { Keep, DropOnLoopback, Drop };
[[nodiscard]] std::vector<sock_filter> with_direction(std::span<const sock_filter> program,
                                                      Outgoing outgoing);

}  // namespace pktana::ring
