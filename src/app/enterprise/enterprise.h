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
extern const pktana_dissector kModbus, kDnp3, kS7comm, kIec104, kEnip, kOpcua, kBacnet;
// network.cpp
extern const pktana_dissector kBgp, kLdp, kBfd, kNetflow, kIpfix, kSflow, kRadius, kDiameter;
// peers.cpp
extern const pktana_dissector kBittorrent, kBittorrentDht, kUtp, kGnutella, kBitcoin, kMonero,
    kStratum, kEthereum, kDropbox, kSpotify;
// media.cpp, rtp.cpp
extern const pktana_dissector kStun, kRtcp, kH323, kRtp;
// remote.cpp, socks/
extern const pktana_dissector kTelnet, kRlogin, kRsh, kRdpeudp, kSocks;
// a folder each
extern const pktana_dissector kKrb5, kLdap, kSmb, kNetbiosSession, kMqtt, kRfb, kRdp, kDcerpc, kNfs,
    kSunrpc, kPgsql;

}  // namespace pktana::app::enterprise
