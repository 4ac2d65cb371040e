// SPDX-License-Identifier: Apache-2.0
#include "app/internet/dns/dns_probe.h"

#include <algorithm>

#include "app/internet/dns/dns_names.h"

namespace pktana::app::internet::dns {

namespace {

constexpr unsigned kMaxOpcode = 6;  // DSO, RFC 8490
constexpr unsigned kMaxRcode = 23;  // BADCOOKIE, the last but one group of the registry
constexpr unsigned kMaxQuestions = 32;
constexpr uint16_t kClassIn = 1;
constexpr uint16_t kClassMask = 0x7fff;  // mDNS asks for unicast answers in the top bit
constexpr uint16_t kZ = 0x0040;

bool is_sane(const Header& header) noexcept {
  const unsigned records = header.counts[Questions] + header.counts[Answers] +
                           header.counts[Authorities] + header.counts[Additionals];
  return header.opcode() <= kMaxOpcode && header.rcode() <= kMaxRcode &&
         header.counts[Questions] <= kMaxQuestions && (records > 0 || header.is_response());
}

// RFC 1002 section 4.1: NetBIOS names are such, in messages of the same layout.
bool is_netbios_name(std::string_view name) noexcept {
  constexpr size_t kEncodedLen = 32;
  const std::string_view label = name.substr(0, name.find('.'));
  return label.size() == kEncodedLen &&
         std::all_of(label.begin(), label.end(), [](char c) { return c >= 'A' && c <= 'P'; });
}

bool is_host_like(const Name& name) noexcept {
  return !is_netbios_name(name.view()) && !name.cut && !name.view().empty() &&
         is_printable(name.view());
}

bool has_one_plain_question(const Message& message) noexcept {
  RecordWalk walk(message, Questions);
  Record record;
  Name name;
  return message.count(Questions) == 1 && walk.next(record) && is_known_type(record.type) &&
         (record.class_code & kClassMask) == kClassIn &&
         read_name(message.bytes(), record.name_at, name) && is_host_like(name);
}

}  // namespace

bool looks_like_dns(Bytes bytes) noexcept {
  const Message message(bytes);
  if (bytes.size() < kHeaderLen || !is_sane(message.header())) return false;
  if (message.state() == Message::State::Malformed) return message.count(Questions) > 0;
  const bool has_entry = message.count(Questions) > 0 || message.count(Answers) > 0;
  return has_entry || message.state() == Message::State::Whole;
}

bool is_surely_dns(Bytes bytes) noexcept {
  const Message message(bytes);
  const Header& header = message.header();
  if (message.state() != Message::State::Whole || message.end() != bytes.size()) return false;
  if (header.opcode() != 0 || (header.flags & kZ) != 0 || header.rcode() > 5) return false;
  if (!header.is_response() && (header.rcode() != 0 || header.counts[Answers] != 0)) return false;
  return has_one_plain_question(message);
}

}  // namespace pktana::app::internet::dns
