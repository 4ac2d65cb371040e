// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/krb5/krb5_message.h"

#include "app/ber.h"

namespace pktana::app::enterprise {
namespace {

/// PrincipalName ::= SEQUENCE { name-type [0], name-string [1] SEQUENCE OF KerberosString }
std::optional<Krb5Name> parse_name(Bytes fields, uint8_t tag) noexcept {
  const std::optional<BerElement> name = ber_wrapped(fields, tag);
  if (!name) return {};
  const std::optional<BerElement> strings = ber_wrapped(name->value, ber_context(1));
  if (!strings) return {};
  Krb5Name out;
  BerReader reader(strings->value);
  BerElement part;
  while (out.count < Krb5Name::kMaxParts && reader.next(part))
    out.parts[out.count++] = text_of(part.value);
  return out;
}

std::optional<std::string_view> parse_text(Bytes fields, uint8_t tag) noexcept {
  const std::optional<BerElement> text = ber_wrapped(fields, tag);
  if (!text) return {};
  return text_of(text->value);
}

std::optional<int64_t> parse_number(Bytes fields, uint8_t tag) noexcept {
  const std::optional<BerElement> number = ber_wrapped(fields, tag);
  return number ? ber_number(number->value) : std::nullopt;
}

/// etype of EncryptedData.
std::optional<int64_t> parse_encryption(Bytes fields, uint8_t tag) noexcept {
  const std::optional<BerElement> data = ber_wrapped(fields, tag);
  return data ? parse_number(data->value, ber_context(0)) : std::nullopt;
}

/// KDC-REQ, section 5.4.1
bool parse_request(Bytes fields, Krb5Message& out) noexcept {
  const std::optional<BerElement> body = ber_wrapped(fields, ber_context(4));
  if (!body) return false;
  out.client = parse_name(body->value, ber_context(1));
  out.realm = parse_text(body->value, ber_context(2));
  out.service = parse_name(body->value, ber_context(3));
  return true;
}

/// KDC-REP, section 5.4.2
bool parse_reply(Bytes fields, Krb5Message& out) noexcept {
  out.realm = parse_text(fields, ber_context(3));
  out.client = parse_name(fields, ber_context(4));
  out.encryption = parse_encryption(fields, ber_context(6));
  const std::optional<BerElement> ticket = ber_wrapped(fields, ber_context(5));
  if (!ticket) return false;
  const std::optional<Bytes> inside = ber_child(ticket->value, kBerSequence);
  if (!inside) return false;
  out.service = parse_name(*inside, ber_context(2));
  out.ticket_encryption = parse_encryption(*inside, ber_context(3));
  return true;
}

/// KRB-ERROR, section 5.9.1
bool parse_error(Bytes fields, Krb5Message& out) noexcept {
  out.error_code = parse_number(fields, ber_context(6));
  out.client = parse_name(fields, ber_context(8));
  out.service = parse_name(fields, ber_context(10));
  return out.error_code.has_value();
}

std::optional<Krb5Type> type_of(uint8_t tag) noexcept {
  for (const Krb5Type type :
       {Krb5Type::AsReq, Krb5Type::AsRep, Krb5Type::TgsReq, Krb5Type::TgsRep, Krb5Type::Error})
    if (tag == ber_application(static_cast<uint8_t>(type))) return type;
  return {};
}

bool is_request(Krb5Type type) noexcept {
  return type == Krb5Type::AsReq || type == Krb5Type::TgsReq;
}

}  // namespace

std::optional<Krb5Message> parse_krb5(Bytes bytes) noexcept {
  constexpr int64_t kVersion = 5;
  BerElement outer;
  if (!BerReader(bytes).next(outer)) return {};
  const std::optional<Krb5Type> type = type_of(outer.tag);
  if (!type) return {};
  const std::optional<Bytes> fields = BerReader(outer.value).take(kBerSequence);
  if (!fields) return {};
  const uint8_t first = is_request(*type) ? 1 : 0;
  if (parse_number(*fields, ber_context(first)) != kVersion ||
      parse_number(*fields, ber_context(static_cast<uint8_t>(first + 1))) !=
          static_cast<int64_t>(*type))
    return {};
  Krb5Message message{.type = *type};
  const bool parsed = is_request(*type)          ? parse_request(*fields, message)
                      : *type == Krb5Type::Error ? parse_error(*fields, message)
                                                 : parse_reply(*fields, message);
  if (!parsed) return {};
  return message;
}

pktana_match probe_krb5(Bytes bytes) noexcept {
  const BerHeadResult outer = ber_head(bytes);
  if (outer.is_malformed || (!bytes.empty() && !type_of(bytes[0]))) return PKTANA_NO;
  if (!outer.head) return PKTANA_MAYBE;
  const Bytes value = bytes.subspan(outer.head->head_len);
  const BerHeadResult sequence = ber_head(value);
  if (sequence.is_malformed || (!value.empty() && value[0] != kBerSequence)) return PKTANA_NO;
  if (!sequence.head) return PKTANA_MAYBE;
  if (sequence.head->head_len + sequence.head->value_len != outer.head->value_len) return PKTANA_NO;
  // pvno: [1] of requests, [0] of the others, INTEGER 5
  const uint8_t pvno = ber_context(is_request(*type_of(bytes[0])) ? 1 : 0);
  const std::array<uint8_t, 5> version = {pvno, 3, kBerInteger, 1, 5};
  const Bytes fields = value.subspan(sequence.head->head_len);
  for (size_t i = 0; i < version.size(); ++i) {
    if (i >= fields.size()) return PKTANA_MAYBE;
    if (fields[i] != version[i]) return PKTANA_NO;
  }
  return PKTANA_YES;
}

}  // namespace pktana::app::enterprise
