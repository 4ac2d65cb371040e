// SPDX-License-Identifier: Apache-2.0
#include "app/internet/snmp/snmp_message.h"

#include <iterator>

namespace pktana::app::internet::snmp {

namespace {

constexpr uint8_t kFirstPdu = 0xa0;
constexpr uint8_t kLastPdu = 0xa8;
constexpr uint8_t kTrapV1 = 0xa4;
constexpr int64_t kUserSecurityModel = 3;

template <size_t kCount>
std::string_view name_of(const std::string_view (&names)[kCount], int64_t number) noexcept {
  return number >= 0 && number < static_cast<int64_t>(kCount) ? names[number] : "";
}

// RFC 1157 section 4.1.6.
bool parse_trap_v1(Reader& reader, Message& message) noexcept {
  int64_t specific = 0;
  BerElement time;
  message.is_trap_v1 = true;
  return read_tagged(reader, ObjectId, message.enterprise) &&
         read_tagged(reader, IpAddress, message.agent_address) &&
         read_integer(reader, message.generic_trap) && read_integer(reader, specific) &&
         read_ber(reader, time) && read_tagged(reader, Sequence, message.bindings);
}

bool parse_pdu(Reader& reader, Message& message) noexcept {
  BerElement pdu;
  if (!read_ber(reader, pdu) || pdu.tag < kFirstPdu || pdu.tag > kLastPdu) return false;
  message.pdu_tag = pdu.tag;
  Reader fields(pdu.value);
  if (pdu.tag == kTrapV1) return parse_trap_v1(fields, message);
  int64_t id = 0;
  int64_t index = 0;
  int64_t error = 0;
  return read_integer(fields, id) && read_integer(fields, error) && read_integer(fields, index) &&
         read_tagged(fields, Sequence, message.bindings);
}

// RFC 3414 section 2.4: the user's name is the fourth field.
bool parse_user(Bytes parameters, Message& message) noexcept {
  Reader outer(parameters);
  Bytes fields;
  if (!read_tagged(outer, Sequence, fields)) return false;
  Reader reader(fields);
  Bytes engine;
  Bytes user;
  int64_t boots = 0;
  int64_t time = 0;
  if (!read_tagged(reader, OctetString, engine) || !read_integer(reader, boots) ||
      !read_integer(reader, time) || !read_tagged(reader, OctetString, user))
    return false;
  message.user = text_of(user);
  return true;
}

// RFC 3412 section 6.
bool parse_v3(Reader& reader, Message& message) noexcept {
  Bytes global;
  Bytes parameters;
  Bytes flags;
  int64_t id = 0;
  int64_t max_size = 0;
  int64_t model = 0;
  if (!read_tagged(reader, Sequence, global)) return false;
  Reader fields(global);
  if (!read_integer(fields, id) || !read_integer(fields, max_size) ||
      !read_tagged(fields, OctetString, flags) || flags.size() != 1 ||
      !read_integer(fields, model) || !read_tagged(reader, OctetString, parameters))
    return false;
  if (model == kUserSecurityModel && !parse_user(parameters, message)) return false;
  BerElement scoped;
  if (!read_ber(reader, scoped)) return false;
  message.is_encrypted = scoped.tag == OctetString;
  if (message.is_encrypted) return true;
  Reader inner(scoped.value);
  Bytes engine;
  Bytes name;
  return scoped.tag == Sequence && read_tagged(inner, OctetString, engine) &&
         read_tagged(inner, OctetString, name) && parse_pdu(inner, message);
}

}  // namespace

bool parse_message(Bytes datagram, Message& message) noexcept {
  Reader outer(datagram);
  Bytes all;
  int64_t version = 0;
  if (!read_tagged(outer, Sequence, all)) return false;
  Reader reader(all);
  if (!read_integer(reader, version)) return false;
  if (version == 3) {
    message.version = 3;
    return parse_v3(reader, message);
  }
  if (version != 0 && version != 1) return false;
  message.version = static_cast<unsigned>(version) + 1;
  Bytes community;
  if (!read_tagged(reader, OctetString, community)) return false;
  message.community = text_of(community);
  return parse_pdu(reader, message);
}

std::string_view pdu_name(uint8_t tag) noexcept {
  constexpr std::string_view kNames[] = {"get_request",    "get_next_request", "response",
                                         "set_request",    "trap_v1",          "get_bulk_request",
                                         "inform_request", "trap_v2",          "report"};
  return name_of(kNames, static_cast<int64_t>(tag) - kFirstPdu);
}

std::string_view generic_trap_name(int64_t trap) noexcept {
  constexpr std::string_view kNames[] = {
      "ColdStart",       "WarmStart",         "LinkDown", "LinkUp", "AuthenticationFailure",
      "EgpNeighborLoss", "EnterpriseSpecific"};
  return name_of(kNames, trap);
}

}  // namespace pktana::app::internet::snmp
