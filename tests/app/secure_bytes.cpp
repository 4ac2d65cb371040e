// SPDX-License-Identifier: Apache-2.0
#include "app/secure_bytes.h"

#include <algorithm>

namespace pktana::app::secure {
namespace {

using View = std::span<const uint8_t>;

Octets der(uint8_t tag, View body) {
  Wire out;
  out.u8(tag);
  if (body.size() < 128)
    out.u8(body.size());
  else
    out.u8(0x82).u16(body.size());
  return out.raw(body).bytes();
}

Octets der_text(uint8_t tag, std::string_view text) { return der(tag, octets(text)); }

// One relative name with one attribute below 2.5.4.
Octets attribute(uint8_t type, uint8_t tag, std::string_view value) {
  const Octets oid = der(0x06, from_hex("5504"));
  Octets numbered = oid;
  numbered[1] = 3;
  numbered.push_back(type);
  return der(0x31, der(0x30, join({numbered, der_text(tag, value)})));
}

Octets alt_names() {
  const Octets directory = der(0x30, attribute(3, 0x0C, "directory"));
  const Octets names = join({der_text(0x82, "www.example.com"), der_text(0x82, "example.com"),
                             der(0x87, from_hex("c0000201")), der_text(0x81, "a@example.com"),
                             der_text(0x86, "https://example.com/"), der(0xA4, directory)});
  const Octets value = der(0x04, der(0x30, names));
  const Octets san = der(0x30, join({der(0x06, from_hex("551d11")), value}));
  const Octets usage = der(0x30, join({der(0x06, from_hex("551d0f")), from_hex("0101ff"),
                                       der(0x04, from_hex("030205a0"))}));
  return der(0xA3, der(0x30, join({usage, san})));
}

void extension(Wire& out, uint16_t type, View body) { out.u16(type).vec16(body); }

Wire name_list(std::string_view name) {
  Wire entry;
  entry.u8(0).vec16(octets(name));
  return Wire().vec16(entry);
}

Wire alpn_list(const std::vector<std::string_view>& names) {
  Wire list;
  for (const std::string_view name : names)
    list.vec8(octets(name));
  return Wire().vec16(list);
}

Wire numbers(std::initializer_list<uint16_t> values) {
  Wire list;
  for (const uint16_t value : values)
    list.u16(value);
  return list;
}

Octets hello_extensions(const HelloOptions& options) {
  Wire out;
  if (options.grease) extension(out, 0x3A3A, {});
  if (!options.server_name.empty()) extension(out, 0, name_list(options.server_name));
  Wire groups;
  if (options.grease) groups.u16(0x1A1A);
  groups.raw(numbers({29, 23, 24}));
  extension(out, 10, Wire().vec16(groups));
  extension(out, 11, from_hex("0100"));
  extension(out, 13, Wire().vec16(numbers({0x0403, 0x0804, 0x0401})));
  if (!options.alpn.empty()) extension(out, 16, alpn_list(options.alpn));
  if (!options.versions.empty()) {
    Wire versions;
    if (options.grease) versions.u16(0xFAFA);
    for (const uint16_t version : options.versions)
      versions.u16(version);
    extension(out, 43, Wire().vec8(versions));
  }
  if (options.ech) extension(out, 0xFE0D, Wire().u8(0).fill(40, 7));
  if (options.padding != 0) extension(out, 21, Wire().fill(options.padding, 0));
  return out.bytes();
}

}  // namespace

Wire& Wire::raw(View bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return *this;
}
Wire& Wire::text(std::string_view text) { return raw(octets(text)); }
Wire& Wire::fill(size_t count, uint8_t value) {
  bytes_.insert(bytes_.end(), count, value);
  return *this;
}
Wire& Wire::number(uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
    bytes_.push_back(static_cast<uint8_t>(value >> shift));
  return *this;
}

Octets octets(std::string_view text) { return {text.begin(), text.end()}; }

Octets join(std::initializer_list<View> parts) {
  Octets all;
  for (const View part : parts)
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

Octets from_hex(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  Octets out;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    out.push_back(static_cast<uint8_t>(digit(hex[i]) * 16 + digit(hex[i + 1])));
  return out;
}

Octets client_hello(const HelloOptions& options) {
  Wire ciphers;
  if (options.grease) ciphers.u16(0x0A0A);
  ciphers.raw(numbers({0x1301, 0x1302, 0xC02B, 0xC02F}));
  Wire out;
  out.u16(options.version).fill(32, 0x42).vec8(Wire().fill(32, 0x17));
  if (options.dtls) out.vec8(Wire());  // cookie
  return out.vec16(ciphers).vec8(Wire().u8(0)).vec16(hello_extensions(options)).bytes();
}

Octets server_hello(const ServerHelloOptions& options) {
  Wire extensions;
  extension(extensions, 0xFF01, from_hex("00"));
  if (!options.alpn.empty()) extension(extensions, 16, alpn_list({options.alpn}));
  if (options.version != 0) extension(extensions, 43, Wire().u16(options.version));
  Wire out;
  out.u16(options.legacy_version);
  if (options.retry)
    out.raw(from_hex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"));
  else
    out.fill(32, 0x53);
  return out.vec8(Wire().fill(4, 9)).u16(options.cipher).u8(0).vec16(extensions).bytes();
}

Octets certificate() {
  const Octets algorithm = der(0x30, from_hex("06082a8648ce3d040302"));
  const Octets issuer =
      der(0x30, join({attribute(6, 0x13, "US"), attribute(10, 0x0C, "Example, Inc"),
                      attribute(3, 0x13, "Example CA")}));
  const Octets subject =
      der(0x30, join({attribute(6, 0x13, "US"), attribute(15, 0x0C, "Private"),
                      attribute(99, 0x0C, "odd"), attribute(3, 0x0C, "www.example.com")}));
  const Octets validity =
      der(0x30, join({der_text(0x17, "230207000000Z"), der_text(0x18, "20540207235959Z")}));
  const Octets key = der(0x30, join({algorithm, from_hex("030100")}));
  const Octets tbs = der(0x30, join({from_hex("a003020102"),
                                     from_hex("0203"
                                              "00a1b2"),
                                     algorithm, issuer, validity, subject, key, alt_names()}));
  return der(0x30, join({tbs, algorithm, from_hex("030100")}));
}

Octets certificate_message(View certificate) {
  return Wire().vec24(Wire().vec24(certificate)).bytes();
}

Octets handshake(uint8_t type, View body) { return Wire().u8(type).vec24(body).bytes(); }

Octets record(uint8_t type, View content, uint16_t version) {
  return Wire().u8(type).u16(version).vec16(content).bytes();
}

Octets dtls_record(uint8_t type, View body, const Fragment& fragment) {
  const size_t length = std::min(fragment.length, body.size() - fragment.offset);
  Wire message;
  message.u8(type).u24(body.size()).u16(fragment.sequence).u24(fragment.offset);
  message.vec24(body.subspan(fragment.offset, length));
  return Wire().u8(22).u16(0xFEFD).u16(0).u16(0).u32(fragment.sequence).vec16(message).bytes();
}

Octets ssh_kexinit() {
  Wire body;
  body.u8(20).fill(16, 0xAB);
  for (const std::string_view list :
       {"curve25519-sha256,ext-info-c", "ssh-ed25519", "aes128-ctr", "aes256-ctr", "hmac-sha2-256",
        "hmac-sha2-512", "none,zlib", "none", "", ""})
    body.vec32(octets(list));
  body.u8(0).u32(0);
  constexpr size_t kPadding = 8;
  return Wire().u32(1 + body.size() + kPadding).u8(kPadding).raw(body).fill(kPadding, 0).bytes();
}

Octets google_quic_packet() {
  const auto tag = [](Wire& out, std::string_view name, uint32_t end) {
    out.text(name).fill(4 - name.size(), 0);
    for (int shift = 0; shift < 32; shift += 8)
      out.u8(end >> shift & 0xFF);
  };
  Wire hello;
  hello.text("CHLO").u8(3).u8(0).u16(0);
  tag(hello, "SNI", 11);
  tag(hello, "VER", 15);
  tag(hello, "UAID", 22);
  hello.text("example.comQ046Chrome1");
  Wire packet;
  packet.u8(0xC3).text("Q046").u8(0x50).u64(0x1122334455667788).u32(1).fill(12, 0x5A);
  return packet.u8(0xA0).u8(1).u16(hello.size()).raw(hello).bytes();
}

namespace {

Octets ike_message(uint8_t first, uint8_t exchange, uint8_t flags, bool response, View payloads) {
  Wire out;
  const bool v2 = exchange >= 34;
  out.u64(0x1122334455667788).u64(response ? 0xAABBCCDDEEFF0011 : 0);
  out.u8(first).u8(v2 ? 0x20 : 0x10).u8(exchange).u8(flags).u32(0);
  return out.u32(28 + payloads.size()).raw(payloads).bytes();
}

Wire payload(uint8_t next, View body) {
  Wire out;
  out.u8(next).u8(0).u16(4 + body.size()).raw(body);
  return out;
}

}  // namespace

Octets ike2_sa_init(bool response) {
  Wire transforms;
  transforms.u8(3).u8(0).u16(12).u8(1).u8(0).u16(20).u16(0x800E).u16(256);  // AES-GCM-16, 256 bits
  transforms.u8(3).u8(0).u16(8).u8(2).u8(0).u16(5);                         // PRF
  transforms.u8(0).u8(0).u16(8).u8(4).u8(0).u16(31);                        // Curve25519
  Wire proposal;
  proposal.u8(0).u8(0).u16(8 + transforms.size()).u8(1).u8(1).u8(0).u8(3).raw(transforms);
  const Wire notify = payload(0, Wire().u8(0).u8(0).u16(16388).fill(20, 1));
  const Octets payloads =
      join({payload(34, proposal), payload(40, Wire().u16(31).u16(0).fill(32, 5)),
            payload(41, Wire().fill(32, 6)), notify});
  return ike_message(33, 34, response ? 0x20 : 0x08, response, payloads);
}

Octets ike1_main(bool response) {
  Wire attributes;
  attributes.u16(0x8001).u16(7).u16(0x8002).u16(2).u16(0x8003).u16(1).u16(0x8004).u16(2);
  attributes.u16(0x000C).u16(4).u32(86400);
  const Wire transform = payload(0, Wire().u8(1).u8(1).u16(0).raw(attributes));
  const Wire proposal = payload(0, Wire().u8(1).u8(1).u8(0).u8(1).raw(transform));
  const Wire association = payload(13, Wire().u32(1).u32(1).raw(proposal));
  const Octets payloads = join({association, payload(0, from_hex("0102030405060708"))});
  return ike_message(1, 2, 0, response, payloads);
}

}  // namespace pktana::app::secure
