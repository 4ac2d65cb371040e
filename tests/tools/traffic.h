// SPDX-License-Identifier: Apache-2.0
// Deterministic traffic for live tests and benches: packet number n of a run is always the same
// frame. Knows nothing of sockets (frame_sender.h sends).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pktana::tests {

enum class Direction : uint8_t { Forward, Reply };

struct TrafficOptions {
  uint64_t flows = 1;
  uint64_t packets = 1;       ///< of the whole run, before `only`; with tcp_life at least 7 a flow
  uint32_t frame_bytes = 64;  ///< Ethernet frame without FCS and without VLAN tags
  uint8_t protocol = 17;      ///< 17 UDP, 6 TCP
  uint16_t port = 9;          ///< the responder's
  bool both_directions = false;  ///< odd packets of a flow are replies (implied by tcp_life)
  std::optional<Direction>
      only{};  ///< leave the other direction out (one half of an asymmetric pair of links)
  std::vector<uint16_t> vlans{};  ///< ids, outermost first, TPID 0x8100
  bool tcp_life = false;    ///< SYN, SYN-ACK, ACK, data both ways, FIN both ways; every flow ends
  uint64_t concurrent = 0;  ///< flows that are interleaved at a time, 0 = all
};

/// Flow f: 198.18.x.y:(20000 + f / 65536) to 198.19.z.w:port, x.y and z.w from the low 16 bits of
/// f.
struct FlowTuple {
  uint32_t src = 0, dst = 0;  ///< host order
  uint16_t src_port = 0, dst_port = 0;
};
[[nodiscard]] FlowTuple flow_tuple(const TrafficOptions& options, uint64_t flow) noexcept;

/// Which packet of which flow packet number n is.
struct PacketPlace {
  uint64_t flow = 0;
  uint64_t step = 0;
  Direction direction = Direction::Forward;
};

inline constexpr uint32_t kMaxFrameBytes = 9000;

struct Frame {
  std::array<uint8_t, kMaxFrameBytes + 64> bytes{};
  uint32_t len = 0;
};

class Traffic {
 public:
  explicit Traffic(TrafficOptions options);

  [[nodiscard]] const TrafficOptions& options() const noexcept { return options_; }
  /// Packet numbers run from 0 to this. Those that `only` leaves out count too.
  [[nodiscard]] uint64_t numbers() const noexcept {
    return flow_steps_ * options_.flows + remainder_;
  }
  [[nodiscard]] PacketPlace place(uint64_t number) const noexcept;
  [[nodiscard]] bool wanted(const PacketPlace& place) const noexcept {
    return !options_.only || *options_.only == place.direction;
  }
  /// The frame; its checksums are right, its payload is zeros.
  void build(const PacketPlace& place, Frame& frame) const noexcept;

 private:
  [[nodiscard]] Direction direction(uint64_t step) const noexcept;
  [[nodiscard]] uint32_t payload_len(uint64_t step) const noexcept;
  void put_tcp(uint8_t* header, const PacketPlace& place) const noexcept;

  TrafficOptions options_;
  uint64_t flow_steps_;  ///< packets a flow has at least
  uint64_t remainder_;   ///< flows that have one more (never with tcp_life)
};

/// "198.18.0.1"
[[nodiscard]] std::string ipv4_text(uint32_t address);

}  // namespace pktana::tests
