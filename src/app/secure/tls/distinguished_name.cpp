// SPDX-License-Identifier: Apache-2.0
#include "app/secure/tls/distinguished_name.h"

#include <array>
#include <string_view>

#include "app/secure/digest.h"
#include "app/secure/tls/der.h"

namespace pktana::app::secure {
namespace {

constexpr size_t kMaxAttributes = 64;

struct ShortName {
  std::string_view oid;
  std::string_view name;
};

// What x509 libraries print; those of one or two letters come from RFC 4514.
constexpr auto kShortNames = std::to_array<ShortName>({
    {"2.5.4.3", "CN"},
    {"2.5.4.4", "surname"},
    {"2.5.4.5", "serialNumber"},
    {"2.5.4.6", "C"},
    {"2.5.4.7", "L"},
    {"2.5.4.8", "ST"},
    {"2.5.4.9", "streetAddress"},
    {"2.5.4.10", "O"},
    {"2.5.4.11", "OU"},
    {"2.5.4.12", "title"},
    {"2.5.4.13", "description"},
    {"2.5.4.15", "businessCategory"},
    {"2.5.4.17", "postalCode"},
    {"2.5.4.41", "name"},
    {"2.5.4.42", "givenName"},
    {"2.5.4.43", "initials"},
    {"2.5.4.44", "generationQualifier"},
    {"2.5.4.46", "dnQualifier"},
    {"2.5.4.65", "pseudonym"},
    {"2.5.4.97", "organizationIdentifier"},
    {"0.9.2342.19200300.100.1.1", "userid"},
    {"0.9.2342.19200300.100.1.25", "DC"},
    {"1.2.840.113549.1.9.1", "Email"},
    {"1.2.840.113549.1.9.2", "unstructuredName"},
    {"1.3.6.1.4.1.311.60.2.1.1", "msJurisdictionLocality"},
    {"1.3.6.1.4.1.311.60.2.1.2", "msJurisdictionStateOrProvince"},
    {"1.3.6.1.4.1.311.60.2.1.3", "msJurisdictionCountry"},
});

void append_type(std::string& text, Bytes oid) {
  const std::string dotted = oid_text(oid);
  for (const ShortName& known : kShortNames) {
    if (known.oid == dotted) {
      text += known.name;
      return;
    }
  }
  text += dotted;
}

void append_utf8(std::string& text, unsigned unit) {
  if (unit < 0x80) {
    text += static_cast<char>(unit);
  } else if (unit < 0x800) {
    text += static_cast<char>(0xC0 | unit >> 6);
    text += static_cast<char>(0x80 | (unit & 0x3F));
  } else {
    text += static_cast<char>(0xE0 | unit >> 12);
    text += static_cast<char>(0x80 | (unit >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (unit & 0x3F));
  }
}

void append_value(std::string& text, const BerElement& value) {
  constexpr uint8_t kUtf8 = 0x0C;
  constexpr uint8_t kFirstString = 0x12;  // NumericString ... GeneralString
  constexpr uint8_t kLastString = 0x1B;
  constexpr uint8_t kBmpString = 0x1E;
  const bool is_time = value.tag == kDerUtcTime || value.tag == kDerGeneralizedTime;
  const bool is_text = value.tag >= kFirstString && value.tag <= kLastString && !is_time;
  if (value.tag == kUtf8 || is_text) {
    text += text_of(value.value);
  } else if (value.tag == kBmpString) {
    Reader units(value.value);
    while (units.left() >= 2)
      append_utf8(text, units.u16());
  } else {
    text += to_hex(value.value);
  }
}

}  // namespace

std::string name_text(Bytes name) {
  std::string text;
  Reader names(name);
  BerElement relative;
  size_t attributes = 0;
  while (next_der(names, relative) && relative.tag == kDerSet) {
    Reader set(relative.value);
    BerElement pair;
    bool first = true;
    while (next_der(set, pair) && pair.tag == kDerSequence && attributes++ < kMaxAttributes) {
      Reader in(pair.value);
      const Bytes type = take_der(in, kDerOid);
      BerElement value;
      if (!next_der(in, value)) break;
      if (!text.empty()) text += first ? ", " : " + ";
      first = false;
      append_type(text, type);
      text += '=';
      append_value(text, value);
    }
  }
  return text;
}

}  // namespace pktana::app::secure
