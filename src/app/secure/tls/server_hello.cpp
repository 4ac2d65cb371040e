// SPDX-License-Identifier: Apache-2.0
#include "app/secure/tls/server_hello.h"

#include <algorithm>
#include <array>

#include "app/secure/tls/client_hello.h"

namespace pktana::app::secure {
namespace {

constexpr size_t kMaxSessionId = 32;
// SHA-256 of "HelloRetryRequest", the random that marks one.
constexpr std::array<uint8_t, 32> kRetryRandom = {
    0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
    0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C};

void take_extensions(ServerHello& hello) noexcept {
  Reader extensions(hello.extensions);
  ExtensionView extension{};
  while (next_extension(extensions, extension)) {
    Reader body(extension.body);
    if (extension.type == kSupportedVersions && body.left() == 2) hello.version = body.u16();
    if (extension.type == kAlpn) hello.alpn = body.vector16();
  }
}

}  // namespace

std::optional<ServerHello> parse_server_hello(Bytes body) noexcept {
  Reader in(body);
  ServerHello hello;
  hello.legacy_version = hello.version = in.u16();
  const Bytes random = in.take(kRetryRandom.size());
  // Drafts of TLS 1.3 before 22 had neither a session id nor a compression method.
  const bool early_draft = hello.version >= 0x7F00 && hello.version <= 0x7F16;
  if (!early_draft) hello.session_id = in.vector8();
  hello.cipher = in.u16();
  if (!early_draft) in.u8();
  if (!in.ok() || hello.session_id.size() > kMaxSessionId) return std::nullopt;
  hello.retry = std::ranges::equal(random, kRetryRandom);
  if (in.empty()) return hello;
  const uint16_t length = in.u16();
  hello.extensions = in.rest().first(std::min<size_t>(length, in.left()));
  take_extensions(hello);
  return hello;
}

}  // namespace pktana::app::secure
