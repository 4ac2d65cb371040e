// SPDX-License-Identifier: Apache-2.0
// Kinds of encapsulation that decode() looks into, and the UDP ports by which some of them are
// known.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pktana::parse {

/// OuterLayer::type. What OuterLayer::id holds stands beside.
enum class TunnelType : uint8_t {
  IpIp,      ///< IPv4 or IPv6 in IPv4 or IPv6 (RFC 2003, 2473, 4213); no id
  Gre,       ///< RFC 2784, 2890: key, 0 if there is none
  Nvgre,     ///< RFC 7637: virtual subnet id
  Pptp,      ///< RFC 2637: call id
  Erspan,    ///< types I, II and III: session id, 0 in type I
  Vxlan,     ///< RFC 7348: network identifier
  VxlanGpe,  ///< VXLAN with the generic protocol extension: network identifier
  Geneve,    ///< RFC 8926: network identifier
  Gtpu,      ///< 3GPP TS 29.281: tunnel endpoint id
  Teredo,    ///< RFC 4380; no id
  L2tp,   ///< RFC 2661, 3931 over UDP: version 2 tunnel id << 16 | session id, version 3 session id
  Mpls,   ///< RFC 3032: the label at the bottom of the stack
  VnTag,  ///< Cisco VN-Tag: destination virtual interface
  ETag,   ///< 802.1BR: E-channel id
  Pbb,    ///< 802.1ah: service instance id
  Nsh,    ///< RFC 8300: service path id
  Macsec,      ///< 802.1AE, integrity only; no id
  Pppoe,       ///< RFC 2516: session id
  FabricPath,  ///< Cisco FabricPath: forwarding tag
  Ayiya,       ///< draft-massar-v6ops-ayiya; no id
};
inline constexpr unsigned kTunnelTypeCount = 20;
/// "ipip", "gre", ... lower case.
[[nodiscard]] std::string_view to_string(TunnelType type) noexcept;

/// UDP ports on which a tunnel is looked for; either port of a packet may match. Begins with the
/// ports registered or in common use. Kept by the caller of decode().
class TunnelPorts {
 public:
  static constexpr unsigned kMaxPorts = 32;

  /// VXLAN 4789 and 8472 (Linux' default), VXLAN-GPE 4790, Geneve 6081, GTP-U 2152, Teredo 3544,
  /// L2TP 1701, AYIYA 5072.
  constexpr TunnelPorts() noexcept {
    add(TunnelType::Vxlan, 4789);
    add(TunnelType::Vxlan, 8472);
    add(TunnelType::VxlanGpe, 4790);
    add(TunnelType::Geneve, 6081);
    add(TunnelType::Gtpu, 2152);
    add(TunnelType::Teredo, 3544);
    add(TunnelType::L2tp, 1701);
    add(TunnelType::Ayiya, 5072);
  }

  /// @param type one that runs over UDP: Vxlan, VxlanGpe, Geneve, Gtpu, Teredo, L2tp, Ayiya. A port
  /// that
  ///        is already there changes its type.
  /// @return false if the table is full.
  constexpr bool add(TunnelType type, uint16_t port) noexcept {
    for (unsigned i = 0; i < count_; ++i) {
      if (entries_[i].port != port) continue;
      entries_[i].type = type;
      return true;
    }
    if (count_ == kMaxPorts) return false;
    entries_[count_++] = {.port = port, .type = type};
    filter_[slot(port) / 64] |= uint64_t{1} << slot(port) % 64;
    return true;
  }
  /// No port means this tunnel any more.
  constexpr void remove(TunnelType type) noexcept {
    const TunnelPorts before = *this;
    clear();
    for (unsigned i = 0; i < before.count_; ++i)
      if (before.entries_[i].type != type) add(before.entries_[i].type, before.entries_[i].port);
  }
  /// No tunnel over UDP is looked for.
  constexpr void clear() noexcept {
    count_ = 0;
    filter_ = {};
  }

  /// What a packet between these ports may carry; the destination port goes first.
  [[nodiscard]] std::optional<TunnelType> find(uint16_t src_port,
                                               uint16_t dst_port) const noexcept {
    // PERF NOTE: 512 hashed bits keep the table out of the way of nearly all UDP packets: 13 ns one
    // that passes the filter, 18 ns one that does not (bench/parse).
    if (!may_hold(src_port) && !may_hold(dst_port)) return std::nullopt;
    return look_up(src_port, dst_port);
  }

 private:
  struct Entry {
    uint16_t port = 0;
    TunnelType type = TunnelType::Vxlan;
  };
  [[nodiscard]] static constexpr unsigned slot(uint16_t port) noexcept {
    return (port * 0x85EBCA6BU) >> 23;
  }
  [[nodiscard]] constexpr bool may_hold(uint16_t port) const noexcept {
    return (filter_[slot(port) / 64] >> slot(port) % 64 & 1) != 0;
  }
  [[nodiscard]] std::optional<TunnelType> look_up(uint16_t src_port,
                                                  uint16_t dst_port) const noexcept;

  std::array<uint64_t, 8> filter_{};
  unsigned count_ = 0;
  std::array<Entry, kMaxPorts> entries_{};
};

}  // namespace pktana::parse
