// SPDX-License-Identifier: Apache-2.0
#include "app/secure/tls/client_hello.h"

#include <algorithm>

namespace pktana::app::secure {
namespace {

constexpr uint64_t kRandomBytes = 32;
constexpr size_t kMaxSessionId = 32;
constexpr uint8_t kHostName = 0;
constexpr uint8_t kOuterHello = 0;

Bytes host_name(Bytes body) noexcept {
  Reader names(Reader(body).vector16());
  while (!names.empty()) {
    const uint8_t type = names.u8();
    const Bytes name = names.vector16();
    if (type == kHostName) return name;
  }
  return {};
}

void take_extension(const ExtensionView& extension, ClientHello& hello) noexcept {
  Reader body(extension.body);
  switch (extension.type) {
    case kServerName:
      hello.has_server_name = true;
      hello.server_name = host_name(extension.body);
      break;
    case kSupportedGroups:
      hello.groups = body.vector16();
      break;
    case kPointFormats:
      hello.point_formats = body.vector8();
      break;
    case kSignatureAlgorithms:
      hello.signature_algorithms = body.vector16();
      break;
    case kAlpn:
      hello.alpn = body.vector16();
      break;
    case kSessionTicket:
      hello.offers_ticket = !extension.body.empty();
      break;
    case kSupportedVersions:
      hello.supported_versions = body.vector8();
      break;
    case kEncryptedClientHello:
      hello.has_ech = !body.empty() && body.u8() == kOuterHello;
      break;
    default:
      break;
  }
}

// DTLS counts downwards from 0xFEFF: it ranks as the TLS version that it stands for.
unsigned rank_of(uint16_t version) noexcept {
  if (version == 0xFEFF) return 0x0302;
  if (version == 0xFEFD) return 0x0303;
  if (version == 0xFEFC) return 0x0304;
  return version;
}

}  // namespace

std::optional<ClientHello> parse_client_hello(Bytes body, bool dtls) noexcept {
  Reader in(body);
  ClientHello hello;
  hello.legacy_version = in.u16();
  in.take(kRandomBytes);
  hello.session_id = in.vector8();
  if (dtls) in.vector8();  // cookie
  hello.ciphers = in.vector16();
  hello.compression = in.vector8();
  if (!in.ok() || hello.session_id.size() > kMaxSessionId) return std::nullopt;
  if (hello.ciphers.size() < 2 || hello.ciphers.size() % 2 != 0 || hello.compression.empty())
    return std::nullopt;
  if (in.empty()) return hello;
  const uint16_t length = in.u16();
  hello.extensions = in.rest().first(std::min<size_t>(length, in.left()));
  Reader extensions(hello.extensions);
  ExtensionView extension{};
  while (next_extension(extensions, extension))
    take_extension(extension, hello);
  return hello;
}

bool next_extension(Reader& extensions, ExtensionView& extension) noexcept {
  if (extensions.left() < 4) return false;
  extension.type = extensions.u16();
  extension.body = extensions.vector16();
  return extensions.ok();
}

bool next_alpn(Reader& alpn, std::string_view& name) noexcept {
  if (alpn.empty()) return false;
  name = text_of(alpn.vector8());
  return alpn.ok();
}

uint16_t highest_version(const ClientHello& hello) noexcept {
  uint16_t best = 0;
  Reader versions(hello.supported_versions);
  while (versions.left() >= 2) {
    const uint16_t version = versions.u16();
    if (!is_grease(version) && rank_of(version) > rank_of(best)) best = version;
  }
  return best != 0 ? best : hello.legacy_version;
}

}  // namespace pktana::app::secure
