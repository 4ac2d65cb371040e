// SPDX-License-Identifier: Apache-2.0
// Conversations of the protocols that are recognised only; those whose fields are shown are in
// enterprise_field_seeds.cpp.
#include "enterprise_seeds.h"

#include "wire_text.h"

namespace pktana::app {
namespace {

using namespace wire;

constexpr uint8_t kUp = PKTANA_TO_SERVER;
constexpr uint8_t kDown = PKTANA_TO_CLIENT;

std::string mysql_greeting() {
  const std::string body = hex("0a") + "8.0.36" + zeros(1) + le32(77) + "saltsalt" + zeros(1) +
                           hex("ffff ff02 00 ffdf 15") + zeros(10) + "moresaltmore" + zeros(1) +
                           "mysql_native_password" + zeros(1);
  return le(body.size(), 3) + zeros(1) + body;
}

std::string mongodb_hello() {
  const std::string body =
      le32(0) + zeros(1) + le32(19) + hex("10") + "ping" + zeros(1) + le32(1) + zeros(1);
  return le32(16 + body.size()) + le32(7) + le32(0) + le32(2013) + body;
}

std::string tds_prelogin() {
  const std::string body = hex("00 000b 0006 01 0011 0001 ff") + hex("0f000000 0000 00");
  return hex("12 01") + be16(8 + body.size()) + be16(0) + hex("01 00") + body;
}

std::string drda_exchange() {
  const std::string parameters = be16(12) + be16(0x115e) + hex("8482f282 a58586f1");
  return be16(10 + parameters.size()) + hex("d0 01") + be16(1) + be16(4 + parameters.size()) +
         be16(0x1041) + parameters;
}

std::string cql_startup() {
  const std::string map = be16(1) + be16(11) + "CQL_VERSION" + be16(5) + "3.4.5";
  return hex("04 00 0001 01") + be32(map.size()) + map;
}

std::string tns_connect() {
  const std::string text = "(DESCRIPTION=(CONNECT_DATA=(SID=ORCL)))";
  return be16(58 + text.size()) + be16(0) + hex("01 00 0000") + zeros(50) + text;
}

std::string bgp_open() {
  return std::string(16, '\xff') + be16(29) + hex("01 04 fde8 00b4 c0000201 00");
}

std::string ldp_hello() {
  return be16(1) + be16(30) + hex("c0000201 0000") + be16(0x0100) + be16(20) + be32(1) +
         hex("0400 0004 000f 0000") + hex("0401 0004 c0000201");
}

std::string netflow9() {
  return be16(9) + be16(1) + be32(100000) + be32(1700000000) + be32(1) + be32(0) + be16(0) +
         be16(16) + be16(256) + be16(2) + be16(8) + be16(4) + be16(12) + be16(4);
}

std::string ipfix() {
  return be16(10) + be16(28) + be32(1700000000) + be32(1) + be32(0) + be16(2) + be16(12) +
         be16(256) + be16(1) + be16(8) + be16(4);
}

std::string sflow() {
  return be32(5) + be32(1) + hex("c0000201") + be32(0) + be32(1) + be32(1000) + be32(1) + be32(2) +
         be32(8) + be32(1) + be32(0);
}

std::string radius_request() {
  const std::string attributes = hex("01 06") + "user" + hex("04 06 c0000201 05 06 00000001");
  return hex("01 07") + be16(20 + attributes.size()) + std::string(16, '\x5a') + attributes;
}

std::string diameter() {
  const std::string avps = be32(264) + hex("40") + be(16, 3) + "host.net";
  return hex("01") + be(20 + avps.size(), 3) + hex("80") + be(257, 3) + be32(0) + be32(1) +
         be32(2) + avps;
}

std::string coap_get() { return hex("40 01 1234") + hex("b6") + "status" + hex("04") + "temp"; }

std::string rtp(uint16_t seq) {
  return hex("80 08") + be16(seq) + be32(1000u + seq * 160u) + be32(0xabcdef01) +
         std::string(160, '\xd5');
}

std::string ethereum_ping() {
  return std::string(32, '\x11') + std::string(64, '\x22') + hex("00 01") + hex("c3 01 02 03");
}

std::string rlpx() { return be16(200) + hex("04") + std::string(199, '\x33'); }

std::string q931_setup() {
  const std::string body =
      hex("08 02 0001 05") + hex("7e 000a 05 20 a8") + hex("06 00 08 91 4a 00 04");
  return hex("03 00") + be16(4 + body.size()) + body;
}

std::string s7_data(std::string_view body) {
  return hex("03 00") + be16(7 + body.size()) + hex("02 f0 80") + std::string(body);
}

std::string stun_binding() { return be16(1) + be16(0) + be32(0x2112a442) + "transactid12"; }

std::vector<Seed> database_seeds() {
  return {
      {"mysql", PKTANA_TCP, {{kDown, mysql_greeting()}}},
      {"redis",
       PKTANA_TCP,
       {{kUp, "*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n"}, {kDown, "$5\r\nvalue\r\n"}}},
      {"redis", PKTANA_TCP, {{kUp, "PING\r\n"}, {kDown, "+PONG\r\n"}}},
      {"mongodb", PKTANA_TCP, {{kUp, mongodb_hello()}}},
      {"tds", PKTANA_TCP, {{kUp, tds_prelogin()}}},
      {"memcached", PKTANA_TCP, {{kUp, "get key\r\n"}, {kDown, "VALUE key 0 1\r\n1\r\nEND\r\n"}}},
      {"drda", PKTANA_TCP, {{kUp, drda_exchange()}}},
      {"cassandra", PKTANA_TCP, {{kUp, cql_startup()}, {kDown, hex("84 00 0001 02 00000000")}}},
      {"tns", PKTANA_TCP, {{kUp, tns_connect()}}},
  };
}

std::vector<Seed> messaging_seeds() {
  const std::string kafka = be32(17) + be16(18) + be16(0) + be32(5) + be16(7) + "tester!";
  return {
      {"amqp", PKTANA_TCP, {{kUp, "AMQP" + hex("00 00 09 01")}}},
      {"kafka", PKTANA_TCP, {{kUp, kafka}, {kDown, be32(6) + be32(5) + be16(0)}}},
      {"openwire", PKTANA_TCP, {{kUp, be32(20) + hex("01") + "ActiveMQ" + zeros(11)}}},
      {"stomp", PKTANA_TCP, {{kUp, "CONNECT\naccept-version:1.2\n\n" + zeros(1)}}},
      {"zmtp", PKTANA_TCP, {{kUp, hex("ff 0000000000000001 7f 03 00") + "NULL" + zeros(48)}}},
      {"nats", PKTANA_TCP, {{kDown, "INFO {\"server_id\":\"X\"}\r\n"}}},
      {"coap", PKTANA_UDP, {{kUp, coap_get()}}},
      {"irc", PKTANA_TCP, {{kUp, "NICK tester\r\nUSER t 0 * :Tester\r\n"}}},
      {"irc", PKTANA_TCP, {{kDown, ":irc.example NOTICE * :*** Looking up\r\n"}}},
      {"xmpp",
       PKTANA_TCP,
       {{kUp, "<?xml version='1.0'?><stream:stream to='example.org' xmlns='jabber:client'>"}}},
  };
}

std::vector<Seed> industry_seeds() {
  return {
      {"s7comm", PKTANA_TCP, {{kUp, s7_data(hex("32 01 0000 0001 0008 0000 f0 00 0001"))}}},
      {"iec104", PKTANA_TCP, {{kUp, hex("68 04 07 000000")}, {kDown, hex("68 04 0b 000000")}}},
      {"opc-ua", PKTANA_TCP, {{kUp, "HELF" + le32(32) + zeros(24)}}},
      {"bacnet", PKTANA_UDP, {{kUp, hex("81 0b 000c 01 20 ffff 00 ff 10 08")}}},
  };
}

std::vector<Seed> network_seeds() {
  return {
      {"bgp", PKTANA_TCP, {{kUp, bgp_open()}}},
      {"ldp", PKTANA_UDP, {{kUp, ldp_hello()}}},
      {"bfd", PKTANA_UDP, {{kUp, hex("20 40 03 18 00000001 00000000 000f4240 000f4240 00000000")}}},
      {"netflow", PKTANA_UDP, {{kUp, netflow9()}}},
      {"netflow", PKTANA_UDP, {{kUp, be16(5) + be16(1) + zeros(20) + std::string(48, '\x07')}}},
      {"ipfix", PKTANA_UDP, {{kUp, ipfix()}}},
      {"sflow", PKTANA_UDP, {{kUp, sflow()}}},
      {"radius", PKTANA_UDP, {{kUp, radius_request()}}},
      {"diameter", PKTANA_TCP, {{kUp, diameter()}}},
  };
}

std::vector<Seed> peer_seeds() {
  return {
      {"bittorrent",
       PKTANA_TCP,
       {{kUp, hex("13") + "BitTorrent protocol" + zeros(8) + std::string(40, 'h')}}},
      {"bittorrent", PKTANA_UDP, {{kUp, be(0x41727101980, 8) + be32(0) + be32(99)}}},
      {"bittorrent-utp",
       PKTANA_UDP,
       {{kUp, hex("41 00 1234 00112233 00000000 00100000 0001 0000")}}},
      {"gnutella", PKTANA_TCP, {{kUp, "GNUTELLA CONNECT/0.6\r\n"}}},
      {"bitcoin", PKTANA_TCP, {{kUp, hex("f9beb4d9") + "verack" + zeros(6) + le32(0) + zeros(4)}}},
      {"monero", PKTANA_TCP, {{kUp, hex("0121010101010101") + zeros(25)}}},
      {"stratum",
       PKTANA_TCP,
       {{kUp, "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[]}\n"}}},
      {"ethereum", PKTANA_UDP, {{kUp, ethereum_ping()}}},
      {"ethereum", PKTANA_TCP, {{kUp, rlpx()}, {kDown, rlpx()}}},
      {"dropbox",
       PKTANA_UDP,
       {{kUp, "{\"host_int\": 1, \"version\": [2, 0], \"namespaces\": []}"}}},
      {"spotify", PKTANA_UDP, {{kUp, "SpotUdp0" + zeros(36)}}},
  };
}

std::vector<Seed> media_seeds() {
  return {
      {"stun", PKTANA_UDP, {{kUp, stun_binding()}}},
      {"stun", PKTANA_TCP, {{kUp, be16(20) + stun_binding()}}},
      {"rtcp", PKTANA_UDP, {{kUp, hex("80 c9 0001 12345678")}}},
      {"rtp", PKTANA_UDP, {{kUp, rtp(100)}, {kUp, rtp(101)}}},
      {"rtp", PKTANA_TCP, {{kUp, be16(172) + rtp(7) + be16(172) + rtp(8)}}},
      {"h323", PKTANA_TCP, {{kUp, q931_setup()}}},
  };
}

std::vector<Seed> remote_seeds() {
  return {
      {"telnet", PKTANA_TCP, {{kDown, hex("ff fd 18 ff fd 20")}, {kUp, hex("ff fb 18 ff fc 20")}}},
      {"rlogin",
       PKTANA_TCP,
       {{kUp, zeros(1) + "me" + zeros(1) + "you" + zeros(1) + "xterm/38400" + zeros(1)}}},
      {"rsh",
       PKTANA_TCP,
       {{kUp, "1023" + zeros(1) + "me" + zeros(1) + "you" + zeros(1) + "date" + zeros(1)}}},
      {"rdpeudp", PKTANA_UDP, {{kUp, hex("ffffffff 0040 1801 00000001 04d0 04d0") + zeros(1216)}}},
      {"socks", PKTANA_TCP, {{kUp, hex("05 01 00")}, {kDown, hex("05 00")}}},
      {"socks",
       PKTANA_TCP,
       {{kUp, hex("04 01 0050 c0000201") + "me" + zeros(1)}, {kDown, hex("00 5b 0000 00000000")}}},
  };
}

}  // namespace

std::vector<Seed> enterprise_seeds() {
  std::vector<Seed> all;
  for (const auto make :
       {database_seeds, messaging_seeds, industry_seeds, network_seeds, peer_seeds, media_seeds,
        remote_seeds, enterprise_field_seeds, industry_field_seeds}) {
    const std::vector<Seed> some = make();
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace pktana::app
