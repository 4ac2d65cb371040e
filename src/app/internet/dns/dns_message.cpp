// SPDX-License-Identifier: Apache-2.0
#include "app/internet/dns/dns_message.h"

namespace pktana::app::internet::dns {

namespace {

constexpr uint8_t kPointer = 0xc0;  // top bits of a label's length byte

bool is_pointer(uint8_t length) noexcept { return (length & kPointer) == kPointer; }

// The record behind `reader`; false if it is not all there.
bool read_record(Reader& reader, Bytes message, Section section, Record& record) noexcept {
  record.name_at = reader.at();
  const size_t name_end = skip_name(message, reader.at());
  if (name_end == 0) return false;
  reader.skip(name_end - reader.at());
  record.type = reader.u16();
  record.class_code = reader.u16();
  if (section == Questions) return reader.ok();
  record.ttl = reader.u32();
  const uint16_t length = reader.u16();
  record.data_at = reader.at();
  record.data = reader.take(length);
  return reader.ok();
}

}  // namespace

size_t skip_name(Bytes message, size_t at) noexcept {
  while (at < message.size()) {
    const uint8_t length = message[at];
    if (length == 0) return at + 1;
    if (is_pointer(length)) return at + 2 <= message.size() ? at + 2 : 0;
    if ((length & kPointer) != 0) return 0;
    at += 1u + length;
  }
  return 0;
}

bool read_name(Bytes message, size_t at, Name& name) noexcept {
  name.text.clear();
  name.cut = false;
  unsigned pointers = 0;
  while (at < message.size()) {
    const uint8_t length = message[at];
    if (length == 0) return true;
    if (is_pointer(length)) {
      if (at + 2 > message.size() || ++pointers > kMaxPointers) return false;
      at = base::load_be<uint16_t>(&message[at]) & 0x3fffu;
      continue;
    }
    if ((length & kPointer) != 0 || at + 1u + length > message.size()) return false;
    if (name.text.size() > 0) name.text.add('.');
    name.text.add(text_of(message.subspan(at + 1, length)));
    if (name.text.full()) {
      name.cut = true;
      return true;
    }
    at += 1u + length;
  }
  return false;
}

bool read_header(Bytes message, Header& header) noexcept {
  Reader reader(message);
  header.id = reader.u16();
  header.flags = reader.u16();
  for (uint16_t& count : header.counts)
    count = reader.u16();
  return reader.ok();
}

Message::Message(Bytes bytes) noexcept : bytes_(bytes) {
  if (!read_header(bytes, header_)) {
    state_ = State::Cut;
    return;
  }
  end_ = kHeaderLen;
  Reader reader(bytes, kHeaderLen);
  unsigned total = 0;
  for (const Section section : {Questions, Answers, Authorities, Additionals}) {
    section_at_[section] = reader.at();
    for (unsigned i = 0; i < header_.counts[section]; ++i) {
      if (++total > kMaxRecords) state_ = State::Cut;
      if (state_ != State::Whole || !check_entry(reader, section)) return;
    }
  }
}

bool Message::check_entry(Reader& reader, Section section) noexcept {
  Record record;
  Name name;
  const bool name_is_good = read_name(bytes_, reader.at(), name);
  if (!name_is_good) {
    // A name that ends in place but cannot be read has a pointer to nowhere, or a loop.
    state_ = skip_name(bytes_, reader.at()) != 0 ? State::Malformed : State::Cut;
    return false;
  }
  if (!read_record(reader, bytes_, section, record)) {
    state_ = State::Cut;
    return false;
  }
  ++present_[section];
  end_ = reader.at();
  return true;
}

bool RecordWalk::next(Record& record) noexcept {
  if (left_ == 0) return false;
  --left_;
  return read_record(reader_, bytes_, section_, record);
}

}  // namespace pktana::app::internet::dns
