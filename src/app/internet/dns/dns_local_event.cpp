// SPDX-License-Identifier: Apache-2.0
// The events of DNS on the local link, whose EVE forms are leaner than that of dns.
#include "app/internet/dns/dns_event.h"
#include "app/internet/dns/dns_names.h"
#include "app/internet/dns/dns_rdata.h"

namespace pktana::app::internet::dns {

namespace {

struct FlagName {
  uint16_t bit;
  const char* name;
};
// RFC 6762 section 18; RFC 4795 section 2.1.1.
constexpr FlagName kMdnsFlags[] = {{0x0400, "aa"}, {0x0200, "tc"}, {0x0100, "rd"}, {0x0080, "ra"},
                                   {0x0040, "z"},  {0x0020, "ad"}, {0x0010, "cd"}};
constexpr FlagName kLlmnrFlags[] = {{0x0400, "c"}, {0x0200, "tc"}, {0x0100, "t"}};

template <size_t kCount>
void write_flags(Event& event, uint16_t flags, const FlagName (&names)[kCount]) noexcept {
  Array array = event.array("flags");
  for (const FlagName& flag : names)
    if ((flags & flag.bit) != 0) array.add(flag.name);
}

void write_name(Fields& fields, const Message& message, const Record& record) noexcept {
  Name name;
  if (!read_name(message.bytes(), record.name_at, name)) return;
  fields.text("rrname", name.view());
  fields.flag_if("rrname_truncated", name.cut);
}

void write_questions(Event& event, const Message& message) noexcept {
  if (message.count(Questions) == 0) return;
  Array queries = event.array("queries");
  RecordWalk walk(message, Questions);
  Record record;
  while (walk.next(record)) {
    Object query = queries.object(nullptr);
    write_name(query, message, record);
    query.text("rrtype", type_text(record.type).view());
  }
}

void write_txt(Fields& fields, const Message& message, const Record& record) noexcept {
  const unsigned texts = text_count(record);
  if (texts == 0) return;
  Array array = fields.array("txt");
  Name text;
  for (unsigned i = 0; i < texts; ++i)
    if (rdata_text(message, record, i, text)) array.add(text.view());
}

// The key that llmnr events have for the data of a type; null for none.
const char* data_key(uint16_t type) noexcept {
  switch (type) {
    case A:
      return "a";
    case Aaaa:
      return "aaaa";
    case Cname:
      return "cname";
    case Mx:
      return "mx";
    case Ns:
      return "ns";
    case Null:
      return "null";
    case Ptr:
      return "ptr";
    default:
      return nullptr;
  }
}

void write_data(Fields& fields, const Message& message, const Record& record) noexcept {
  if (record.type == Txt) return write_txt(fields, message, record);
  Name text;
  const char* key = data_key(record.type);
  if (key != nullptr && rdata_text(message, record, 0, text)) fields.text(key, text.view());
}

using WriteRecord = void (*)(Object&, const Message&, const Record&, Section);

void write_mdns_record(Object& object, const Message& message, const Record& record,
                       Section section) noexcept {
  write_name(object, message, record);
  if (section != Authorities && (record.type == Ptr || record.type == Txt))
    write_data(object, message, record);
}

void write_llmnr_record(Object& object, const Message& message, const Record& record,
                        Section section) noexcept {
  write_name(object, message, record);
  object.text("rrtype", type_text(record.type).view());
  object.number("ttl", record.ttl);
  write_data(object, message, record);
  write_structured(
      object, message, record,
      {.soa = section != Additionals, .srv = section == Answers, .opt = section == Additionals});
}

void write_records(Event& event, const Message& message, WriteRecord write) noexcept {
  constexpr const char* kKeys[] = {"queries", "answers", "authorities", "additionals"};
  for (const Section section : {Answers, Authorities, Additionals}) {
    if (message.count(section) == 0) continue;
    Array records = event.array(kKeys[section]);
    RecordWalk walk(message, section);
    Record record;
    while (walk.next(record)) {
      Object object = records.object(nullptr);
      write(object, message, record, section);
    }
  }
}

}  // namespace

void write_mdns(Event& event, const Message& message) noexcept {
  const Header& header = message.header();
  event.text("type", header.is_response() ? "response" : "request");
  event.number("id", header.id);
  write_flags(event, header.flags, kMdnsFlags);
  event.number("opcode", header.opcode());
  event.number("rcode", header.rcode());
  write_questions(event, message);
  write_records(event, message, write_mdns_record);
}

void write_llmnr(Event& event, const Message& message, uint64_t tx_id) noexcept {
  const Header& header = message.header();
  event.text("type", header.is_response() ? "response" : "request");
  event.number("tx_id", tx_id);
  event.number("id", header.id);
  write_flags(event, header.flags, kLlmnrFlags);
  event.number("opcode", header.opcode());
  write_questions(event, message);
  write_records(event, message, write_llmnr_record);
}

}  // namespace pktana::app::internet::dns
