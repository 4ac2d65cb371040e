// SPDX-License-Identifier: Apache-2.0
#include "app/secure/tls/certificate.h"

#include <algorithm>
#include <array>

#include <arpa/inet.h>

#include "app/secure/digest.h"
#include "app/secure/tls/der.h"
#include "app/secure/tls/distinguished_name.h"

namespace pktana::app::secure {
namespace {

constexpr uint8_t kVersionTag = 0xA0;
constexpr uint8_t kExtensionsTag = 0xA3;
constexpr std::array<uint8_t, 3> kSubjectAltName = {0x55, 0x1D, 0x11};
constexpr size_t kMaxExtensions = 64;

// GeneralName's choices, with the context tags that they have.
enum AltNameTag : uint8_t {
  kEmail = 0x81,
  kDns = 0x82,
  kDirectory = 0xA4,
  kUri = 0x86,
  kAddress = 0x87,
};

std::string address_text(Bytes address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.size() != 4 && address.size() != 16) return to_hex(address);
  const int family = address.size() == 4 ? AF_INET : AF_INET6;
  inet_ntop(family, address.data(), text.data(), text.size());
  return text.data();
}

void add_alt_name(const BerElement& name, std::vector<std::string>& names) {
  switch (name.tag) {
    case kEmail:
    case kDns:
    case kUri:
      names.emplace_back(text_of(name.value));
      break;
    case kAddress:
      names.push_back(address_text(name.value));
      break;
    case kDirectory: {
      Reader inner(name.value);
      names.push_back("DirectoryName(" + name_text(take_der(inner, kDerSequence)) + ')');
      break;
    }
    default:
      break;
  }
}

void take_alt_names(Bytes value, std::vector<std::string>& names) {
  Reader in(value);
  Reader list(take_der(in, kDerSequence));
  BerElement name;
  while (names.size() < kMaxAltNames && next_der(list, name))
    add_alt_name(name, names);
}

void take_extensions(Reader& tbs, Certificate& certificate) {
  BerElement part;
  while (next_der(tbs, part)) {
    if (part.tag != kExtensionsTag) continue;
    Reader explicit_tag(part.value);
    Reader list(take_der(explicit_tag, kDerSequence));
    BerElement extension;
    for (size_t i = 0; i < kMaxExtensions && next_der(list, extension); ++i) {
      Reader in(extension.value);
      const Bytes type = take_der(in, kDerOid);
      BerElement value;
      if (next_der(in, value) && value.tag == kDerBoolean && !next_der(in, value)) continue;
      if (std::ranges::equal(type, kSubjectAltName))
        take_alt_names(value.value, certificate.alt_names);
    }
  }
}

void take_validity(Bytes validity, Certificate& certificate) {
  Reader in(validity);
  BerElement time;
  if (next_der(in, time)) certificate.not_before = time_text(time.tag, time.value);
  if (next_der(in, time)) certificate.not_after = time_text(time.tag, time.value);
}

}  // namespace

std::string time_text(uint8_t tag, Bytes body) {
  const size_t year_digits = tag == kDerUtcTime ? 2 : 4;
  const size_t digits = year_digits + 10;  // MMDDHHMMSS
  if (tag != kDerUtcTime && tag != kDerGeneralizedTime) return {};
  if (body.size() < digits) return {};
  const std::string_view text = text_of(body).substr(0, digits);
  if (!std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return {};
  std::string out;
  if (tag == kDerUtcTime) out = text[0] >= '5' ? "19" : "20";  // RFC 5280 section 4.1.2.5.1
  out += text.substr(0, year_digits);
  if (out[0] != '1' && out[0] != '2') return {};  // no event has a place for such a year
  constexpr std::string_view kBefore = "--T::";
  for (size_t i = 0; i < kBefore.size(); ++i) {
    out += kBefore[i];
    out += text.substr(year_digits + 2 * i, 2);
  }
  return out;
}

std::optional<Certificate> parse_certificate(Bytes der) {
  Reader outer(der);
  Reader whole(take_der(outer, kDerSequence));
  Reader tbs(take_der(whole, kDerSequence));
  Certificate certificate;
  if (!tbs.empty() && tbs.rest()[0] == kVersionTag) take_der(tbs, kVersionTag);
  certificate.serial = to_colon_hex(take_der(tbs, kDerInteger), true);
  take_der(tbs, kDerSequence);  // signature algorithm
  certificate.issuer = name_text(take_der(tbs, kDerSequence));
  take_validity(take_der(tbs, kDerSequence), certificate);
  certificate.subject = name_text(take_der(tbs, kDerSequence));
  if (!tbs.ok()) return std::nullopt;
  take_der(tbs, kDerSequence);  // public key
  take_extensions(tbs, certificate);
  certificate.fingerprint = to_colon_hex(sha1(der), false);
  return certificate;
}

void put_certificate(Fields& fields, const Certificate& certificate) noexcept {
  fields.text_if("subject", certificate.subject);
  fields.text_if("issuerdn", certificate.issuer);
  if (!certificate.alt_names.empty()) {
    Array names = fields.array("subjectaltname");
    for (const std::string& name : certificate.alt_names)
      names.add(name);
  }
  fields.text_if("serial", certificate.serial);
  fields.text_if("fingerprint", certificate.fingerprint);
  fields.text_if("notbefore", certificate.not_before);
  fields.text_if("notafter", certificate.not_after);
}

}  // namespace pktana::app::secure
