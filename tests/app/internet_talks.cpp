// SPDX-License-Identifier: Apache-2.0
#include "app/internet_talks.h"

#include <algorithm>

namespace pktana::app::talks {

namespace {

constexpr auto kClient = flow::kToServer;
constexpr auto kServer = flow::kToClient;

std::string ntp_packet(unsigned first, unsigned stratum) {
  Wire wire;
  wire.u8(first).u8(stratum).u8(6).u8(0xec).u32(0).u32(0).text("GPS").u8(0);
  wire.u32(3'900'000'000).u32(0).u32(0).u32(0).u32(3'900'000'100).u32(0).u32(3'900'000'100).u32(0);
  return wire.bytes();
}

std::string snmp_get() {
  const std::string zero(1, '\0');
  const std::string name = ber(0x06, "\x2b\x06\x01\x02\x01\x01\x01" + zero);
  const std::string bindings = ber(0x30, ber(0x30, name + ber(0x05, "")));
  const std::string pdu = ber(0xa0, ber(2, "\x01") + ber(2, zero) + ber(2, zero) + bindings);
  return ber(0x30, ber(2, "\x01") + ber(4, "public") + pdu);
}

std::vector<Conversation> make_udp() {
  const std::string dhcp = dhcp_message(1).u8(53).u8(1).u8(1).u8(255).bytes();
  const std::string netbios =
      dns_header(9, 0x0110, 1, 0).name("FDFDFDFDFDFDFDFDFDFDFDFDFDFDFDAA").u16(32).u16(1).bytes();
  return {
      {"dns",
       PKTANA_UDP,
       53,
       {{kClient, dns_query("www.example.com", 1)}, {kServer, dns_answer()}}},
      {"mdns", PKTANA_UDP, 5353, {{kClient, dns_query("host.local", 1)}}},
      {"llmnr", PKTANA_UDP, 5355, {{kClient, dns_query("host", 28)}}},
      {"netbios-ns", PKTANA_UDP, 137, {{kClient, netbios}}},
      {"netbios-dgm",
       PKTANA_UDP,
       138,
       {{kClient, Wire()
                      .u8(0x11)
                      .u8(2)
                      .u16(1)
                      .u32(0x0a000001)
                      .u16(138)
                      .u16(40)
                      .u16(0)
                      .name("FDFDFDFDFDFDFDFDFDFDFDFDFDFDFDAA")
                      .zeros(8)
                      .bytes()}}},
      {"dhcp", PKTANA_UDP, 67, {{kClient, dhcp}}},
      {"dhcpv6", PKTANA_UDP, 547, {{kClient, Wire().u32(0x01abcdef).u16(8).u16(2).u16(0).bytes()}}},
      {"ntp", PKTANA_UDP, 123, {{kClient, ntp_packet(0x23, 0)}, {kServer, ntp_packet(0x24, 1)}}},
      {"tftp",
       PKTANA_UDP,
       69,
       {{kClient, Wire().u16(1).text("boot.img").u8(0).text("OCTET").u8(0).bytes()}}},
      {"snmp", PKTANA_UDP, 161, {{kClient, snmp_get()}}},
      {"sip",
       PKTANA_UDP,
       5060,
       {{kClient,
         "INVITE sip:bob@example.com SIP/2.0\r\nContent-Type: application/sdp\r\n\r\nv=0\r\no=a 1 "
         "1 IN "
         "IP4 192.0.2.1\r\ns=call\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\na=sendrecv\r\n"}}},
      {"ssdp",
       PKTANA_UDP,
       1900,
       {{kClient, "M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\n\r\n"}}},
      {"syslog", PKTANA_UDP, 514, {{kClient, "<34>Oct 11 22:14:15 host su: failed"}}},
  };
}

std::string http2_client() {
  // :method GET, :path /, :scheme http, :authority example.com, from the static table.
  const std::string block =
      Wire().u8(0x82).u8(0x84).u8(0x86).u8(0x41).u8(11).text("example.com").bytes();
  return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + http2_frame(4, 0, 0, Wire().u16(3).u32(100).bytes()) +
         http2_frame(1, 5, 1, block);
}

std::string http2_server() {
  const std::string block = Wire().u8(0x88).u8(0x5c).u8(1).text("5").bytes();  // :status 200
  return http2_frame(4, 0, 0, Wire().u16(4).u32(65536).bytes()) + http2_frame(1, 4, 1, block) +
         http2_frame(0, 1, 1, "hello");
}

std::vector<Conversation> make_tcp() {
  return {
      {"dns",
       PKTANA_TCP,
       53,
       {{kClient, on_tcp(dns_query("www.example.com", 1)) + on_tcp(dns_query("example.org", 15))},
        {kServer, on_tcp(dns_answer())}}},
      {"http",
       PKTANA_TCP,
       80,
       {{kClient,
         "GET /a HTTP/1.1\r\nHost: Example.com:8080\r\nUser-Agent: test\r\n\r\n"
         "POST /b HTTP/1.1\r\nHost: example.com\r\nContent-Length: 3\r\n\r\nabc"},
        {kServer,
         "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=x\r\nTransfer-Encoding: "
         "chunked\r\n\r\n"
         "5;x=y\r\nhello\r\n0\r\nTrailer: 1\r\n\r\nHTTP/1.1 302 Found\r\nLocation: /c\r\n"
         "Content-Length: 2\r\n\r\nok"}}},
      {"websocket",
       PKTANA_TCP,
       80,
       {{kClient, "GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"},
        {kServer, "HTTP/1.1 101 Go\r\nUpgrade: websocket\r\n\r\n"},
        {kClient, Wire().u8(0x81).u8(0x82).u32(0x01020304).text("ab").bytes()},
        {kServer, Wire().u8(0x02).u8(126).u16(300).zeros(300).u8(0x88).u8(0).bytes()}}},
      {"http2", PKTANA_TCP, 8080, {{kClient, http2_client()}, {kServer, http2_server()}}},
      {"smtp",
       PKTANA_TCP,
       25,
       {{kServer, "220 mail.example.com ESMTP\r\n"},
        {kClient, "EHLO client.example\r\n"},
        {kServer, "250-mail.example.com\r\n250 PIPELINING\r\n"},
        {kClient, "MAIL FROM:<a@example.com> SIZE=9\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"},
        {kServer, "250 ok\r\n250 ok\r\n354 go on\r\n"},
        {kClient, "Subject: x\r\n\r\nRCPT TO:<no@example.org>\r\n.\r\nQUIT\r\n"},
        {kServer, "250 queued\r\n221 bye\r\n"}}},
      {"imap",
       PKTANA_TCP,
       143,
       {{kServer, "* OK IMAP4rev1 ready\r\n"}, {kClient, "a1 CAPABILITY\r\n"}}},
      {"pop3", PKTANA_TCP, 110, {{kServer, "+OK POP3 ready\r\n"}, {kClient, "USER joe\r\n"}}},
      {"ftp",
       PKTANA_TCP,
       21,
       {{kServer, "220-Welcome to\r\n220 the FTP server\r\n"},
        {kClient, "USER joe\r\n"},
        {kServer, "331 Password\r\n"},
        {kClient, "PASV\r\n"},
        {kServer, "227 Entering Passive Mode (192,0,2,1,4,1)\r\n"},
        {kClient, "RETR file\r\n"},
        {kServer, "150 Opening\r\n226 Done\r\n"}}},
      {"sip",
       PKTANA_TCP,
       5060,
       {{kClient, "OPTIONS sip:x@example.com SIP/2.0\r\nContent-Length: 0\r\n\r\n"},
        {kServer, "SIP/2.0 200 OK\r\nContent-Length: 4\r\n\r\nbody\r\n\r\n"}}},
      {"rtsp",
       PKTANA_TCP,
       554,
       {{kClient, "OPTIONS rtsp://example.com/ RTSP/1.0\r\nCSeq: 1\r\n\r\n"}}},
  };
}

}  // namespace

Wire& Wire::name(std::string_view dotted) {
  while (!dotted.empty()) {
    const size_t end = std::min(dotted.find('.'), dotted.size());
    u8(static_cast<unsigned>(end)).text(dotted.substr(0, end));
    dotted.remove_prefix(std::min(end + 1, dotted.size()));
  }
  return u8(0);
}

Wire dns_header(unsigned id, unsigned flags, unsigned questions, unsigned answers,
                unsigned authorities, unsigned additionals) {
  Wire wire;
  wire.u16(id).u16(flags).u16(questions).u16(answers).u16(authorities).u16(additionals);
  return wire;
}

std::string dns_query(std::string_view name, unsigned type, unsigned id) {
  return dns_header(id, 0x0100, 1, 0).name(name).u16(type).u16(1).bytes();
}

void add_record(Wire& wire, unsigned type, uint32_t ttl, std::string_view data) {
  wire.u16(type).u16(1).u32(ttl).u16(static_cast<unsigned>(data.size())).text(data);
}

std::string dns_answer() {
  Wire wire = dns_header(7, 0x8180, 1, 2);
  wire.name("www.example.com").u16(1).u16(1);
  wire.u16(0xc00c);
  const size_t cname_data = wire.size() + 10;
  add_record(wire, 5, 60, Wire().u8(3).text("web").u16(0xc010).bytes());
  wire.u16(0xc000 + static_cast<unsigned>(cname_data));
  add_record(wire, 1, 30, Wire().u32(0xc0000205).bytes());
  return wire.bytes();
}

std::string on_tcp(std::string_view message) {
  return Wire().u16(static_cast<unsigned>(message.size())).text(message).bytes();
}

Wire dhcp_message(unsigned operation) {
  Wire wire;
  wire.u8(operation).u8(1).u8(6).u8(0).u32(0x1234).u32(0).zeros(4).u32(0xc0000205);
  wire.zeros(8).text("\x02\x01\x02\x03\x04\x05").zeros(10 + 64 + 128).u32(0x63825363);
  return wire;
}

std::string http2_frame(unsigned type, unsigned flags, uint32_t stream, std::string_view payload) {
  const auto length = static_cast<unsigned>(payload.size());
  return Wire()
      .u8(length >> 16)
      .u16(length & 0xffff)
      .u8(type)
      .u8(flags)
      .u32(stream)
      .text(payload)
      .bytes();
}

std::string ber(unsigned tag, std::string_view content) {
  return Wire().u8(tag).u8(static_cast<unsigned>(content.size())).text(content).bytes();
}

const std::vector<Conversation>& internet_conversations() {
  static const std::vector<Conversation> all = [] {
    std::vector<Conversation> made = make_udp();
    for (Conversation& conversation : make_tcp())
      made.push_back(std::move(conversation));
    return made;
  }();
  return all;
}

}  // namespace pktana::app::talks
