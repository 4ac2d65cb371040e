// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <openssl/evp.h>

#include "app/secure/quic/quic_keys.h"
#include "app/secure_bytes.h"

namespace pktana::app::secure {
namespace {

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Context new_context() { return {EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free}; }

Octets seal(const QuicKeys& keys, uint32_t number, std::span<const uint8_t> header,
            std::span<const uint8_t> plain) {
  const Context context = new_context();
  auto nonce = keys.iv;
  for (size_t i = 0; i < 4; ++i)
    nonce[8 + i] ^= static_cast<uint8_t>(number >> (24 - 8 * i));
  Octets out(plain.size() + 16);
  int written = 0;
  EVP_EncryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, keys.key.data(), nonce.data());
  EVP_EncryptUpdate(context.get(), nullptr, &written, header.data(),
                    static_cast<int>(header.size()));
  EVP_EncryptUpdate(context.get(), out.data(), &written, plain.data(),
                    static_cast<int>(plain.size()));
  EVP_EncryptFinal_ex(context.get(), out.data() + written, &written);
  EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, 16, out.data() + plain.size());
  return out;
}

Octets mask_of(const QuicKeys& keys, std::span<const uint8_t> sample) {
  const Context context = new_context();
  Octets mask(32);
  int written = 0;
  EVP_EncryptInit_ex(context.get(), EVP_aes_128_ecb(), nullptr, keys.header_key.data(), nullptr);
  EVP_EncryptUpdate(context.get(), mask.data(), &written, sample.data(), 16);
  return mask;
}

void varint2(Wire& out, size_t value) { out.u16(0x4000 | value); }

}  // namespace

Octets crypto_frame(uint64_t offset, std::span<const uint8_t> bytes) {
  Wire out;
  out.u8(6);
  varint2(out, offset);
  varint2(out, bytes.size());
  return out.raw(bytes).bytes();
}

Octets quic_initial(std::span<const uint8_t> frames, const InitialOptions& options) {
  QuicInitialKeys keys;
  if (!derive_initial_keys(options.version, options.key_id, keys)) return {};
  const QuicKeys& own = options.from_server ? keys.server : keys.client;
  Octets plain(frames.begin(), frames.end());
  if (plain.size() < options.pad_to) plain.resize(options.pad_to);
  Wire header;
  header.u8(options.version == kQuicV2 ? 0xD3 : 0xC3).u32(options.version);
  header.vec8(options.destination_id).vec8(options.source_id).u8(0);
  varint2(header, 4 + plain.size() + 16);
  const size_t number_at = header.size();
  header.u32(options.number);
  const Octets sealed = seal(own, options.number, header, plain);
  Octets packet = join({header, sealed});
  const Octets mask = mask_of(own, std::span<const uint8_t>(packet).subspan(number_at + 4, 16));
  packet[0] = static_cast<uint8_t>(packet[0] ^ (mask[0] & 0x0F));
  for (size_t i = 0; i < 4; ++i)
    packet[number_at + i] ^= mask[1 + i];
  return packet;
}

}  // namespace pktana::app::secure
