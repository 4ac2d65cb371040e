// SPDX-License-Identifier: Apache-2.0
#include "app/secure/quic/quic_keys.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include <openssl/evp.h>

#include "app/secure/digest.h"

namespace pktana::app::secure {
namespace {

constexpr QuicSalt kSaltV1 = {0x38, 0x76, 0x2C, 0xF7, 0xF5, 0x59, 0x34, 0xB3, 0x4D, 0x17,
                              0x9A, 0xE6, 0xA4, 0xC8, 0x0C, 0xAD, 0xCC, 0xBB, 0x7F, 0x0A};
constexpr QuicSalt kSaltV2 = {0x0D, 0xED, 0xE3, 0xDE, 0xF7, 0x00, 0xA6, 0xDB, 0x81, 0x93,
                              0x81, 0xBE, 0x6E, 0x26, 0x9D, 0xCB, 0xF9, 0xBD, 0x2E, 0xD9};
constexpr QuicSalt kSaltDraft29 = {0xAF, 0xBF, 0xEC, 0x28, 0x99, 0x93, 0xD2, 0x4C, 0x9E, 0x97,
                                   0x86, 0xF1, 0x9C, 0x61, 0x11, 0xE0, 0x43, 0x90, 0xA8, 0x99};
constexpr QuicSalt kSaltDraft23 = {0xC3, 0xEE, 0xF7, 0x12, 0xC7, 0x2E, 0xBB, 0x5A, 0x11, 0xA7,
                                   0xD2, 0x43, 0x2B, 0xB4, 0x63, 0x65, 0xBE, 0xF9, 0xF5, 0x02};
constexpr QuicSalt kSaltDraft22 = {0x7F, 0xBC, 0xDB, 0x0E, 0x7C, 0x66, 0xBB, 0xE9, 0x19, 0x3A,
                                   0x96, 0xCD, 0x21, 0x51, 0x9E, 0xBD, 0x7A, 0x02, 0x64, 0x4A};
// Google's versions between its own handshake and the standard.
constexpr QuicSalt kSaltQ050 = {0x50, 0x45, 0x74, 0xEF, 0xD0, 0x66, 0xFE, 0x2F, 0x9D, 0x94,
                                0x5C, 0xFC, 0xDB, 0xD3, 0xA7, 0xF0, 0xD3, 0xB5, 0x6B, 0x45};
constexpr QuicSalt kSaltT050 = {0x7F, 0xF5, 0x79, 0xE5, 0xAC, 0xD0, 0x72, 0x91, 0x55, 0x80,
                                0x30, 0x4C, 0x43, 0xA2, 0x36, 0x7C, 0x60, 0x48, 0x83, 0x10};
constexpr QuicSalt kSaltT051 = {0x7A, 0x4E, 0xDE, 0xF4, 0xE7, 0xCC, 0xEE, 0x5F, 0xA4, 0x50,
                                0x6C, 0x19, 0x12, 0x4F, 0xC8, 0xCC, 0xDA, 0x6E, 0x03, 0x3D};

constexpr size_t kTagBytes = 16;
constexpr size_t kSampleBytes = 16;
constexpr size_t kSampleAt = 4;  // behind the start of the packet number

template <auto Free>
struct Freeing {
  template <typename T>
  void operator()(T* owned) const noexcept {
    Free(owned);
  }
};
using OwnedDigest = std::unique_ptr<EVP_MD, Freeing<EVP_MD_free>>;
using OwnedDigestContext = std::unique_ptr<EVP_MD_CTX, Freeing<EVP_MD_CTX_free>>;
using OwnedCipher = std::unique_ptr<EVP_CIPHER, Freeing<EVP_CIPHER_free>>;
using OwnedCipherContext = std::unique_ptr<EVP_CIPHER_CTX, Freeing<EVP_CIPHER_CTX_free>>;

constexpr size_t kSha256Block = 64;

// SHA-256 of the two, one behind the other.
bool sha256(Bytes first, Bytes second, Sha256& out) noexcept {
  static const OwnedDigest digest(EVP_MD_fetch(nullptr, "SHA256", nullptr));
  thread_local const OwnedDigestContext context(EVP_MD_CTX_new());
  return digest && context && EVP_DigestInit_ex2(context.get(), digest.get(), nullptr) == 1 &&
         EVP_DigestUpdate(context.get(), first.data(), first.size()) == 1 &&
         EVP_DigestUpdate(context.get(), second.data(), second.size()) == 1 &&
         EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1;
}

// HMAC (RFC 2104); the key fits a block.
// PERF NOTE: by hand, because libcrypto's HKDF looks its digest up and makes contexts for each of
// the nine calls that the keys of a connection take: 20 us a connection against 5.
bool hmac(Bytes key, Bytes message, Sha256& out) noexcept {
  std::array<uint8_t, kSha256Block> inner{};
  std::array<uint8_t, kSha256Block> outer{};
  std::ranges::copy(key, inner.begin());
  std::ranges::transform(inner, outer.begin(),
                         [](uint8_t b) { return static_cast<uint8_t>(b ^ 0x5C); });
  std::ranges::transform(inner, inner.begin(),
                         [](uint8_t b) { return static_cast<uint8_t>(b ^ 0x36); });
  Sha256 hash{};
  return sha256(inner, message, hash) && sha256(outer, hash, out);
}

// HKDF-Expand-Label of RFC 8446 section 7.1, without a context; up to 32 bytes.
bool expand_label(const Sha256& secret, std::string_view label, std::span<uint8_t> out) noexcept {
  constexpr std::string_view kPrefix = "tls13 ";
  std::array<uint8_t, 40> info{};
  size_t at = 0;
  info[at++] = 0;
  info[at++] = static_cast<uint8_t>(out.size());
  info[at++] = static_cast<uint8_t>(kPrefix.size() + label.size());
  at = static_cast<size_t>(std::ranges::copy(kPrefix, info.begin() + at).out - info.begin());
  at = static_cast<size_t>(std::ranges::copy(label, info.begin() + at).out - info.begin());
  ++at;            // the context's length, 0
  info[at++] = 1;  // HKDF-Expand (RFC 5869 section 2.3): the first block is enough
  Sha256 block{};
  if (!hmac(secret, Bytes(info).first(at), block)) return false;
  std::ranges::copy(Bytes(block).first(out.size()), out.begin());
  return true;
}

bool derive_side(uint32_t version, const Sha256& initial, std::string_view label,
                 QuicKeys& keys) noexcept {
  Sha256 secret{};
  const bool v2 = version == kQuicV2;
  return expand_label(initial, label, secret) &&
         expand_label(secret, v2 ? "quicv2 key" : "quic key", keys.key) &&
         expand_label(secret, v2 ? "quicv2 iv" : "quic iv", keys.iv) &&
         expand_label(secret, v2 ? "quicv2 hp" : "quic hp", keys.header_key);
}

EVP_CIPHER_CTX* new_context() noexcept { return EVP_CIPHER_CTX_new(); }

bool header_mask(const QuicKeys& keys, Bytes sample, std::span<uint8_t> mask) noexcept {
  static const OwnedCipher cipher(EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr));
  thread_local const OwnedCipherContext context(new_context());
  int written = 0;
  return cipher && context &&
         EVP_EncryptInit_ex2(context.get(), cipher.get(), keys.header_key.data(), nullptr,
                             nullptr) == 1 &&
         EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
         EVP_EncryptUpdate(context.get(), mask.data(), &written, sample.data(),
                           static_cast<int>(sample.size())) == 1;
}

struct Sealed {
  Bytes header;  // authenticated
  Bytes text;
  Bytes tag;
  std::array<uint8_t, 12> nonce;
};

bool open_sealed(const QuicKeys& keys, const Sealed& sealed, std::span<uint8_t> out) noexcept {
  static const OwnedCipher cipher(EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr));
  thread_local const OwnedCipherContext context(new_context());
  int written = 0;
  return cipher && context &&
         EVP_DecryptInit_ex2(context.get(), cipher.get(), keys.key.data(), sealed.nonce.data(),
                             nullptr) == 1 &&
         EVP_DecryptUpdate(context.get(), nullptr, &written, sealed.header.data(),
                           static_cast<int>(sealed.header.size())) == 1 &&
         EVP_DecryptUpdate(context.get(), out.data(), &written, sealed.text.data(),
                           static_cast<int>(sealed.text.size())) == 1 &&
         EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG,
                             static_cast<int>(sealed.tag.size()),
                             const_cast<uint8_t*>(sealed.tag.data())) == 1 &&
         EVP_DecryptFinal_ex(context.get(), out.data() + written, &written) == 1;
}

}  // namespace

