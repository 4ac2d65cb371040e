// SPDX-License-Identifier: Apache-2.0
// Steps of decode() from an IP packet into what it carries: IP in IP, GRE with NVGRE, PPTP and
// ERSPAN, and the tunnels over UDP.
#include "parse/ayiya.h"
#include "parse/decode_steps.h"
#include "parse/erspan.h"
#include "parse/ethertype.h"
#include "parse/geneve.h"
#include "parse/gre.h"
#include "parse/gtpu.h"
#include "parse/ip_protocol.h"
#include "parse/l2tp.h"
#include "parse/teredo.h"
#include "parse/vxlan.h"

namespace pktana::parse {
namespace {

struct TunnelLabel {
  TunnelType type;
  uint32_t id;
};

/// Leaves the IP packet that `out` holds: it becomes an outer layer, and the cursor goes to the
/// begin of its payload.
/// @return false if the nesting is too deep.
bool enter(Cursor& at, Enclosing& enclosing, Packet& out, TunnelLabel label) noexcept {
  if (out.outer_count == kMaxOuterLayers) {
    undecodable(out, ParseError::Unsupported, Layer::Tunnel);
    return false;
  }
  const auto header_len = static_cast<uint32_t>(at.data - out.network.data());
  enclosing = {.data = out.network.data(),
               .captured = static_cast<uint32_t>(out.network.size()),
               .sent = at.sent + header_len,
               .ethertype = out.ethertype,
               .ip_version = out.ip_version,
               .vlan_count = out.vlan_count,
               .outer_count = out.outer_count};
  out.outer[out.outer_count++] = {.type = label.type,
                                  .ip_version = out.ip_version,
                                  .id = label.id,
                                  .src = out.src,
                                  .dst = out.dst};
  at.data = out.payload.data();
  at.captured = static_cast<uint32_t>(out.payload.size());
  at.sent = out.payload_len;
  reset_ip(out);
  return true;
}

Step by_ethertype(Cursor& at, uint16_t type) noexcept {
  if (type == kEtherTypeTransparentEthernet) return Step::Ethernet;
  at.ethertype = type;
  return Step::EtherType;
}

/// ERSPAN type I has no header and no GRE sequence number, types II and III have both.
Step step_erspan(Cursor& at, Enclosing& enclosing, Packet& out, const GreView& gre) noexcept {
  const base::Bytes behind = out.payload.subspan(gre.header_len_bytes());
  if (gre.protocol() == kGreErspan && !gre.has_sequence()) {
    if (!enter(at, enclosing, out, {TunnelType::Erspan, 0})) return Step::Done;
    at.skip(gre.header_len_bytes());
    return Step::Ethernet;
  }
  const auto erspan = ErspanView::parse(behind);
  if (!erspan || !enter(at, enclosing, out, {TunnelType::Erspan, erspan->session()}))
    return Step::Done;
  at.skip(gre.header_len_bytes() + erspan->header_len_bytes());
  return erspan->carries_ip() ? Step::Ip : Step::Ethernet;
}

Step step_pptp(Cursor& at, Enclosing& enclosing, Packet& out, const GreView& gre) noexcept {
  // Without a sequence number there is no payload: a bare acknowledgement.
  if (gre.protocol() != kEtherTypePpp || !gre.has_sequence()) return Step::Done;
  if (!enter(at, enclosing, out, {TunnelType::Pptp, gre.call_id()})) return Step::Done;
  at.skip(gre.header_len_bytes());
  return Step::Ppp;
}

/// WCCP redirects IPv4 packets behind a header of 4 bytes (version 2) or none (version 1).
Step step_wccp(Cursor& at) noexcept {
  constexpr size_t kRedirectLen = 4;
  if (at.captured >= kRedirectLen && at.data[0] >> 4 != 4) at.skip(kRedirectLen);
  return Step::Ipv4;
}

Step step_vxlan(Cursor& at, Enclosing& enclosing, Packet& out, TunnelType type) noexcept {
  const auto vxlan = VxlanView::parse(out.payload);
  if (!vxlan || !enter(at, enclosing, out, {type, vxlan->vni()})) return Step::Done;
  at.skip(VxlanView::kHeaderLen);
  if (type == TunnelType::Vxlan) return Step::Ethernet;
  return by_next_protocol(at, out, vxlan->next_protocol());
}

Step step_geneve(Cursor& at, Enclosing& enclosing, Packet& out) noexcept {
  const auto geneve = GeneveView::parse(out.payload);
  if (!geneve || !enter(at, enclosing, out, {TunnelType::Geneve, geneve->vni()})) return Step::Done;
  at.skip(geneve->header_len_bytes());
  return by_ethertype(at, geneve->protocol());
}

Step step_gtpu(Cursor& at, Enclosing& enclosing, Packet& out) noexcept {
  const auto gtpu = GtpuView::parse(out.payload);
  if (!gtpu || !enter(at, enclosing, out, {TunnelType::Gtpu, gtpu->teid()})) return Step::Done;
  at.limit_length(gtpu->length_bytes() + static_cast<uint32_t>(GtpuView::kMinHeaderLen));
  at.skip(gtpu->header_len_bytes());
  return Step::Ip;
}

Step step_teredo(Cursor& at, Enclosing& enclosing, Packet& out) noexcept {
  const auto teredo = TeredoView::parse(out.payload);
  if (!teredo || !enter(at, enclosing, out, {TunnelType::Teredo, 0})) return Step::Done;
  at.skip(teredo->header_len_bytes());
  return Step::Ipv6;
}

Step step_ayiya(Cursor& at, Enclosing& enclosing, Packet& out) noexcept {
  const auto ayiya = AyiyaView::parse(out.payload);
  if (!ayiya || !enter(at, enclosing, out, {TunnelType::Ayiya, 0})) return Step::Done;
  at.skip(ayiya->header_len_bytes());
  return Step::Ip;
}

/// Where PPP begins behind a version 3 header: the cookie (RFC 3931 section 4.1) has 0, 4 or 8
/// bytes, the sublayer for sequence numbers 0 or 4, and no header says which. PPP's address and
/// control bytes are the mark.
std::optional<size_t> find_ppp(base::Bytes bytes) noexcept {
  for (const size_t offset : {0U, 4U, 8U, 12U})
    if (bytes.size() >= offset + 2 && bytes[offset] == 0xFF && bytes[offset + 1] == 0x03)
      return offset;
  return std::nullopt;
}

Step step_l2tp(Cursor& at, Enclosing& enclosing, Packet& out) noexcept {
  const auto l2tp = L2tpView::parse(out.payload);
  if (!l2tp) return Step::Done;
  size_t len = l2tp->header_len_bytes();
  if (l2tp->version() == 3) {
    const auto offset = find_ppp(out.payload.subspan(len));
    if (!offset) return Step::Done;
    len += *offset;
  }
  if (!enter(at, enclosing, out, {TunnelType::L2tp, l2tp->id()})) return Step::Done;
  at.skip(len);
  return Step::Ppp;
}

}  // namespace

Step step_ip_in_ip(Cursor& at, Enclosing& enclosing, Packet& out) noexcept {
  const Step inside = out.protocol == kIpProtoIpv4 ? Step::Ipv4 : Step::Ipv6;
  return enter(at, enclosing, out, {TunnelType::IpIp, 0}) ? inside : Step::Done;
}

Step step_gre(Cursor& at, Enclosing& enclosing, Packet& out) noexcept {
  const auto gre = GreView::parse(out.payload);
  if (!gre) return Step::Done;
  if (gre->version() == 1) return step_pptp(at, enclosing, out, *gre);
  if (gre->protocol() == kGreErspan || gre->protocol() == kGreErspan3)
    return step_erspan(at, enclosing, out, *gre);
  const bool nvgre = gre->has_key_only() && gre->protocol() == kEtherTypeTransparentEthernet;
  const uint32_t id = nvgre ? gre->key() >> 8 : gre->key();
  if (!enter(at, enclosing, out, {nvgre ? TunnelType::Nvgre : TunnelType::Gre, id}))
    return Step::Done;
  at.skip(gre->header_len_bytes());
  if (gre->protocol() == kEtherTypePpp) return Step::Ppp;
  if (gre->protocol() == kGreWccp) return step_wccp(at);
  return by_ethertype(at, gre->protocol());
}

Step step_udp_tunnel(Cursor& at, Enclosing& enclosing, Packet& out) noexcept {
  const auto type = at.ports->find(out.src_port, out.dst_port);
  if (!type) return Step::Done;
  switch (*type) {
    case TunnelType::Vxlan:
    case TunnelType::VxlanGpe:
      return step_vxlan(at, enclosing, out, *type);
    case TunnelType::Geneve:
      return step_geneve(at, enclosing, out);
    case TunnelType::Gtpu:
      return step_gtpu(at, enclosing, out);
    case TunnelType::Teredo:
      return step_teredo(at, enclosing, out);
    case TunnelType::L2tp:
      return step_l2tp(at, enclosing, out);
    case TunnelType::Ayiya:
      return step_ayiya(at, enclosing, out);
    default:
      return Step::Done;
  }
}

}  // namespace pktana::parse
