// SPDX-License-Identifier: Apache-2.0
#include "app/secure/tls/tls_record.h"

namespace pktana::app::secure {
namespace {

constexpr size_t kHelloMin = 38;  // version, random, lengths of what a hello must have
constexpr TlsGuess kYes{.yes = true, .unsure = false};
constexpr TlsGuess kUnsure{.yes = false, .unsure = true};

bool is_version(uint16_t version) noexcept { return version >= 0x0300 && version <= 0x0304; }

TlsGuess guess_ssl2(Bytes bytes) noexcept {
  constexpr size_t kHelloHeader = 11;
  if (bytes.size() < 5) return bytes.empty() || (bytes[0] & 0xC0) == 0x80 ? kUnsure : TlsGuess{};
  const bool client = bytes[2] == 1 && (bytes[3] == 3 || (bytes[3] == 0 && bytes[4] == 2));
  const bool server = bytes[2] == 4 && bytes[3] <= 1 && bytes[4] <= 1;
  if ((bytes[0] & 0xC0) != 0x80 || (!client && !server)) return {};
  const size_t record = 2U + ((bytes[0] & 0x7FU) << 8 | bytes[1]);
  if (record < kHelloHeader) return {};
  if (bytes.size() < record) return kUnsure;
  return parse_ssl2_hello(bytes) ? kYes : TlsGuess{};
}

// A record of something encrypted proves little: it must end where the bytes end, or another
// header follow it.
TlsGuess guess_chain(Bytes bytes, const RecordHeader& header) noexcept {
  constexpr size_t kMinSealed = 16;
  const size_t record = kRecordHeader + header.length;
  const bool sealed = header.type == kAlert || header.type == kApplicationData;
  if (bytes.size() == record && sealed && header.length >= kMinSealed) return kYes;
  if (bytes.size() < record + 3) return kUnsure;
  const Bytes next = bytes.subspan(record);
  const bool follows = next[0] >= kChangeCipherSpec && next[0] <= kHeartbeat && next[1] == 3 &&
                       next[2] == (header.version & 0xFF);
  return follows ? kYes : TlsGuess{};
}

}  // namespace

std::optional<RecordHeader> parse_record_header(Bytes bytes) noexcept {
  Reader in(bytes);
  RecordHeader header{};
  header.type = in.u8();
  header.version = in.u16();
  header.length = in.u16();
  if (!in.ok() || header.type < kChangeCipherSpec || header.type > kHeartbeat) return std::nullopt;
  // Facebook's draft of TLS 1.3 put its version here, too.
  const bool known = is_version(header.version) || (header.version >> 8) == 0x7F;
  if (!known || header.length > kMaxRecord) return std::nullopt;
  return header;
}

std::optional<Ssl2Hello> parse_ssl2_hello(Bytes bytes) noexcept {
  Reader header(bytes);
  const uint16_t length = header.u16();
  if ((length & 0xC000) != 0x8000) return std::nullopt;
  Reader in(header.take(length & 0x3FFF));
  Ssl2Hello hello;
  hello.record_bytes = 2U + in.left();
  const uint8_t type = in.u8();
  if (type == 1) {
    hello.from_client = true;
    hello.version = in.u16();
    const uint16_t ciphers = in.u16();
    const uint16_t session = in.u16();
    const uint16_t challenge = in.u16();
    const bool version_fits = hello.version == 2 || is_version(hello.version);
    const bool sizes_fit = ciphers != 0 && ciphers % 3 == 0 && challenge >= 8 && challenge <= 32;
    if (!version_fits || !sizes_fit || in.left() != size_t{ciphers} + session + challenge)
      return std::nullopt;
    return hello;
  }
  in.take(2);  // session id hit, certificate type
  hello.version = in.u16();
  const uint16_t certificate = in.u16();
  const uint16_t ciphers = in.u16();
  const uint16_t connection = in.u16();
  if (type != 4 || hello.version != 2 || ciphers % 3 != 0 || connection < 16 || connection > 32)
    return std::nullopt;
  if (!in.ok() || in.left() != size_t{certificate} + ciphers + connection) return std::nullopt;
  hello.certificate = in.take(certificate);
  return hello;
}

TlsGuess guess_tls(Bytes bytes) noexcept {
  if (bytes.empty()) return kUnsure;
  if ((bytes[0] & 0x80) != 0) return guess_ssl2(bytes);
  if (bytes[0] < kChangeCipherSpec || bytes[0] > kHeartbeat) return {};
  if (bytes.size() < kRecordHeader) return bytes.size() < 2 || bytes[1] == 3 ? kUnsure : TlsGuess{};
  const auto header = parse_record_header(bytes);
  if (!header || header->length == 0) return {};
  if (header->type != kHandshake) return guess_chain(bytes, *header);
  Reader in(bytes.subspan(kRecordHeader));
  const uint8_t type = in.u8();
  const uint32_t length = in.u24();
  const uint16_t version = in.u16();
  if (!in.ok()) return kUnsure;
  if (type > 24) return guess_chain(bytes, *header);  // encrypted
  const bool is_hello = (type == 1 || type == 2) && length >= kHelloMin && length < (1U << 17) &&
                        ((version >> 8) == 3 || (version >> 8) == 0x7F);
  if (is_hello) return kYes;
  return guess_chain(bytes, *header);
}

}  // namespace pktana::app::secure