const QuicSalt* quic_salt(uint32_t version) noexcept {
  if (version == kQuicV1) return &kSaltV1;
  if (version == kQuicV2) return &kSaltV2;
  if (version == 0x51303530) return &kSaltQ050;
  if (version == 0x54303530) return &kSaltT050;
  if (version == 0x54303531) return &kSaltT051;
  // Facebook's mvfst follows the drafts 22, 27 and 29.
  if (version == 0xFACEB001) return &kSaltDraft22;
  if (version == 0xFACEB002) return &kSaltDraft23;
  if (version == 0xFACEB00E) return &kSaltDraft23;
  if ((version >> 8) != 0xFF0000) return nullptr;
  const unsigned draft = version & 0xFF;
  if (draft == 22) return &kSaltDraft22;
  if (draft >= 23 && draft <= 28) return &kSaltDraft23;
  if (draft >= 29 && draft <= 32) return &kSaltDraft29;
  return draft == 33 || draft == 34 ? &kSaltV1 : nullptr;
}

bool derive_initial_keys(uint32_t version, Bytes client_id, QuicInitialKeys& keys) noexcept {
  const QuicSalt* salt = quic_salt(version);
  Sha256 initial{};
  return salt != nullptr && hmac(*salt, client_id, initial) &&
         derive_side(version, initial, "client in", keys.client) &&
         derive_side(version, initial, "server in", keys.server);
}

