// SPDX-License-Identifier: Apache-2.0
#include "app/internet/dns/dns_rdata.h"

#include "app/internet/dns/dns_names.h"
#include "app/internet/dns/dns_svcb.h"

namespace pktana::app::internet::dns {

namespace {

constexpr size_t kMxPreferenceLen = 2;

struct SoaNumbers {
  uint32_t serial, refresh, retry, expire, minimum;
};

bool read_soa(const Message& message, const Record& record, Name& mname, Name& rname,
              SoaNumbers& numbers) noexcept {
  const Bytes bytes = message.bytes().first(record.data_at + record.data.size());
  const size_t rname_at = skip_name(bytes, record.data_at);
  if (rname_at == 0 || !read_name(bytes, record.data_at, mname) ||
      !read_name(bytes, rname_at, rname))
    return false;
  Reader reader(bytes, skip_name(bytes, rname_at));
  numbers = {reader.u32(), reader.u32(), reader.u32(), reader.u32(), reader.u32()};
  return reader.ok();
}

void write_soa(Fields& fields, const char* key, const Message& message,
               const Record& record) noexcept {
  Name mname;
  Name rname;
  SoaNumbers numbers{};
  if (!read_soa(message, record, mname, rname, numbers)) return;
  Object soa = fields.object(key);
  soa.text("mname", mname.view());
  soa.flag_if("mname_truncated", mname.cut);
  soa.text("rname", rname.view());
  soa.number("serial", numbers.serial);
  soa.number("refresh", numbers.refresh);
  soa.number("retry", numbers.retry);
  soa.number("expire", numbers.expire);
  soa.number("minimum", numbers.minimum);
}

// RFC 2782.
void write_srv(Fields& fields, const char* key, const Message& message,
               const Record& record) noexcept {
  Reader reader(record.data);
  const uint16_t priority = reader.u16();
  const uint16_t weight = reader.u16();
  const uint16_t port = reader.u16();
  Name name;
  if (!reader.ok() || !read_name(message.bytes(), record.data_at + reader.at(), name)) return;
  Object srv = fields.object(key);
  srv.number("priority", priority);
  srv.number("weight", weight);
  srv.number("port", port);
  srv.text("name", name.view());
}

// RFC 4255.
void write_sshfp(Fields& fields, const char* key, const Record& record) noexcept {
  Reader reader(record.data);
  const uint8_t algorithm = reader.u8();
  const uint8_t type = reader.u8();
  if (!reader.ok()) return;
  Object sshfp = fields.object(key);
  sshfp.text("fingerprint", colon_hex(reader.rest()).view());
  sshfp.number("algo", algorithm);
  sshfp.number("type", type);
}

// RFC 6891 section 6.1.2.
void write_opt(Fields& fields, const Record& record) noexcept {
  if (record.data.empty()) return;
  Array options = fields.array("opt");
  Reader reader(record.data);
  while (reader.left() > 0) {
    const uint16_t code = reader.u16();
    const Bytes data = reader.take(reader.u16());
    if (!reader.ok()) return;
    Object option = options.object(nullptr);
    option.number("code", code);
    option.text("data", plain_hex(data).view());
  }
}

// String number `which` of TXT data.
bool read_string(Bytes data, unsigned which, std::string_view& text) noexcept {
  Reader reader(data);
  for (;; --which) {
    const Bytes string = reader.take(reader.u8());
    if (!reader.ok()) return false;
    text = text_of(string);
    if (which == 0) return true;
  }
}

}  // namespace

unsigned text_count(const Record& record) noexcept {
  if (record.type != Txt) return 1;
  unsigned count = 0;
  Reader reader(record.data);
  while (reader.left() > 0) {
    reader.skip(reader.u8());
    if (reader.ok()) ++count;
  }
  return count;
}

bool rdata_text(const Message& message, const Record& record, unsigned which, Name& text) noexcept {
  text.text.clear();
  text.cut = false;
  switch (record.type) {
    case A:
    case Aaaa:
      text.text.add(address_text(record.data).view());
      return record.data.size() == (record.type == A ? 4u : 16u);
    case Ns:
    case Cname:
    case Ptr:
      return read_name(message.bytes(), record.data_at, text);
    case Mx:
      return record.data.size() > kMxPreferenceLen &&
             read_name(message.bytes(), record.data_at + kMxPreferenceLen, text);
    case Txt: {
      std::string_view string;
      if (!read_string(record.data, which, string)) return false;
      text.text.add(string);
      return true;
    }
    case Null:
      text.text.add(text_of(record.data));
      return true;
    case Svcb:
    case Https:
      return svcb_text(message, record, text);
    case Caa:
      return caa_text(record, text);
    default:
      return false;
  }
}

void write_structured(Fields& fields, const Message& message, const Record& record,
                      const RdataForms& forms) noexcept {
  if (record.type == Soa && forms.soa) write_soa(fields, "soa", message, record);
  if (record.type == Srv && forms.srv) write_srv(fields, "srv", message, record);
  if (record.type == Sshfp && forms.srv) write_sshfp(fields, "sshfp", record);
  if (record.type == Opt && forms.opt) write_opt(fields, record);
}

bool is_grouped(const Message& message, const Record& record) noexcept {
  Name name;
  switch (record.type) {
    case A:
    case Aaaa:
    case Ns:
    case Cname:
    case Ptr:
    case Mx:
    case Txt:
    case Null:
      return rdata_text(message, record, 0, name);
    case Soa: {
      Name rname;
      SoaNumbers numbers{};
      return read_soa(message, record, name, rname, numbers);
    }
    case Srv:
    case Sshfp:
      return true;
    default:
      return false;
  }
}

void write_grouped(Array& array, const Message& message, const Record& record) noexcept {
  if (record.type == Soa) return write_soa(array, nullptr, message, record);
  if (record.type == Srv) return write_srv(array, nullptr, message, record);
  if (record.type == Sshfp) return write_sshfp(array, nullptr, record);
  const unsigned texts = text_count(record);
  Name text;
  for (unsigned i = 0; i < texts; ++i)
    if (rdata_text(message, record, i, text)) array.add(text.view());
}

}  // namespace pktana::app::internet::dns
