// SPDX-License-Identifier: Apache-2.0
#include "app/internet/dns/dns_event.h"

#include "app/internet/dns/dns_names.h"
#include "app/internet/dns/dns_rdata.h"

namespace pktana::app::internet::dns {

namespace {

constexpr uint16_t kAa = 0x0400;
constexpr uint16_t kTc = 0x0200;
constexpr uint16_t kRd = 0x0100;
constexpr uint16_t kRa = 0x0080;
constexpr uint16_t kZ = 0x0040;

constexpr RdataForms kAnswerForms{.soa = true, .srv = true};
constexpr RdataForms kAuthorityForms{.soa = true};
constexpr RdataForms kAdditionalForms{.opt = true};

void write_owner(Fields& fields, const Message& message, const Record& record) noexcept {
  Name name;
  if (!read_name(message.bytes(), record.name_at, name)) return;
  fields.text("rrname", name.view());
  fields.text("rrtype", type_text(record.type).view());
}

void write_queries(Event& event, const Message& message) noexcept {
  if (message.count(Questions) == 0) return;
  Array queries = event.array("queries");
  RecordWalk walk(message, Questions);
  Record record;
  while (walk.next(record)) {
    Object query = queries.object(nullptr);
    Name name;
    if (!read_name(message.bytes(), record.name_at, name)) continue;
    query.text("rrname", name.view());
    query.flag_if("rrname_truncated", name.cut);
    query.text("rrtype", type_text(record.type).view());
  }
}

void write_record(Array& records, const Message& message, const Record& record,
                  const RdataForms& forms) noexcept {
  const unsigned texts = text_count(record);
  Name text;
  for (unsigned i = 0; i < texts; ++i) {
    Object object = records.object(nullptr);
    write_owner(object, message, record);
    object.number("ttl", record.ttl);
    if (rdata_text(message, record, i, text))
      object.text("rdata", text.view());
    else
      write_structured(object, message, record, forms);
  }
}

// A record that makes an entry of its section.
bool is_shown(const Record& record) noexcept { return !is_empty_opt(record); }

bool any_shown(const Message& message, Section section) noexcept {
  RecordWalk walk(message, section);
  Record record;
  while (walk.next(record))
    if (is_shown(record)) return true;
  return false;
}

void write_section(Event& event, const Message& message, Section section,
                   const RdataForms& forms) noexcept {
  constexpr const char* kKeys[] = {"queries", "answers", "authorities", "additionals"};
  if (!any_shown(message, section)) return;
  Array records = event.array(kKeys[section]);
  RecordWalk walk(message, section);
  Record record;
  while (walk.next(record))
    if (is_shown(record)) write_record(records, message, record, forms);
}

struct Group {
  uint16_t type;
  const char* key;
};
constexpr Group kGroups[] = {{A, "A"},     {Aaaa, "AAAA"}, {Cname, "CNAME"}, {Mx, "MX"},
                             {Ns, "NS"},   {Null, "NULL"}, {Ptr, "PTR"},     {Soa, "SOA"},
                             {Srv, "SRV"}, {Txt, "TXT"},   {Sshfp, "SSHFP"}};

bool has_group(const Message& message, uint16_t type) noexcept {
  RecordWalk walk(message, Answers);
  Record record;
  while (walk.next(record))
    if (record.type == type && is_grouped(message, record)) return true;
  return false;
}

void write_group(Object& grouped, const Message& message, const Group& group) noexcept {
  if (!has_group(message, group.type)) return;
  Array array = grouped.array(group.key);
  RecordWalk walk(message, Answers);
  Record record;
  while (walk.next(record))
    if (record.type == group.type) write_grouped(array, message, record);
}

}  // namespace

void write_dns(Event& event, const Message& message, uint64_t tx_id) noexcept {
  const Header& header = message.header();
  event.number("version", 3);
  event.text("type", header.is_response() ? "response" : "request");
  event.number("tx_id", tx_id);
  event.number("id", header.id);
  event.text("flags", short_hex(header.flags).view());
  event.flag_if("qr", header.is_response());
  event.flag_if("aa", (header.flags & kAa) != 0);
  event.flag_if("tc", (header.flags & kTc) != 0);
  event.flag_if("rd", (header.flags & kRd) != 0);
  event.flag_if("ra", (header.flags & kRa) != 0);
  event.flag_if("z", (header.flags & kZ) != 0);
  event.number("opcode", header.opcode());
  event.text("rcode", rcode_text(header.rcode()).view());
  write_queries(event, message);
  write_section(event, message, Answers, kAnswerForms);
  if (message.count(Answers) > 0) {
    Object grouped = event.object("grouped");
    for (const Group& group : kGroups)
      write_group(grouped, message, group);
  }
  write_section(event, message, Authorities, kAuthorityForms);
  write_section(event, message, Additionals, kAdditionalForms);
}

void learn_names(const Flow& flow, const Message& message) noexcept {
  RecordWalk questions(message, Questions);
  RecordWalk answers(message, Answers);
  Record question;
  Record record;
  Name asked;
  Name current;  // what the CNAMEs so far have led to
  Name owner;
  if (!questions.next(question) || !read_name(message.bytes(), question.name_at, asked)) return;
  current = asked;
  while (answers.next(record)) {
    if (!read_name(message.bytes(), record.name_at, owner)) return;
    const bool leads_here = equal_ignoring_case(owner.view(), current.view());
    if (record.type == Cname && leads_here) {
      if (!read_name(message.bytes(), record.data_at, current)) return;
    } else if ((record.type == A && record.data.size() == 4) ||
               (record.type == Aaaa && record.data.size() == 16)) {
      flow.learn_name(record.data, (leads_here ? asked : owner).view(), record.ttl);
    }
  }
}

}  // namespace pktana::app::internet::dns
