// SPDX-License-Identifier: Apache-2.0
// EVE lines of application events: the head, the fields as the tape has them, and that no value
// breaks a line or its limit.
#include "sink/eve_event.h"

#include <cmath>
#include <limits>
#include <string>

#include "flow/app_tape.h"
#include "sink/eve_writer.h"
#include "sink/sample_records.h"
#include "support/catch.h"

namespace pktana::sink {
namespace {

using flow::AppEvent;
using flow::FlowRecord;
using flow::TapeWriter;

std::string line_of(const FlowRecord& record, WriterContext context = {}) {
  auto writer = EveWriter::create(context);
  REQUIRE(writer);
  std::string text(kMaxLineBytes, '#');
  const char* end = (*writer)->put_event(text.data(), record);
  text.resize(static_cast<size_t>(end - text.data()));
  return text;
}

FlowRecord record_with(const AppEvent& event) {
  FlowRecord record = tcp_record();
  record.event = &event;
  record.end_ns = record.start_ns + 1'000'000;
  return record;
}

/// What stands between `"dns":{` and the end of that object, if nothing follows it but `pktana`.
std::string fields_of(const AppEvent& event) {
  const std::string line = line_of(record_with(event));
  const std::string head = R"("dns":)";
  const size_t begin = line.find(head) + head.size();
  return line.substr(begin, line.find(R"(,"pktana")") - begin);
}

AppEvent dns_event() {
  AppEvent event;
  event.name = "dns";
  return event;
}

TEST_CASE("eve event: the head is the flow's, the time the event's") {
  AppEvent event = dns_event();
  TapeWriter(event.beside).number("tx_id", 7);
  TapeWriter(event.tape).text("type", "request");
  const FlowRecord record = record_with(event);
  const std::string line = line_of(record);
  CHECK(line.find(R"(,"event_type":"dns","src_ip":")") != std::string::npos);
  CHECK(line.find(R"(,"proto":"TCP","ip_v":4,"community_id":"1:)") != std::string::npos);
  CHECK(line.find(R"(","tx_id":7,"dns":{"type":"request"},"pktana":{"schema":1,"seq":1}})") !=
        std::string::npos);
  TimestampText time;
  char text[40];
  CHECK(line.find(std::string(R"({"timestamp":")") +
                  std::string(text, time.put(text, record.end_ns))) == 0);
  CHECK(line.back() == '\n');
}

TEST_CASE("eve event: of the responder has source and destination turned") {
  AppEvent event = dns_event();
  const std::string asked = line_of(record_with(event));
  event.to_client = true;
  const std::string answered = line_of(record_with(event));
  const FlowRecord record = record_with(event);
  const std::string port = R"("src_port":)" + std::to_string(record.src_port) + ',';
  CHECK(asked.find(port) != std::string::npos);
  CHECK(answered.find(R"("dest_port":)" + std::to_string(record.src_port) + ',') !=
        std::string::npos);
}

TEST_CASE("eve event: every kind of value, nested") {
  AppEvent event = dns_event();
  TapeWriter tape(event.tape);
  tape.number("big", std::numeric_limits<uint64_t>::max());
  tape.signed_number("low", std::numeric_limits<int64_t>::min());
  tape.signed_number("small", 5);
  tape.real("half", 0.5);
  tape.real("none", std::nan(""));
  tape.flag("yes", true);
  tape.flag("no", false);
  tape.array_begin("list");
  tape.text(nullptr, "a");
  tape.object_begin(nullptr);
  tape.number("x", 1);
  tape.end();
  tape.array_begin(nullptr);
  tape.end();
  tape.end();
  tape.object_begin("empty");
  tape.end();
  CHECK(fields_of(event) ==
        R"({"big":18446744073709551615,"low":-9223372036854775808,"small":5,"half":0.5,)"
        R"("none":null,"yes":true,"no":false,"list":["a",{"x":1},[]],"empty":{}})");
}

TEST_CASE("eve event: text and keys are escaped") {
  AppEvent event = dns_event();
  TapeWriter(event.tape).text("a\"b", std::string_view("\x00\"\n\xFF\xC3\xA4", 6));
  CHECK(fields_of(event) == R"({"a\"b":"\u0000\"\u000a\u00ff)"
                            "\xC3\xA4\"}");
}

TEST_CASE("eve event: what a dissector left open is closed") {
  AppEvent event = dns_event();
  TapeWriter tape(event.tape);
  tape.object_begin("a");
  tape.array_begin("b");
  CHECK(fields_of(event) == R"({"a":{"b":[]}})");
}

TEST_CASE("eve event: an end too many ends nothing of ours") {
  AppEvent event = dns_event();
  TapeWriter tape(event.tape);
  tape.end();
  tape.number("a", 1);
  CHECK(fields_of(event) == R"({"a":1})");
}

TEST_CASE("eve event: says so when it was cut before it came here") {
  AppEvent event = dns_event();
  event.cut = true;
  CHECK(line_of(record_with(event)).find(R"("seq":1,"truncated":true}})") != std::string::npos);
}

TEST_CASE("eve event: a text that is too long is cut, and all that is open is closed") {
  for (const size_t length : {15'000U, 16'384U, 40'000U}) {
    for (const char byte : {'a', '\x01', '"'}) {
      AppEvent event = dns_event();
      TapeWriter tape(event.tape);
      for (unsigned i = 0; i < flow::kMaxTapeDepth; ++i)
        tape.array_begin(i == 0 ? "deep" : nullptr);
      tape.text(nullptr, std::string(length, byte));
      const std::string line = line_of(record_with(event), {.host = std::string(1024, 'h')});
      CHECK(line.size() <= kMaxLineBytes);
      CHECK(line.size() > kMaxLineBytes - 400);
      CHECK(line.find(std::string(flow::kMaxTapeDepth, ']') + "},") != std::string::npos);
      CHECK(line.find(R"("truncated":true)") != std::string::npos);
    }
  }
}

TEST_CASE("eve event: fields without number fill the line and no more") {
  AppEvent event = dns_event();
  TapeWriter tape(event.tape);
  for (int i = 0; i < 5000; ++i)
    tape.number("number", static_cast<uint64_t>(i));
  const std::string line = line_of(record_with(event));
  CHECK(line.size() <= kMaxLineBytes);
  CHECK(line.find(R"("truncated":true}})") != std::string::npos);
}

TEST_CASE("eve event: a text that just fits is whole and does not claim to be cut") {
  // The room for it is the same, whatever it says: one that says all, one that is a byte short.
  size_t whole = 0;
  for (size_t length = 15'000; length < 16'384; ++length) {
    AppEvent event = dns_event();
    TapeWriter(event.tape).text("t", std::string(length, 'x'));
    const std::string line = line_of(record_with(event));
    REQUIRE(line.size() <= kMaxLineBytes);
    const bool cut = line.find("truncated") != std::string::npos;
    CHECK(cut == (line.find(std::string(length, 'x')) == std::string::npos));
    if (!cut) whole = length;
  }
  CHECK(whole > 15'500);
}

TEST_CASE("eve event: more depth than there may be is cut off, not written past") {
  AppEvent event = dns_event();
  TapeWriter tape(event.tape);
  for (unsigned i = 0; i < 100; ++i)
    tape.object_begin("d");
  CHECK(line_of(record_with(event)).find(R"("truncated":true)") != std::string::npos);
}

}  // namespace
}  // namespace pktana::sink
