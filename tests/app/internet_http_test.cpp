// SPDX-License-Identifier: Apache-2.0
// HTTP/1 and what grows out of it: transactions to events, bodies, tunnels and upgrades; HTTP/2 and
// WebSocket.
#include <string>
#include <vector>

#include "app/app_fixture.h"
#include "app/internet/http/http_body.h"
#include "app/internet/http/http_head.h"
#include "app/internet/http2/hpack_decoder.h"
#include "app/internet_talks.h"
#include "config.h"
#include "support/catch.h"

namespace pktana::app {
namespace {

using Events = std::vector<std::string>;
using talks::Wire;

constexpr TalkOptions kOnHttp{.server_port = 80};

Events events_of(std::string_view requests, std::string_view responses) {
  Talk talk(kOnHttp);
  talk.client(requests);
  talk.server(responses);
  talk.end();
  return talk.events();
}

TEST_CASE("http: a request and its response are one event", "[app]") {
  Talk talk(kOnHttp);
  talk.client(
      "GET /a?b HTTP/1.1\r\nHost: Example.COM:8080\r\nUser-Agent: test/1\r\nReferer: /r\r\n"
      "X-Forwarded-For: 192.0.2.9\r\n\r\n");
  talk.server(
      "HTTP/1.1 206 Partial\r\nContent-Type: text/html; charset=x\r\nContent-Length: 4\r\n"
      "Content-Range: bytes 0-3/10\r\nLocation: /l\r\n\r\nbody");
  CHECK(talk.events() ==
        Events{R"(http{"hostname":"example.com","http_port":8080,"url":"/a?b",)"
               R"("http_user_agent":"test/1","xff":"192.0.2.9","http_content_type":"text/html",)"
               R"("content_range":{"raw":"bytes 0-3/10","start":0,"end":3,"size":10},)"
               R"("http_refer":"/r","http_method":"GET","protocol":"HTTP/1.1","status":206,)"
               R"("redirect":"/l","length":4} beside{"tx_id":0})"});
  CHECK(talk.name() == "example.com");
  CHECK(talk.name_source() == flow::NameSource::HttpHost);
}

TEST_CASE("http: pipelined requests meet their responses", "[app]") {
  const Events events =
      events_of("GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"
                "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"
                "HTTP/1.1 304 Same\r\nContent-Length: 99\r\n\r\n");
  REQUIRE(events.size() == 3);
  CHECK(
      events[0] ==
      R"(http{"url":"/1","http_method":"GET","protocol":"HTTP/1.1","status":200,"length":1} beside{"tx_id":0})");
  CHECK(
      events[1] ==
      R"(http{"url":"/2","http_method":"HEAD","protocol":"HTTP/1.1","status":200,"length":0} beside{"tx_id":1})");
  CHECK(
      events[2] ==
      R"(http{"url":"/3","http_method":"GET","protocol":"HTTP/1.1","status":304,"length":0} beside{"tx_id":2})");
}

TEST_CASE("http: an interim response is not the response", "[app]") {
  const Events events = events_of("POST /1 HTTP/1.1\r\nContent-Length: 2\r\n\r\nab",
                                  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Made\r\n"
                                  "Content-Length: 0\r\n\r\n");
  REQUIRE(events.size() == 1);
  CHECK(events[0].find("\"status\":201") != std::string::npos);
}

TEST_CASE("http: a body is as long as its chunks, its field or the connection say", "[app]") {
  for (const std::string_view response :
       {"HTTP/1.1 200 OK\r\nTransfer-Encoding: "
        "chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n0123456789abcHTTP/1.1 200 OK\r\n",
        "HTTP/1.0 200 OK\r\n\r\n0123456789abc"}) {
    CAPTURE(response);
    const Events events = events_of("GET / HTTP/1.0\r\n\r\n", response);
    REQUIRE(!events.empty());
    CHECK(events[0].find("\"length\":13") != std::string::npos);
  }
}

TEST_CASE("http: a response that is cut off says how much of it came", "[app]") {
  const Events events = events_of("GET / HTTP/1.1\r\nHost: h\r\n\r\n",
                                  "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
  REQUIRE(events.size() == 1);
  CHECK(events[0].find("\"length\":10") != std::string::npos);
}

TEST_CASE("http: version 0.9 is a line and an answer without a head", "[app]") {
  const Events events = events_of("GET /old\r\n", "<html>hello");
  REQUIRE(events.size() == 1);
  CHECK(events[0] == R"(http{"url":"/old","http_method":"GET","length":11} beside{"tx_id":0})");
}

TEST_CASE("http: a response whose head was missed leaves its request without one", "[app]") {
  Talk talk(kOnHttp);
  talk.client("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
  talk.server("middle of something\r\n");
  talk.server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  REQUIRE(talk.events().size() == 2);
  CHECK(talk.events()[0].find("status") == std::string::npos);
  CHECK(talk.events()[1].find(
            R"("url":"/2","http_method":"GET","protocol":"HTTP/1.1","status":200)") !=
        std::string::npos);
}

TEST_CASE("http: the middle of a response does not make the server a client", "[app]") {
  Talk talk(kOnHttp);
  talk.server("<html>\r\n");
  talk.client("GET /1 HTTP/1.1\r\n\r\n");
  talk.end();
  CHECK(
      talk.events() ==
      Events{
          R"(http{"url":"/1","http_method":"GET","protocol":"HTTP/1.1","length":0} beside{"tx_id":0})"});
}

TEST_CASE("http: one side alone gives events too", "[app]") {
  CHECK(events_of("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n", "")
            .size() == 2);
  Talk talk(kOnHttp);
  talk.server(
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
  CHECK(talk.events() == Events{R"(http{"status":200,"length":2} beside{"tx_id":0})",
                                R"(http{"status":404,"length":0} beside{"tx_id":1})"});
}

TEST_CASE("http: requests that nobody answers are bounded", "[app]") {
  std::string requests;
  for (int i = 0; i < 40; ++i)
    requests += "GET / HTTP/1.1\r\n\r\n";
  Talk talk(kOnHttp);
  talk.client(requests);
  CHECK(talk.events().size() == 24);
  talk.end();
  CHECK(talk.events().size() == 40);
}

TEST_CASE("http: the target names the host when it can", "[app]") {
  const Events events =
      events_of("GET http://a.example:81/x HTTP/1.1\r\nHost: b.example\r\n\r\n", "");
  REQUIRE(events.size() == 1);
  CHECK(events[0].find(R"("hostname":"a.example","http_port":81)") != std::string::npos);
}

TEST_CASE("http: a gap within a counted body is bridged", "[app]") {
  Talk talk(kOnHttp);
  talk.client("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
  talk.server("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n01234");
  talk.lose(flow::kToClient, 10);
  talk.server("56789HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
  talk.acknowledge(flow::kToServer, 200);
  REQUIRE(talk.events().size() == 2);
  CHECK(talk.events()[0].find("\"length\":20") != std::string::npos);
  CHECK(talk.events()[1].find("\"status\":404") != std::string::npos);
}

TEST_CASE("http: after a gap in a head the next message is found", "[app]") {
  Talk talk(kOnHttp);
  talk.client("GET /1 HTTP/1.1\r\nHost: h\r\n");
  talk.lose(flow::kToServer, 30);
  talk.client("rest\r\n\r\n");
  talk.acknowledge(flow::kToClient, 200);
  talk.client("GET /2 HTTP/1.1\r\nHost: i\r\n\r\n");
  talk.end();
  REQUIRE(talk.events().size() == 2);
  CHECK(talk.events()[1].find(R"("hostname":"i","url":"/2")") != std::string::npos);
}

TEST_CASE("http: behind CONNECT another protocol begins", "[app]") {
  Talk talk(kOnHttp);
  talk.client("CONNECT mail.example:25 HTTP/1.1\r\n\r\n");
  talk.server("HTTP/1.1 200 Connected\r\n\r\n");
  talk.server("220 mail.example ESMTP\r\n");
  talk.client("EHLO x\r\n");
  CHECK(talk.app_proto() == "smtp");
  CHECK(talk.app_proto_before() == "http");
  CHECK(talk.events().front().find(R"("hostname":"mail.example","http_port":25)") !=
        std::string::npos);
}

TEST_CASE("websocket: frames behind an upgrade are events, their content is skipped", "[app]") {
  Talk talk(kOnHttp);
  talk.client("GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n");
  talk.server("HTTP/1.1 101 Switching\r\nUpgrade: WebSocket\r\n\r\n");
  talk.client(Wire().u8(0x81).u8(0x82).u32(0x01020304).text("ab").bytes());
  talk.server(Wire().u8(0x02).u8(126).u16(300).zeros(300).u8(0x88).u8(0).bytes());
  CHECK(talk.app_proto() == "websocket");
  REQUIRE(talk.events().size() == 4);
  CHECK(talk.events()[1] == R"(websocket{"fin":true,"mask":16909060,"opcode":"text"})");
  CHECK(talk.events()[2] == R"(<websocket{"fin":false,"opcode":"binary"})");
  CHECK(talk.events()[3] == R"(<websocket{"fin":true,"opcode":"close"})");
}

TEST_CASE("http: the parts of a request line", "[app]") {
  using internet::http::is_surely_request;
  CHECK(is_surely_request("GET / HTTP/1.1"));
  CHECK_FALSE(is_surely_request("OPTIONS rtsp://x RTSP/1.0"));
  CHECK_FALSE(is_surely_request("INVITE sip:x SIP/2.0"));
  CHECK_FALSE(is_surely_request("get / HTTP/1.1"));
  CHECK_FALSE(is_surely_request("GET  HTTP/1.1"));
}

TEST_CASE("http: hosts with brackets, ports and nonsense", "[app]") {
  using internet::http::parse_host;
  CHECK(parse_host("[::1]:80").host == "[::1]");
  CHECK(parse_host("[::1]:80").port == 80);
  CHECK(parse_host("[::1]").host == "[::1]");
  CHECK_FALSE(parse_host("a:99999").has_port);
  CHECK_FALSE(parse_host("a:").has_port);
  CHECK(parse_host("a:").host == "a");
}

TEST_CASE("http: a body whose chunk sizes are no numbers lasts to the end", "[app]") {
  internet::http::Body body;
  body.begin_chunked();
  CHECK(body.take(Talk::bytes_of("hello")) == 5);
  CHECK(body.is_endless());
  body.begin_chunked();
  CHECK(body.take(Talk::bytes_of("FFFFFFFFFFFFFFFFFFFF\r\nxx")) == 24);
  CHECK_FALSE(body.is_done());
}

TEST_CASE("http2: header fields are bounded, long ones are cut before they are left out", "[app]") {
  internet::http2::HeaderList list;
  const std::string long_value(internet::http2::HeaderList::kMaxBytes, 'x');
  list.add(":path", "/");
  list.add("long", long_value);
  CHECK(list.find(":path") == "/");
  CHECK(list.find("long").size() == internet::http2::HeaderList::kBriefBytes);
  for (int i = 0; i < 200; ++i)
    list.add("again", "y");
  CHECK(list.fields().size() == internet::http2::HeaderList::kMaxFields);
}

#if PKTANA_HAVE_NGHTTP2
TEST_CASE("http2: a stream is an event, and so are settings", "[app]") {
  const auto& all = talks::internet_conversations();
  Talk talk({.server_port = 8080});
  for (const talks::Conversation& conversation : all)
    if (std::string_view(conversation.dissector) == "http2")
      for (const talks::Said& said : conversation.said)
        talk.in_pieces(said.side, Talk::bytes_of(said.bytes), 65536);
  CHECK(talk.app_proto() == "http2");
  CHECK(talk.name() == "example.com");
  CHECK(talk.events() ==
        Events{R"(http{"version":"2","http2":{"stream_id":0,"request":{"settings":[)"
               R"({"settings_id":"SETTINGSMAXCONCURRENTSTREAMS","settings_value":100}]}}})",
               R"(http{"version":"2","http2":{"stream_id":0,"response":{"settings":[)"
               R"({"settings_id":"SETTINGSINITIALWINDOWSIZE","settings_value":65536}]}}})",
               R"(http{"version":"2","request_headers":[{"name":":method","value":"GET"},)"
               R"({"name":":path","value":"/"},{"name":":scheme","value":"http"},)"
               R"({"name":":authority","value":"example.com"}],)"
               R"("response_headers":[{"name":":status","value":"200"},)"
               R"({"name":"content-length","value":"5"}],"http_method":"GET","url":"/",)"
               R"("hostname":"example.com","status":200,"length":5,"http2":{"stream_id":1}})"});
}
#endif

}  // namespace
}  // namespace pktana::app