Bytes open_initial(const QuicPacket& packet, const QuicKeys& keys) {
  thread_local std::vector<uint8_t> header;
  thread_local std::vector<uint8_t> plain;
  const size_t at = packet.number_at;
  if (at == 0 || packet.whole.size() < at + kSampleAt + kSampleBytes) return {};
  std::array<uint8_t, 16> mask{};
  if (!header_mask(keys, packet.whole.subspan(at + kSampleAt, kSampleBytes), mask)) return {};
  const auto first = static_cast<uint8_t>(packet.whole[0] ^ (mask[0] & 0x0F));
  const size_t number_bytes = (first & 3U) + 1;
  header.assign(packet.whole.begin(),
                packet.whole.begin() + static_cast<std::ptrdiff_t>(at + number_bytes));
  header[0] = first;
  Sealed sealed{.header = header,
                .text = packet.whole.subspan(at + number_bytes),
                .tag = packet.whole.last(kTagBytes),
                .nonce = keys.iv};
  if (sealed.text.size() < kTagBytes) return {};
  sealed.text = sealed.text.first(sealed.text.size() - kTagBytes);
  for (size_t i = 0; i < number_bytes; ++i) {
    header[at + i] ^= mask[1 + i];
    sealed.nonce[sealed.nonce.size() - number_bytes + i] ^= header[at + i];
  }
  plain.resize(sealed.text.size() + kTagBytes);
  if (!open_sealed(keys, sealed, plain)) return {};
  return Bytes(plain).first(sealed.text.size());
}

}  // namespace pktana::app::secure
