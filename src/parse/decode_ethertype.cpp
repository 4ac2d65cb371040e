// SPDX-License-Identifier: Apache-2.0
// Steps of decode() between the link header and IP: the EtherTypes other than IP and VLAN, LLC,
// SNAP, PPPoE, PPP.
#include "parse/arp.h"
#include "parse/decode_steps.h"
#include "parse/ethertype.h"
#include "parse/llc.h"
#include "parse/ppp.h"
#include "parse/pppoe.h"
#include "parse/snap.h"

namespace pktana::parse {
namespace {

Step step_arp(const Cursor& at, Packet& out) noexcept {
  const auto arp = ArpView::parse(at.bytes());
  if (!arp) return undecodable(out, arp.error(), Layer::Arp);
  if (at.ethertype == kEtherTypeArp && arp->operation() == kArpRequest)
    return non_ip(at, out, NonIp::ArpRequest);
  if (at.ethertype == kEtherTypeArp && arp->operation() == kArpReply)
    return non_ip(at, out, NonIp::ArpReply);
  return non_ip(at, out, NonIp::ArpOther);
}

Step step_8023(Cursor& at, Packet& out) noexcept {
  out.ethertype = 0;
  at.limit_length(at.ethertype);
  return Step::Llc;
}

}  // namespace

Step step_other_ethertype(Cursor& at, Packet& out) noexcept {
  if (at.ethertype <= kMax8023Length) return step_8023(at, out);
  switch (at.ethertype) {
    case kEtherTypeArp:
    case kEtherTypeRarp:
      return step_arp(at, out);
    case kEtherTypePppoeDiscovery:
    case kEtherTypePppoeSession:
      return Step::Pppoe;
    case kEtherTypeMpls:
    case kEtherTypeMplsMulticast:
      return Step::Mpls;
    case kEtherTypeNsh:
      return Step::Nsh;
    case kEtherTypeVnTag:
      return step_vntag(at, out);
    case kEtherTypeETag:
      return step_etag(at, out);
    case kEtherTypePbb:
      return step_pbb(at, out);
    case kEtherTypeFabricPath:
      return step_fabricpath(at, out);
    case kEtherTypeMacsec:
      return step_macsec(at, out);
    case kEtherTypeLldp:
      return non_ip(at, out, NonIp::Lldp);
    case kEtherTypeEapol:
      return non_ip(at, out, NonIp::Eapol);
    default:
      return non_ip(at, out, NonIp::Other);
  }
}

Step step_llc(Cursor& at, Packet& out) noexcept {
  const auto llc = LlcView::parse(at.bytes());
  if (!llc) return undecodable(out, llc.error(), Layer::Link);
  if (llc->is_snap()) {
    at.skip(LlcView::kHeaderLen);
    return Step::Snap;
  }
  if (llc->dsap() == kSapStp) return non_ip(at, out, NonIp::Stp);
  if (llc->dsap() != kSapIp || !llc->is_unnumbered_information())
    return non_ip(at, out, NonIp::Llc);
  at.skip(LlcView::kHeaderLen);
  return Step::Ipv4;
}

Step step_snap(Cursor& at, Packet& out) noexcept {
  const auto snap = SnapView::parse(at.bytes());
  if (!snap) return undecodable(out, snap.error(), Layer::Link);
  at.skip(SnapView::kHeaderLen);
  switch (snap->oui()) {
    case kOuiEthernet:
    case kOuiBridgeTunnel:
      if (snap->type() <= kMax8023Length) return non_ip(at, out, NonIp::Llc);
      at.ethertype = snap->type();
      return Step::EtherType;
    case kOuiBridged:
      if (snap->type() == kSnapBridgedBpdu) return non_ip(at, out, NonIp::Stp);
      if (snap->type() == kSnapBridgedEthernet || snap->type() == kSnapBridgedEthernetFcs)
        return Step::Ethernet;
      return non_ip(at, out, NonIp::Llc);
    case kOuiCisco:
      return non_ip(at, out, snap->type() == kSnapCiscoPvst ? NonIp::Stp : NonIp::Llc);
    default:
      return non_ip(at, out, NonIp::Llc);
  }
}

Step step_pppoe(Cursor& at, Packet& out) noexcept {
  const auto header = PppoeView::parse(at.bytes());
  if (!header) return undecodable(out, header.error(), Layer::Pppoe);
  at.skip(PppoeView::kHeaderLen);
  at.limit_length(header->length_bytes());
  if (header->code() != PppoeView::kCodeSession) return non_ip(at, out, NonIp::PppoeDiscovery);
  if (!push_label(out, TunnelType::Pppoe, header->session())) return Step::Done;
  return Step::Ppp;
}

Step step_ppp(Cursor& at, Packet& out) noexcept {
  const auto ppp = PppView::parse(at.bytes());
  if (!ppp) return undecodable(out, ppp.error(), Layer::Link);
  at.skip(ppp->header_len_bytes());
  if (ppp->protocol() >= kPppFirstControl) return non_ip(at, out, NonIp::PppControl);
  switch (ppp->protocol()) {
    case kPppIpv4:
      return Step::Ipv4;
    case kPppIpv6:
      return Step::Ipv6;
    case kPppMpls:
    case kPppMplsMulticast:
      return Step::Mpls;
    default:
      return non_ip(at, out, NonIp::Other);
  }
}

}  // namespace pktana::parse
