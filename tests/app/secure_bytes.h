// SPDX-License-Identifier: Apache-2.0
// Messages of the secure family, made by code: TLS hellos and certificates, sealed QUIC packets,
// SSH and IKE messages. Tests and fuzz seeds share them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace pktana::app::secure {

using Octets = std::vector<uint8_t>;

/// Big-endian numbers, texts and vectors with a length before them, one behind the other.
class Wire {
 public:
  Wire& u8(uint64_t value) { return number(value, 1); }
  Wire& u16(uint64_t value) { return number(value, 2); }
  Wire& u24(uint64_t value) { return number(value, 3); }
  Wire& u32(uint64_t value) { return number(value, 4); }
  Wire& u64(uint64_t value) { return number(value, 8); }
  Wire& raw(std::span<const uint8_t> bytes);
  Wire& text(std::string_view text);
  Wire& fill(size_t count, uint8_t value);
  Wire& vec8(std::span<const uint8_t> bytes) { return u8(bytes.size()).raw(bytes); }
  Wire& vec16(std::span<const uint8_t> bytes) { return u16(bytes.size()).raw(bytes); }
  Wire& vec24(std::span<const uint8_t> bytes) { return u24(bytes.size()).raw(bytes); }
  Wire& vec32(std::span<const uint8_t> bytes) { return u32(bytes.size()).raw(bytes); }

  operator std::span<const uint8_t>() const { return bytes_; }
  [[nodiscard]] const Octets& bytes() const { return bytes_; }
  [[nodiscard]] size_t size() const { return bytes_.size(); }

 private:
  Wire& number(uint64_t value, int bytes);
  Octets bytes_;
};

[[nodiscard]] Octets octets(std::string_view text);
[[nodiscard]] Octets join(std::initializer_list<std::span<const uint8_t>> parts);
/// "0a1b" to bytes.
[[nodiscard]] Octets from_hex(std::string_view hex);

struct HelloOptions {
  uint16_t version = 0x0303;
  std::string_view server_name = "www.example.com";
  std::vector<std::string_view> alpn = {"h2", "http/1.1"};
  std::vector<uint16_t> versions = {0x0304, 0x0303};  ///< none: TLS 1.2 and before
  bool grease = false;
  bool ech = false;
  size_t padding = 0;  ///< bytes of the padding extension
  bool dtls = false;
};
/// The body of a ClientHello.
[[nodiscard]] Octets client_hello(const HelloOptions& options = {});

struct ServerHelloOptions {
  uint16_t legacy_version = 0x0303;
  uint16_t version = 0;  ///< in supported_versions; 0 = without
  uint16_t cipher = 0xC02F;
  std::string_view alpn = {};
  bool retry = false;
};
[[nodiscard]] Octets server_hello(const ServerHelloOptions& options = {});

/// A certificate as RFC 5280 has it, for www.example.com, with names of several kinds.
[[nodiscard]] Octets certificate();
/// The body of a Certificate message of TLS 1.2.
[[nodiscard]] Octets certificate_message(std::span<const uint8_t> certificate);

[[nodiscard]] Octets handshake(uint8_t type, std::span<const uint8_t> body);
[[nodiscard]] Octets record(uint8_t type, std::span<const uint8_t> content,
                            uint16_t version = 0x0303);
/// A DTLS record with a handshake message, or a fragment of one.
struct Fragment {
  uint16_t sequence = 0;
  size_t offset = 0;
  size_t length = SIZE_MAX;  ///< as much as there is
};
[[nodiscard]] Octets dtls_record(uint8_t type, std::span<const uint8_t> body,
                                 const Fragment& fragment = {});

/// An Initial packet, sealed, of `version`.
struct InitialOptions {
  uint32_t version = 1;
  Octets key_id = {0x83, 0x94, 0xC8, 0xF0, 0x3E, 0x51, 0x57, 0x08};  ///< what the keys are made of
  Octets destination_id = key_id;
  Octets source_id = {};
  bool from_server = false;
  uint32_t number = 0;
  size_t pad_to = 0;  ///< bytes of frames
};
[[nodiscard]] Octets quic_initial(std::span<const uint8_t> frames,
                                  const InitialOptions& options = {});
/// A CRYPTO frame.
[[nodiscard]] Octets crypto_frame(uint64_t offset, std::span<const uint8_t> bytes);

[[nodiscard]] Octets ssh_kexinit();
/// The client hello of Google's QUIC with SNI and user agent, in a packet of Q046.
[[nodiscard]] Octets google_quic_packet();

[[nodiscard]] Octets ike2_sa_init(bool response);
[[nodiscard]] Octets ike1_main(bool response);

}  // namespace pktana::app::secure
