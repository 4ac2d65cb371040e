// SPDX-License-Identifier: Apache-2.0
// Recognises NetBIOS over UDP (RFC 1002): the name service, whose messages are DNS messages with
// encoded names, and the datagram service.
#include "app/internet/dissectors.h"
#include "app/internet/dns/dns_message.h"

namespace pktana::app::internet {

namespace {

constexpr uint16_t kNamePorts[] = {137, 0};
constexpr uint16_t kDatagramPorts[] = {138, 0};

constexpr uint8_t kEncodedNameLen = 32;  // half-bytes as letters A to P, section 4.1
constexpr size_t kMaxNameQuestions = 4;
constexpr uint8_t kFirstDatagramType = 0x10;
constexpr uint8_t kLastDatagramType = 0x16;
constexpr size_t kDatagramHeaderLen = 14;

bool is_encoded_name(Bytes message, size_t at) noexcept {
  if (at + 1 + kEncodedNameLen >= message.size() || message[at] != kEncodedNameLen) return false;
  for (const uint8_t letter : message.subspan(at + 1, kEncodedNameLen))
    if (letter < 'A' || letter > 'P') return false;
  return true;
}

pktana_match probe_name_service(const pktana_probe* raw) noexcept {
  const Bytes bytes = Probe(*raw).latest();
  dns::Header header;
  if (!dns::read_header(bytes, header)) return PKTANA_NO;
  const unsigned entries = header.counts[dns::Questions] + header.counts[dns::Answers];
  const bool is_sane = header.opcode() <= 9 && entries >= 1 && entries <= kMaxNameQuestions;
  return is_sane && is_encoded_name(bytes, dns::kHeaderLen) ? PKTANA_YES : PKTANA_NO;
}

// Section 4.4: type, flags, id, source address and port, and for most types length and offset.
pktana_match probe_datagram_service(const pktana_probe* raw) noexcept {
  const Probe probe(*raw);
  const Bytes bytes = probe.latest();
  Reader reader(bytes);
  const uint8_t type = reader.u8();
  const uint8_t flags = reader.u8();
  if (!probe.hinted() || type < kFirstDatagramType || type > kLastDatagramType) return PKTANA_NO;
  constexpr uint8_t kReservedFlags = 0xf0;
  constexpr uint8_t kLastDirectType = 0x12;
  if ((flags & kReservedFlags) != 0) return PKTANA_NO;
  if (type > kLastDirectType) return PKTANA_YES;
  reader.skip(8);  // id, source address and port
  const uint16_t length = reader.u16();
  reader.skip(2);  // offset
  if (!reader.ok() || length > bytes.size() - kDatagramHeaderLen) return PKTANA_NO;
  return is_encoded_name(bytes, kDatagramHeaderLen) ? PKTANA_YES : PKTANA_NO;
}

}  // namespace

constinit const pktana_dissector kNetbiosNs =
    recogniser({.name = "netbios-ns", .udp_ports = kNamePorts, .protocols = PKTANA_ON_UDP},
               probe_name_service);
constinit const pktana_dissector kNetbiosDgm =
    recogniser({.name = "netbios-dgm", .udp_ports = kDatagramPorts, .protocols = PKTANA_ON_UDP},
               probe_datagram_service);

}  // namespace pktana::app::internet
