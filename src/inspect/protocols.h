// SPDX-License-Identifier: Apache-2.0
// The functions that read one header each. All have the same contract: the header begins at
// walk.at(); the layer is added with its fields and findings, the walk goes on behind it, and what
// is returned says how to read the bytes that follow. `number` is what the header before called
// it, where that matters. One group of protocols a file.
#pragma once

#include "inspect/layer.h"

namespace pktana::inspect {

// By a number of the header before; these add no layer themselves.
[[nodiscard]] Next dissect_link(Walk& walk, uint32_t link_type);        ///< link.cpp
[[nodiscard]] Next dissect_ethertype(Walk& walk, uint32_t type);        ///< ethertype.cpp
[[nodiscard]] Next dissect_ip_protocol(Walk& walk, uint32_t protocol);  ///< ip_protocol.cpp
[[nodiscard]] Next dissect_udp_payload(Walk& walk, uint32_t ports);  ///< udp.cpp: src << 16 | dst
[[nodiscard]] Next dissect_ip(Walk& walk, uint32_t);  ///< version 4 or 6, as the first nibble says

// ethernet.cpp
[[nodiscard]] Next dissect_ethernet(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_vlan(Walk& walk, uint32_t);

// link.cpp
[[nodiscard]] Next dissect_linux_sll(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_linux_sll2(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_null_loop(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_cisco_hdlc(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_frame_relay(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_fddi(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_nflog(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_pktap(Walk& walk, uint32_t);

// wireless.cpp
[[nodiscard]] Next dissect_radiotap(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_ieee80211(Walk& walk, uint32_t padded);

// llc.cpp
[[nodiscard]] Next dissect_llc(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_snap(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_stp(Walk& walk, uint32_t);

// arp.cpp, lldp.cpp, eapol.cpp
[[nodiscard]] Next dissect_arp(Walk& walk, uint32_t ethertype);
[[nodiscard]] Next dissect_lldp(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_eapol(Walk& walk, uint32_t);

// ppp.cpp
[[nodiscard]] Next dissect_pppoe(Walk& walk, uint32_t ethertype);
[[nodiscard]] Next dissect_ppp(Walk& walk, uint32_t);

// label.cpp: tags and labels below IP
[[nodiscard]] Next dissect_mpls(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_nsh(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_vntag(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_etag(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_pbb(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_macsec(Walk& walk, uint32_t);
/// What a next protocol number of NSH and VXLAN-GPE names.
[[nodiscard]] Next next_protocol(uint32_t number);

// ipv4.cpp, ipv6.cpp, ipv6_extension.cpp
[[nodiscard]] Next dissect_ipv4(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_ipv6(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_hop_by_hop(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_destination_options(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_routing(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_fragment(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_other_extension(Walk& walk, uint32_t protocol);

// One transport or tunnel each.
[[nodiscard]] Next dissect_tcp(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_udp(Walk& walk, uint32_t protocol);  ///< UDP-Lite too
[[nodiscard]] Next dissect_icmp(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_icmpv6(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_igmp(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_sctp(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_ah(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_esp(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_gre(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_erspan(Walk& walk, uint32_t gre_type);
[[nodiscard]] Next dissect_vxlan(Walk& walk, uint32_t with_next_protocol);
[[nodiscard]] Next dissect_geneve(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_gtpu(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_teredo(Walk& walk, uint32_t);
[[nodiscard]] Next dissect_l2tp(Walk& walk, uint32_t);

}  // namespace pktana::inspect
