// SPDX-License-Identifier: Apache-2.0
#include "app/secure/quic/quic_event.h"

#include <array>
#include <string>
#include <string_view>

#include "app/secure/tls/client_hello.h"

namespace pktana::app::secure {
namespace {

constexpr size_t kMaxExtensions = 64;
constexpr size_t kMaxValues = 64;

struct Named {
  uint16_t type;
  std::string_view name;
};

// Names of the IANA registry "TLS ExtensionType Values".
constexpr auto kNames = std::to_array<Named>({
    {0, "server_name"},
    {1, "max_fragment_length"},
    {2, "client_certificate_url"},
    {3, "trusted_ca_keys"},
    {4, "truncated_hmac"},
    {5, "status_request"},
    {6, "user_mapping"},
    {7, "client_authz"},
    {8, "server_authz"},
    {9, "cert_type"},
    {10, "supported_groups"},
    {11, "ec_point_formats"},
    {12, "srp"},
    {13, "signature_algorithms"},
    {14, "use_srtp"},
    {15, "heartbeat"},
    {16, "alpn"},
    {17, "status_request_v2"},
    {18, "signed_certificate_timestamp"},
    {19, "client_certificate_type"},
    {20, "server_certificate_type"},
    {21, "padding"},
    {22, "encrypt_then_mac"},
    {23, "extended_master_secret"},
    {24, "token_binding"},
    {25, "cached_info"},
    {27, "compress_certificate"},
    {28, "record_size_limit"},
    {34, "delegated_credentials"},
    {35, "session_ticket"},
    {41, "pre_shared_key"},
    {42, "early_data"},
    {43, "supported_versions"},
    {44, "cookie"},
    {45, "psk_key_exchange_modes"},
    {47, "certificate_authorities"},
    {48, "oid_filters"},
    {49, "post_handshake_auth"},
    {50, "signature_algorithms_cert"},
    {51, "key_share"},
    {57, "quic_transport_parameters"},
    {13172, "next_protocol_negotiation"},
    {65281, "renegotiation_info"},
    {65486, "encrypted_server_name"},
});

std::string version_name(uint16_t version) {
  switch (version) {
    case 0x0301:
      return "Tls10";
    case 0x0302:
      return "Tls11";
    case 0x0303:
      return "Tls12";
    case 0x0304:
      return "Tls13";
    default:
      break;
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "TlsVersion(" + std::to_string(version) + " / 0x";
  bool leading = true;
  for (int shift = 12; shift >= 0; shift -= 4) {
    const unsigned digit = version >> shift & 0xF;
    leading = leading && digit == 0 && shift != 0;
    if (!leading) text += kDigits[digit];
  }
  return text + ')';
}

void put_numbers(Fields& fields, Bytes list, bool versions) {
  Array values = fields.array("values");
  Reader in(list);
  for (size_t i = 0; i < kMaxValues && in.left() >= 2; ++i) {
    const uint16_t value = in.u16();
    if (!is_grease(value)) values.add(versions ? version_name(value) : std::to_string(value));
  }
}

void put_values(Fields& fields, const ExtensionView& extension, bool from_client) {
  Reader body(extension.body);
  if (extension.type == kServerName && from_client) {
    Reader names(body.vector16());
    Array values = fields.array("values");
    for (size_t i = 0; i < kMaxValues && !names.empty(); ++i) {
      names.u8();
      const Bytes name = names.vector16();
      if (names.ok()) values.add(text_of(name));
    }
  } else if (extension.type == kAlpn) {
    Reader names(body.vector16());
    Array values = fields.array("values");
    std::string_view name;
    for (size_t i = 0; i < kMaxValues && next_alpn(names, name); ++i)
      values.add(name);
  } else if (extension.type == kSignatureAlgorithms) {
    put_numbers(fields, body.vector16(), false);
  } else if (extension.type == kSupportedVersions) {
    put_numbers(fields, from_client ? body.vector8() : body.rest(), true);
  }
}

}  // namespace

void put_quic_extensions(Fields& fields, Bytes extensions, bool from_client) {
  if (extensions.empty()) return;
  Array list = fields.array("extensions");
  Reader in(extensions);
  ExtensionView extension{};
  for (size_t i = 0; i < kMaxExtensions && next_extension(in, extension); ++i) {
    if (is_grease(extension.type)) continue;
    Object object = list.object(nullptr);
    for (const Named& known : kNames)
      if (known.type == extension.type) object.text("name", known.name);
    object.number("type", extension.type);
    put_values(object, extension, from_client);
  }
}

}  // namespace pktana::app::secure
