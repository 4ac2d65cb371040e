// SPDX-License-Identifier: Apache-2.0
// What hosts need to get along on a network: DHCP, NTP, TFTP, SNMP; and SIP.
#include <string>
#include <vector>

#include "app/app_fixture.h"
#include "app/internet/snmp/ber.h"
#include "app/internet/snmp/snmp_message.h"
#include "app/internet_talks.h"
#include "support/catch.h"

namespace pktana::app {
namespace {

using talks::ber;
using talks::Wire;
using Events = std::vector<std::string>;

Events events_of(uint16_t port, const std::string& datagram) {
  Talk talk({.protocol = PKTANA_UDP, .server_port = port});
  talk.server(datagram);
  return talk.events();
}

TEST_CASE("dhcp: an ACK with all that events show", "[app]") {
  Wire wire = talks::dhcp_message(2);
  wire.u8(53).u8(1).u8(5).u8(12).u8(2).text("pc").u8(51).u8(4).u32(3600).u8(58).u8(4).u32(1800);
  wire.u8(0).u8(1).u8(4).u32(0xffffff00).u8(3).u8(4).u32(0xc0000201).u8(6).u8(8).u32(1).u32(2);
  wire.u8(61).u8(7).u8(1).text("\x02\x01\x02\x03\x04\x05").u8(55).u8(3).u8(1).u8(3).u8(200).u8(255);
  CHECK(events_of(67, wire.bytes()) ==
        Events{R"(<dhcp{"type":"reply","id":4660,"client_mac":"02:01:02:03:04:05",)"
               R"("assigned_ip":"192.0.2.5","client_ip":"0.0.0.0","relay_ip":"0.0.0.0",)"
               R"("next_server_ip":"0.0.0.0","dhcp_type":"ack","hostname":"pc","lease_time":3600,)"
               R"("renewal_time":1800,"subnet_mask":"255.255.255.0","routers":["192.0.2.1"],)"
               R"("dns_servers":["0.0.0.1","0.0.0.2"],"client_id":"02:01:02:03:04:05",)"
               R"("params":["subnet_mask","router","200"]})"});
}

TEST_CASE("dhcp: a message without the cookie, or cut short, is none", "[app]") {
  const std::string whole = talks::dhcp_message(1).u8(53).u8(1).u8(1).bytes();
  CHECK(events_of(67, whole.substr(0, 239)).empty());
  std::string other = whole;
  other[236] = 0;
  CHECK(events_of(67, other).empty());
}

TEST_CASE("ntp: a server's packet tells its reference, a client's has none", "[app]") {
  for (const talks::Conversation& conversation : talks::internet_conversations()) {
    if (std::string_view(conversation.dissector) != "ntp") continue;
    Talk talk({.protocol = PKTANA_UDP, .server_port = 123});
    talk.client(conversation.said[0].bytes);
    talk.server(conversation.said[1].bytes);
    CHECK(talk.events() ==
          Events{R"(ntp{"version":4,"mode":3,"stratum":0})",
                 R"(<ntp{"version":4,"mode":4,"stratum":1,"reference_id":"GPS"})"});
  }
}

TEST_CASE("tftp: a request is an event and announces the transfer", "[app]") {
  Expectations expectations;
  Talk talk({.protocol = PKTANA_UDP, .server_port = 69, .expectations = &expectations});
  talk.client(Wire().u16(2).text("conf.txt").u8(0).text("NetASCII").u8(0).bytes());
  CHECK(talk.events() == Events{R"(tftp{"packet":"write","file":"conf.txt","mode":"netascii"})"});
}

TEST_CASE("snmp: version, community, PDU and the names of its variables", "[app]") {
  const std::string zero(1, '\0');
  const std::string oid = ber(6, "\x2b\x06\x01\x04\x01\x81\x01");
  const std::string bindings = ber(0x30, ber(0x30, oid + ber(5, "")));
  const std::string pdu = ber(0xa2, ber(2, "\x07") + ber(2, "\x02") + ber(2, "\x01") + bindings);
  CHECK(events_of(161, ber(0x30, ber(2, "\x01") + ber(4, "public") + pdu)) ==
        Events{R"(<snmp{"version":2,"pdu_type":"response",)"
               R"("vars":["1.3.6.1.4.1.129"],"community":"public"})"});
}

TEST_CASE("snmp: a v1 trap names its enterprise, kind and agent", "[app]") {
  const std::string pdu =
      ber(0xa4, ber(6, "\x2b\x06") + ber(0x40, "\x0a\x01\x02\x03") + ber(2, "\x02") +
                    ber(2, "\x05") + ber(0x43, "\x01") + ber(0x30, ""));
  CHECK(events_of(162, ber(0x30, ber(2, std::string(1, '\0')) + ber(4, "c") + pdu)) ==
        Events{R"(<snmp{"version":1,"pdu_type":"trap_v1","trap_type":"LinkDown",)"
               R"("trap_oid":"1.3.6","trap_address":"10.1.2.3","community":"c"})"});
}

TEST_CASE("snmp: version 3 names its user, encrypted content stays closed", "[app]") {
  const std::string zero(1, '\0');
  const std::string global =
      ber(0x30, ber(2, "\x09") + ber(2, "\x05") + ber(4, "\x03") + ber(2, "\x03"));
  const std::string user = ber(4, ber(0x30, ber(4, "e") + ber(2, zero) + ber(2, zero) +
                                                ber(4, "joe") + ber(4, "") + ber(4, "")));
  CHECK(events_of(161, ber(0x30, ber(2, "\x03") + global + user + ber(4, "secret"))) ==
        Events{R"(<snmp{"version":3,"pdu_type":"encrypted","usm":"joe"})"});
}

TEST_CASE("snmp: lengths that lie are refused", "[app]") {
  internet::snmp::Message message;
  for (const std::string& bytes :
       {std::string("\x30\x84\xff\xff\xff\xff", 6), std::string("\x30\x80", 2),
        std::string("\x30\x02\x02\x05", 4), std::string("\x1f\x01\x01", 3), std::string()})
    CHECK_FALSE(internet::snmp::parse_message(Talk::bytes_of(bytes), message));
}

TEST_CASE("sip: requests and responses, with the session they describe", "[app]") {
  Talk talk({.protocol = PKTANA_UDP, .server_port = 5060});
  talk.client(
      "INVITE sip:b@example.com SIP/2.0\r\nContent-Type: application/sdp\r\n\r\nv=0\r\no=a 1 1 IN "
      "IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nr=7d 1h\r\nm=audio 9 RTP/AVP "
      "0\r\nb=AS:64\r\na=x\r\na=y\r\n");
  talk.server("SIP/2.0 180 Ringing now\r\n\r\n");
  CHECK(talk.events() ==
        Events{R"(sip{"method":"INVITE","uri":"sip:b@example.com","version":"SIP/2.0","sdp":{)"
               R"("origin":"a 1 1 IN IP4 192.0.2.1","session_name":"-",)"
               R"("time_descriptions":[{"time":"0 0","repeat_time":"7d 1h"}],)"
               R"("media_descriptions":[{"media":"audio 9 RTP/AVP 0","bandwidths":["AS:64"],)"
               R"("attributes":["x","y"]}]},"request_line":"INVITE sip:b@example.com SIP/2.0"})",
               R"(<sip{"version":"SIP/2.0","code":"180","reason":"Ringing now",)"
               R"("response_line":"SIP/2.0 180 Ringing now"})"});
}

}  // namespace
}  // namespace pktana::app
