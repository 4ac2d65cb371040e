// SPDX-License-Identifier: Apache-2.0
// The dissectors of this family, as enterprise.cpp lists them for the registry.
#pragma once

#include "pktana/plugin.h"

namespace pktana::app::enterprise {

// databases.cpp
extern const pktana_dissector kMysql, kRedis, kMongodb, kTds, kMemcached, kDrda, kCassandra, kTns;
// messaging.cpp
extern const pktana_dissector kAmqp, kKafka, kOpenwire, kStomp, kZmtp, kNats, kCoap, kIrc, kXmpp;
// industry.cpp
extern const pktana_dissector kS7comm, kIec104, kOpcua, kBacnet;
// network.cpp
extern const pktana_dissector kBgp, kLdp, kBfd, kNetflow, kIpfix, kSflow, kRadius, kDiameter;
// peers.cpp
extern const pktana_dissector kBittorrent, kUtp, kGnutella, kBitcoin, kMonero, kStratum, kEthereum,
    kDropbox, kSpotify;
// media.cpp, rtp.cpp
extern const pktana_dissector kStun, kRtcp, kH323, kRtp;
// remote.cpp, socks/
extern const pktana_dissector kTelnet, kRlogin, kRsh, kRdpeudp, kSocks;
// a folder each
extern const pktana_dissector kKrb5, kLdap, kSmb, kNetbiosSession, kMqtt, kRfb, kRdp, kDcerpc, kNfs,
    kSunrpc, kPgsql, kModbus, kDnp3, kEnip, kBittorrentDht;

}  // namespace pktana::app::enterprise
