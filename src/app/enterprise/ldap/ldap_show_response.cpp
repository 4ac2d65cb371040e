// SPDX-License-Identifier: Apache-2.0
// The fields of LDAP responses (RFC 4511 sections 4.1.9 to 4.13) in events.
#include "app/ber.h"
#include "app/enterprise/ldap/ldap_message.h"

namespace pktana::app::enterprise {
namespace {

using Op = LdapOperation;

void show_entry(Fields& out, Bytes body) noexcept {
  BerReader reader(body);
  out.text("base_object", text_of(reader.take(kBerOctets).value_or(Bytes{})));
  put_attributes(out, "type", reader.take(kBerSequence).value_or(Bytes{}));
}

/// LDAPResult, section 4.1.9, and what some responses have behind it.
void show_result(Fields& out, const LdapMessage& message) noexcept {
  constexpr uint8_t kSaslCredentials = 0x87, kExtensionName = 0x8a, kExtensionValue = 0x8b;
  BerReader reader(message.body);
  const Bytes code = reader.take(kBerEnumerated).value_or(Bytes{});
  out.text("result_code", ldap_result_text(ber_number(code).value_or(-1)));
  out.text("matched_dn", text_of(reader.take(kBerOctets).value_or(Bytes{})));
  out.text("message", text_of(reader.take(kBerOctets).value_or(Bytes{})));
  if (message.operation == Op::BindResponse) {
    const std::optional<Bytes> credentials = ber_child(message.body, kSaslCredentials);
    if (credentials) put_hex(out, "server_sasl_creds", *credentials);
  }
  if (message.operation == Op::ExtendedResponse) {
    out.text_if("name", text_of(ber_child(message.body, kExtensionName).value_or(Bytes{})));
    out.text_if("value", text_of(ber_child(message.body, kExtensionValue).value_or(Bytes{})));
  }
}

}  // namespace

void show_ldap_response(Fields& out, const LdapMessage& message) noexcept {
  constexpr uint8_t kName = 0x80, kValue = 0x81;
  const char* name = ldap_operation_text(message.operation);
  out.text("operation", name);
  if (message.operation == Op::SearchReference) return;
  Object object = out.object(name);
  if (message.operation == Op::SearchEntry) return show_entry(object, message.body);
  if (message.operation != Op::IntermediateResponse) return show_result(object, message);
  object.text_if("name", text_of(ber_child(message.body, kName).value_or(Bytes{})));
  object.text_if("value", text_of(ber_child(message.body, kValue).value_or(Bytes{})));
}

}  // namespace pktana::app::enterprise
