// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/enterprise.h"

#include "app/builtin.h"

namespace pktana::app {
namespace {

using namespace enterprise;

constexpr const pktana_dissector* kAll[] = {
    &kMysql,    &kRedis,     &kMongodb,    &kTds,           &kMemcached,
    &kDrda,     &kCassandra, &kTns,        &kAmqp,          &kKafka,
    &kOpenwire, &kStomp,     &kZmtp,       &kNats,          &kCoap,
    &kIrc,      &kXmpp,      &kModbus,     &kDnp3,          &kS7comm,
    &kIec104,   &kEnip,      &kOpcua,      &kBacnet,        &kBgp,
    &kLdp,      &kBfd,       &kNetflow,    &kIpfix,         &kSflow,
    &kRadius,   &kDiameter,  &kBittorrent, &kBittorrentDht, &kUtp,
    &kGnutella, &kBitcoin,   &kMonero,     &kStratum,       &kEthereum,
    &kDropbox,  &kSpotify,   &kStun,       &kRtcp,          &kH323,
    &kRtp,      &kTelnet,    &kRlogin,     &kRsh,           &kRdpeudp,
    &kSocks,    &kKrb5,      &kLdap,       &kSmb,           &kNetbiosSession,
    &kMqtt,     &kRfb,       &kRdp,        &kDcerpc,        &kNfs,
    &kSunrpc,   &kPgsql,
};

}  // namespace

DissectorList enterprise_dissectors() noexcept { return kAll; }

}  // namespace pktana::app
