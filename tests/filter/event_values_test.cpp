// SPDX-License-Identifier: Apache-2.0
// Expressions over what the application layer knows: names of flows, fields of events.
#include "filter/event_values.h"

#include <string>

#include "filter/expression.h"
#include "flow/app_tape.h"
#include "support/catch.h"

namespace pktana::filter {
namespace {

using flow::AppEvent;
using flow::FlowRecord;
using flow::TapeWriter;

bool matches(const std::string& text, const FlowRecord& record) {
  const auto expression = Expression::compile(text, ExpressionUse::Records);
  if (!expression) FAIL(expression.error().detail);
  return expression->matches(RecordView{record, nullptr});
}

/// A DNS answer with two queries, as EVE's version 3 has it.
AppEvent dns_answer() {
  AppEvent event;
  event.name = "dns";
  TapeWriter tape(event.tape);
  tape.text("type", "response");
  tape.object_begin("other");
  tape.text("type", "decoy");
  tape.end();
  tape.array_begin("queries");
  for (const char* name : {"a.example", "b.example"}) {
    tape.object_begin(nullptr);
    tape.text("rrname", name);
    tape.text("rrtype", "A");
    tape.end();
  }
  tape.end();
  tape.text("rcode", "NXDOMAIN");
  return event;
}

FlowRecord record_of(const AppEvent& event) {
  FlowRecord record;
  record.event = &event;
  return record;
}

TEST_CASE("event fields: a value is found by its path, in each element of a list") {
  const AppEvent event = dns_answer();
  const FlowRecord record = record_of(event);
  CHECK(matches("dns.rrname == a.example", record));
  CHECK(matches("dns.rrname == b.example", record));
  CHECK_FALSE(matches("dns.rrname == c.example", record));
  CHECK(matches("dns.rcode == NXDOMAIN and dns.rrtype == A", record));
  CHECK(matches("dns.rrname ~ 'b[.]exa'", record));
}

TEST_CASE("event fields: the same key elsewhere is another field") {
  const AppEvent event = dns_answer();
  CHECK(matches("dns.type == response", record_of(event)));
  CHECK_FALSE(matches("dns.type == decoy", record_of(event)));
}

TEST_CASE("event fields: numbers, and fields two objects deep") {
  AppEvent http;
  http.name = "http";
  TapeWriter(http.tape).number("status", 404);
  CHECK(matches("http.status >= 400", record_of(http)));
  CHECK_FALSE(matches("http.status == 200", record_of(http)));
  AppEvent tls;
  tls.name = "tls";
  TapeWriter tape(tls.tape);
  tape.object_begin("ja3");
  tape.text("hash", "0123");
  tape.end();
  tape.text("sni", "www.example");
  CHECK(matches("tls.ja3 == 0123 and tls.sni == www.example", record_of(tls)));
}

TEST_CASE("event fields: events of other kinds and flows have none") {
  const AppEvent event = dns_answer();
  CHECK_FALSE(matches("tls.sni != x", record_of(event)));
  CHECK_FALSE(matches("dns.rrname != x", FlowRecord{}));
}

TEST_CASE("event fields: what kind of record it is") {
  const AppEvent event = dns_answer();
  CHECK(matches("event_type == dns", record_of(event)));
  CHECK(matches("event_type == flow", FlowRecord{}));
  FlowRecord update;
  update.update.index = 1;
  CHECK(matches("event_type == flow_update", update));
}

TEST_CASE("event fields: deeper tapes than there may be and ends too many are walked in bounds") {
  AppEvent event;
  event.name = "dns";
  TapeWriter tape(event.tape);
  for (int i = 0; i < 100; ++i)
    tape.object_begin("queries");
  tape.text("rrname", "x");
  for (int i = 0; i < 300; ++i)
    tape.end();
  tape.text("rcode", "OK");
  CHECK_FALSE(matches("dns.rrname == y", record_of(event)));
}

TEST_CASE("application fields: protocol, name and fingerprints of a flow") {
  flow::AppSummary app;
  app.app_proto_before = "smtp";
  app.name = "mail.example";
  app.name_source = flow::NameSource::TlsSni;
  app.fingerprints = {{"ja3", "0123"}, {"ja4", "t13d"}};
  FlowRecord record;
  record.app_proto = "tls";
  record.app_basis = flow::AppBasis::Content;
  record.app = &app;
  CHECK(matches("app_proto == tls and app_proto_orig == smtp and app_basis == content", record));
  CHECK(matches("name == mail.example and name_source == tls_sni", record));
  CHECK(matches("ja3 == 0123 and ja4 == t13d", record));
  CHECK_FALSE(matches("hassh", record));
  CHECK_FALSE(matches("app_proto != tls", FlowRecord{}));
}

}  // namespace
}  // namespace pktana::filter
