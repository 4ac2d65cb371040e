// SPDX-License-Identifier: Apache-2.0
// The fields of LDAP requests (RFC 4511 sections 4.2 to 4.12) in events.
#include "app/ber.h"
#include "app/enterprise/ldap/ldap_message.h"

namespace pktana::app::enterprise {
namespace {

using Op = LdapOperation;

/// Next element as text; empty if its tag is another.
std::string_view take_text(BerReader& reader, uint8_t tag = kBerOctets) noexcept {
  return text_of(reader.take(tag).value_or(Bytes{}));
}

uint64_t take_number(BerReader& reader, uint8_t tag) noexcept {
  const std::optional<int64_t> number = ber_number(reader.take(tag).value_or(Bytes{}));
  return number && *number > 0 ? static_cast<uint64_t>(*number) : 0;
}

bool take_flag(BerReader& reader) noexcept {
  const Bytes value = reader.take(kBerBoolean).value_or(Bytes{});
  return !value.empty() && value[0] != 0;
}

void show_bind(Fields& out, Bytes body) noexcept {
  BerReader reader(body);
  out.number("version", take_number(reader, kBerInteger));
  out.text("name", take_text(reader));
  const std::optional<Bytes> sasl = reader.take(ber_context(3));
  if (!sasl) return;
  BerReader inside(*sasl);
  Object object = out.object("sasl");
  object.text("mechanism", take_text(inside));
  put_hex(object, "credentials", inside.take(kBerOctets).value_or(Bytes{}));
}

/// One condition in its parts; what is put together of several, as text.
void show_filter(Fields& out, const BerElement& filter) noexcept {
  constexpr uint8_t kAnd = 0xa0, kOr = 0xa1, kNot = 0xa2, kEquality = 0xa3, kSubstrings = 0xa4;
  constexpr uint8_t kGreater = 0xa5, kLess = 0xa6, kPresent = 0x87, kApproximate = 0xa8;
  Object object = out.object("filter");
  const auto condition = [&](const char* type) {
    BerReader reader(filter.value);
    object.text("type", type);
    object.text("attribute_desc", take_text(reader));
    object.text("assertion_value", take_text(reader));
  };
  const auto composed = [&](const char* type) {
    object.text("type", type);
    object.text("value", ldap_filter_text(filter.tag, filter.value));
  };
  switch (filter.tag) {
    case kAnd:
      return composed("and");
    case kOr:
      return composed("or");
    case kNot:
      return composed("not");
    case kEquality:
      return condition("equality_match");
    case kSubstrings:
      return composed("substrings");
    case kGreater:
      return condition("greater_or_equal");
    case kLess:
      return condition("less_or_equal");
    case kApproximate:
      return condition("approx_match");
    case kPresent:
      object.text("type", "present");
      return object.text("value", text_of(filter.value));
    default:
      return composed("extensible_match");
  }
}

void show_search(Fields& out, Bytes body) noexcept {
  BerReader reader(body);
  out.text("base_object", take_text(reader));
  out.number("scope", take_number(reader, kBerEnumerated));
  out.number("deref_alias", take_number(reader, kBerEnumerated));
  out.number("size_limit", take_number(reader, kBerInteger));
  out.number("time_limit", take_number(reader, kBerInteger));
  out.flag("types_only", take_flag(reader));
  BerElement filter;
  if (!reader.next(filter)) return;
  show_filter(out, filter);
  const Bytes attributes = reader.take(kBerSequence).value_or(Bytes{});
  if (!attributes.empty()) put_values(out, "attributes", attributes);
}

void show_modify(Fields& out, Bytes body) noexcept {
  constexpr unsigned kMaxChanges = 32;
  constexpr const char* kOperations[] = {"add", "delete", "replace", "increment"};
  BerReader reader(body);
  out.text("object", take_text(reader));
  BerReader changes(reader.take(kBerSequence).value_or(Bytes{}));
  Array array = out.array("changes");
  BerElement change;
  for (unsigned i = 0; i < kMaxChanges && changes.next(change); ++i) {
    BerReader inside(change.value);
    const uint64_t operation = take_number(inside, kBerEnumerated);
    BerReader attribute(inside.take(kBerSequence).value_or(Bytes{}));
    Object object = array.object(nullptr);
    object.text("operation", operation < 4 ? kOperations[operation] : "unknown");
    Object modification = object.object("modification");
    modification.text("attribute_type", take_text(attribute));
    put_values(modification, "attribute_values", attribute.take(kBerSet).value_or(Bytes{}));
  }
}

void show_add(Fields& out, Bytes body) noexcept {
  BerReader reader(body);
  out.text("entry", take_text(reader));
  put_attributes(out, "name", reader.take(kBerSequence).value_or(Bytes{}));
}

void show_rename(Fields& out, Bytes body) noexcept {
  constexpr uint8_t kNewSuperior = 0x80;
  BerReader reader(body);
  out.text("entry", take_text(reader));
  out.text("new_rdn", take_text(reader));
  out.flag("delete_old_rdn", take_flag(reader));
  out.text_if("new_superior", take_text(reader, kNewSuperior));
}

void show_compare(Fields& out, Bytes body) noexcept {
  BerReader reader(body);
  out.text("entry", take_text(reader));
  BerReader assertion(reader.take(kBerSequence).value_or(Bytes{}));
  Object object = out.object("attribute_value_assertion");
  object.text("description", take_text(assertion));
  object.text("value", take_text(assertion));
}

}  // namespace

void show_ldap_request(Fields& out, const LdapMessage& message) noexcept {
  constexpr uint8_t kExtensionValue = 0x81;
  const char* name = ldap_operation_text(message.operation);
  out.text("operation", name);
  if (message.operation == Op::UnbindRequest) return;
  Object object = out.object(name);
  switch (message.operation) {
    case Op::BindRequest:
      return show_bind(object, message.body);
    case Op::SearchRequest:
      return show_search(object, message.body);
    case Op::ModifyRequest:
      return show_modify(object, message.body);
    case Op::AddRequest:
      return show_add(object, message.body);
    case Op::DeleteRequest:
      return object.text("dn", text_of(message.body));
    case Op::RenameRequest:
      return show_rename(object, message.body);
    case Op::CompareRequest:
      return show_compare(object, message.body);
    case Op::AbandonRequest:
      return object.number("message_id",
                           static_cast<uint64_t>(ber_number(message.body).value_or(0)));
    default:
      object.text("name", ldap_extension(message));
      object.text_if("value", text_of(ber_child(message.body, kExtensionValue).value_or(Bytes{})));
  }
}

}  // namespace pktana::app::enterprise
