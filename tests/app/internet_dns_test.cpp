// SPDX-License-Identifier: Apache-2.0
// DNS: messages to events, names, and the addresses that answers teach.
#include <string>

#include "app/app_fixture.h"
#include "app/internet/dns/dns_message.h"
#include "app/internet/dns/dns_probe.h"
#include "app/internet_talks.h"
#include "support/catch.h"

namespace pktana::app {
namespace {

using std::string_view_literals::operator""sv;
using talks::Wire;

constexpr TalkOptions kOnDns{.protocol = PKTANA_UDP, .server_port = 53};

// The event of one message of the server.
std::string event_of(const std::string& message, const TalkOptions& options = kOnDns) {
  Talk talk(options);
  talk.server(message);
  return talk.events().empty() ? "" : talk.events().front();
}

// A response with one record of this type and data, owned by what was asked for.
std::string response_with(unsigned type, std::string_view data) {
  Wire wire = talks::dns_header(7, 0x8000, 1, 1);
  wire.name("x").u16(type).u16(1).u16(0xc00c);
  talks::add_record(wire, type, 9, data);
  return wire.bytes();
}

// The answers of its event.
std::string answers_of(unsigned type, std::string_view data) {
  const std::string event = event_of(response_with(type, data));
  const size_t begin = event.find("\"answers\":");
  return begin == std::string::npos ? "" : event.substr(begin);
}

TEST_CASE("dns: a query and its answer are two events of version 3", "[app]") {
  Talk talk(kOnDns);
  talk.client(talks::dns_query("www.example.com", 1));
  talk.server(talks::dns_answer());
  REQUIRE(talk.events().size() == 3);
  CHECK(talk.events()[0] ==
        R"(dns{"version":3,"type":"request","tx_id":0,"id":7,"flags":"100","rd":true,"opcode":0,)"
        R"("rcode":"NOERROR","queries":[{"rrname":"www.example.com","rrtype":"A"}]})");
  CHECK(talk.events()[1] ==
        R"(<dns{"version":3,"type":"response","tx_id":1,"id":7,"flags":"8180","qr":true,"rd":true,)"
        R"("ra":true,"opcode":0,"rcode":"NOERROR",)"
        R"("queries":[{"rrname":"www.example.com","rrtype":"A"}],"answers":[)"
        R"({"rrname":"www.example.com","rrtype":"CNAME","ttl":60,"rdata":"web.example.com"},)"
        R"({"rrname":"web.example.com","rrtype":"A","ttl":30,"rdata":"192.0.2.5"}],)"
        R"("grouped":{"A":["192.0.2.5"],"CNAME":["web.example.com"]}})");
}

TEST_CASE("dns: an address is learnt under the name that was asked for", "[app]") {
  Talk talk(kOnDns);
  talk.server(talks::dns_answer());
  CHECK(talk.events().back() == "learned c0000205 www.example.com 30");
}

TEST_CASE("dns: an address that no CNAME leads to is learnt under its own name", "[app]") {
  Wire wire = talks::dns_header(7, 0x8180, 1, 1);
  wire.name("a.example").u16(1).u16(1).name("b.example");
  talks::add_record(wire, 1, 5, "\x01\x02\x03\x04");
  Talk talk(kOnDns);
  talk.server(wire.bytes());
  CHECK(talk.events().back() == "learned 01020304 b.example 5");
}

TEST_CASE("dns: record data is written as EVE writes it", "[app]") {
  const std::string address("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16);
  CHECK(answers_of(28, address) ==
        R"("answers":[{"rrname":"x","rrtype":"AAAA","ttl":9,)"
        R"("rdata":"2001:0db8:0000:0000:0000:0000:0000:0001"}],)"
        R"("grouped":{"AAAA":["2001:0db8:0000:0000:0000:0000:0000:0001"]}})");
  CHECK(answers_of(15, Wire().u16(10).name("mx.x").bytes()) ==
        R"("answers":[{"rrname":"x","rrtype":"MX","ttl":9,"rdata":"mx.x"}],)"
        R"("grouped":{"MX":["mx.x"]}})");
  CHECK(answers_of(16, Wire().u8(1).text("a").u8(2).text("bc").bytes()) ==
        R"("answers":[{"rrname":"x","rrtype":"TXT","ttl":9,"rdata":"a"},)"
        R"({"rrname":"x","rrtype":"TXT","ttl":9,"rdata":"bc"}],"grouped":{"TXT":["a","bc"]}})");
  CHECK(answers_of(33, Wire().u16(1).u16(2).u16(443).name("s.x").bytes()) ==
        R"("answers":[{"rrname":"x","rrtype":"SRV","ttl":9,)"
        R"("srv":{"priority":1,"weight":2,"port":443,"name":"s.x"}}],)"
        R"("grouped":{"SRV":[{"priority":1,"weight":2,"port":443,"name":"s.x"}]}})");
  CHECK(answers_of(44, "\x01\x02\xab\xcd") ==
        R"("answers":[{"rrname":"x","rrtype":"SSHFP","ttl":9,)"
        R"("sshfp":{"fingerprint":"ab:cd","algo":1,"type":2}}],)"
        R"("grouped":{"SSHFP":[{"fingerprint":"ab:cd","algo":1,"type":2}]}})");
}

TEST_CASE("dns: SOA is an object, its names may be compressed", "[app]") {
  const std::string data =
      Wire().u16(0xc00c).name("r.x").u32(1).u32(2).u32(3).u32(4).u32(5).bytes();
  CHECK(answers_of(6, data).find(
            R"("soa":{"mname":"x","rname":"r.x","serial":1,"refresh":2,"retry":3,"expire":4,)"
            R"("minimum":5})") != std::string::npos);
}

TEST_CASE("dns: service bindings and CAA are shown in presentation form", "[app]") {
  const std::string binding = Wire()
                                  .u16(1)
                                  .u8(0)
                                  .u16(1)
                                  .u16(6)
                                  .u8(2)
                                  .text("h2")
                                  .u8(2)
                                  .text("h3")
                                  .u16(4)
                                  .u16(4)
                                  .text("\xc0\x00\x02\x05"sv)
                                  .bytes();
  CHECK(answers_of(65, binding) ==
        R"("answers":[{"rrname":"x","rrtype":"HTTPS","ttl":9,)"
        R"("rdata":"1 . alpn=h2,h3 ipv4hint=192.0.2.5"}],"grouped":{}})");
  CHECK(answers_of(257, Wire().u8(0).u8(5).text("issueca.example").bytes()) ==
        R"("answers":[{"rrname":"x","rrtype":"CAA","ttl":9,"rdata":"0 issue "ca.example""}],)"
        R"("grouped":{}})");
}

TEST_CASE("dns: EDNS options are shown, an OPT record without any is not", "[app]") {
  Wire with = talks::dns_header(1, 0x0100, 1, 0, 0, 1);
  with.name("x").u16(1).u16(1).u8(0);
  talks::add_record(with, 41, 0, Wire().u16(10).u16(2).u16(0x5a76).bytes());
  CHECK(
      event_of(with.bytes())
          .find(
              R"("additionals":[{"rrname":"","rrtype":"OPT","ttl":0,"opt":[{"code":10,"data":"5a76"}]}])") !=
      std::string::npos);
  Wire without = talks::dns_header(1, 0x0100, 1, 0, 0, 1);
  without.name("x").u16(1).u16(1).u8(0);
  talks::add_record(without, 41, 0, "");
  CHECK(event_of(without.bytes()).find("additionals") == std::string::npos);
}

TEST_CASE("dns: types and codes without a name are numbers", "[app]") {
  const std::string event =
      event_of(talks::dns_header(1, 0x800f, 1, 0).name("x").u16(4711).u16(1).bytes());
  CHECK(event.find(R"("rcode":"15")") != std::string::npos);
  CHECK(event.find(R"("rrtype":"4711")") != std::string::npos);
}

TEST_CASE("dns: names that point at themselves end", "[app]") {
  const std::string loop = talks::dns_header(1, 0, 1, 0).u16(0xc00c).u16(1).u16(1).bytes();
  internet::dns::Name name;
  CHECK_FALSE(internet::dns::read_name(Talk::bytes_of(loop), 12, name));
  const internet::dns::Message message(Talk::bytes_of(loop));
  CHECK(message.state() == internet::dns::Message::State::Malformed);
}

TEST_CASE("dns: a name longer than any is cut and says so", "[app]") {
  Wire wire;
  for (int i = 0; i < 40; ++i)
    wire.u8(63).text(std::string(63, 'a'));
  wire.u8(0);
  internet::dns::Name name;
  CHECK(internet::dns::read_name(Talk::bytes_of(wire.bytes()), 0, name));
  CHECK(name.cut);
  CHECK(name.view().size() == internet::dns::kMaxNameLen);
}

TEST_CASE("dns: what a capture cut off is shown as far as it is there", "[app]") {
  const std::string whole = talks::dns_answer();
  Talk talk(kOnDns);
  talk.cut(flow::kToClient, Talk::bytes_of(whole.substr(0, whole.size() - 6)),
           static_cast<uint32_t>(whole.size()));
  REQUIRE(talk.events().size() == 1);
  CHECK(talk.events()[0].find(R"("rdata":"web.example.com")") != std::string::npos);
  CHECK(talk.events()[0].find("192.0.2.5") == std::string::npos);
}

TEST_CASE("dns: a gap on TCP ends one direction, not the other", "[app]") {
  Talk talk({.server_port = 53});
  talk.client(talks::on_tcp(talks::dns_query("a.example", 1)));
  talk.lose(flow::kToServer, 100);
  talk.client(talks::on_tcp(talks::dns_query("b.example", 1)));
  talk.acknowledge(flow::kToClient, 200);
  talk.server(talks::on_tcp(talks::dns_answer()));
  REQUIRE(talk.events().size() == 3);
  CHECK(talk.events()[0].find("a.example") != std::string::npos);
  CHECK(talk.events()[1].find("response") != std::string::npos);
}

TEST_CASE("mdns: flags are names, codes are numbers", "[app]") {
  Wire wire = talks::dns_header(0, 0x8400, 0, 1);
  wire.name("_x._tcp.local");
  talks::add_record(wire, 12, 10, Wire().name("me._x._tcp.local").bytes());
  CHECK(event_of(wire.bytes(), {.protocol = PKTANA_UDP, .server_port = 5353}) ==
        R"(<mdns{"type":"response","id":0,"flags":["aa"],"opcode":0,"rcode":0,)"
        R"("answers":[{"rrname":"_x._tcp.local","ptr":"me._x._tcp.local"}]})");
}

TEST_CASE("llmnr: data stands under the name of its type", "[app]") {
  Wire wire = talks::dns_header(3, 0x8000, 1, 1);
  wire.name("host").u16(1).u16(1).u16(0xc00c);
  talks::add_record(wire, 1, 30, "\xc0\x00\x02\x07"sv);
  CHECK(event_of(wire.bytes(), {.protocol = PKTANA_UDP, .server_port = 5355}) ==
        R"(<llmnr{"type":"response","tx_id":0,"id":3,"flags":[],"opcode":0,)"
        R"("queries":[{"rrname":"host","rrtype":"A"}],)"
        R"("answers":[{"rrname":"host","rrtype":"A","ttl":30,"a":"192.0.2.7"}]})");
}

TEST_CASE("dns: off its port only a whole message that fits itself is one", "[app]") {
  using internet::dns::is_surely_dns;
  const std::string query = talks::dns_query("example.com", 1);
  CHECK(is_surely_dns(Talk::bytes_of(query)));
  CHECK_FALSE(is_surely_dns(Talk::bytes_of(query + "x")));
  CHECK_FALSE(is_surely_dns(Talk::bytes_of(query.substr(0, query.size() - 1))));
  CHECK_FALSE(is_surely_dns(Talk::bytes_of(talks::dns_query("example.com", 60000))));
  CHECK_FALSE(is_surely_dns(Talk::bytes_of(talks::dns_query("ex\x01mple", 1))));
}

}  // namespace
}  // namespace pktana::app
