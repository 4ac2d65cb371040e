// SPDX-License-Identifier: Apache-2.0
#include "app/secure/tls/certificate.h"
#include "app/secure/tls/der.h"
#include "app/secure/tls/distinguished_name.h"
#include "app/secure_bytes.h"
#include "support/catch.h"

namespace pktana::app::secure {

TEST_CASE("certificate: every field in EVE's form") {
  const auto parsed = parse_certificate(certificate());
  REQUIRE(parsed);
  CHECK(parsed->issuer == "C=US, O=Example, Inc, CN=Example CA");
  CHECK(parsed->subject == "C=US, businessCategory=Private, 2.5.4.99=odd, CN=www.example.com");
  CHECK(parsed->serial == "00:A1:B2");
  CHECK(parsed->not_before == "2023-02-07T00:00:00");
  CHECK(parsed->not_after == "2054-02-07T23:59:59");
  CHECK(parsed->fingerprint.size() == 59);
  CHECK(parsed->alt_names == std::vector<std::string>{"www.example.com", "example.com", "192.0.2.1",
                                                      "a@example.com", "https://example.com/",
                                                      "DirectoryName(CN=directory)"});
}

TEST_CASE("certificate: cut at any byte it is none") {
  const Octets der = certificate();
  for (size_t length = 0; length < der.size(); ++length)
    CHECK_FALSE(parse_certificate(std::span<const uint8_t>(der).first(length)));
}

TEST_CASE("certificate: any byte may be wrong") {
  const Octets der = certificate();
  size_t parsed = 0;
  for (size_t at = 0; at < der.size(); ++at) {
    for (const int value : {0x00, 0x7F, 0x80, 0x84, 0xFF}) {
      Octets wrong = der;
      wrong[at] = static_cast<uint8_t>(value);
      parsed += parse_certificate(wrong).has_value() ? 1 : 0;
    }
  }
  CHECK(parsed > 0);
  CHECK(parsed < der.size() * 5);
}

TEST_CASE("certificate: times that are none are left out") {
  CHECK(time_text(kDerUtcTime, octets("491231235959Z")) == "2049-12-31T23:59:59");
  CHECK(time_text(kDerUtcTime, octets("500101000000Z")) == "1950-01-01T00:00:00");
  CHECK(time_text(kDerUtcTime, octets("5001010000")).empty());
  CHECK(time_text(kDerUtcTime, octets("50010100000xZ")).empty());
  CHECK(time_text(kDerGeneralizedTime, octets("99991231235959Z")).empty());
  CHECK(time_text(kDerInteger, octets("491231235959Z")).empty());
}

TEST_CASE("der: object identifiers as text") {
  CHECK(oid_text(from_hex("550403")) == "2.5.4.3");
  CHECK(oid_text(from_hex("2a864886f70d010901")) == "1.2.840.113549.1.9.1");
  CHECK(oid_text({}).empty());
}

TEST_CASE("der: indefinite, too long and long-tag elements are none") {
  for (const char* hex : {"3080", "308501", "30820100", "1f0100", "30"}) {
    const Octets bytes = from_hex(hex);
    Reader in(bytes);
    BerElement element;
    CHECK_FALSE(next_der(in, element));
  }
}

TEST_CASE("names: several values of one name, two-byte text, values that are no text") {
  // Set of two attributes: CN (UTF-8) and OU (BMPString "Äb"); then an INTEGER as CN.
  Wire cn;
  cn.raw(from_hex("300a06035504030c03616263"));
  Wire ou;
  ou.raw(from_hex("300b060355040b1e0400c40062"));
  Wire number;
  number.raw(
      from_hex("300a06035504030203"
               "0a0b0c"));
  Wire all;
  all.u8(0x31).vec8(Wire().raw(cn).raw(ou)).u8(0x31).vec8(number);
  CHECK(name_text(all) ==
        "CN=abc + OU=\xC3\x84"
        "b, CN=0a0b0c");
}

}  // namespace pktana::app::secure
