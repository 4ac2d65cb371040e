// SPDX-License-Identifier: Apache-2.0
#include "inspect/text.h"

#include <arpa/inet.h>

namespace pktana::inspect {
namespace {

constexpr char kDigits[] = "0123456789abcdef";

void put_hex(std::string& out, uint8_t byte) {
  out += kDigits[byte >> 4];
  out += kDigits[byte & 15];
}

std::string address_text(int family, base::Bytes bytes, size_t length) {
  char text[INET6_ADDRSTRLEN] = {};
  if (bytes.size() != length || ::inet_ntop(family, bytes.data(), text, sizeof text) == nullptr)
    return hex_text(bytes);
  return text;
}

}  // namespace

std::string mac_text(base::Bytes bytes) {
  std::string out;
  for (const uint8_t byte : bytes) {
    if (!out.empty()) out += ':';
    put_hex(out, byte);
  }
  return out;
}

std::string ipv4_text(base::Bytes bytes) { return address_text(AF_INET, bytes, 4); }

std::string ipv6_text(base::Bytes bytes) { return address_text(AF_INET6, bytes, 16); }

std::string hex_text(base::Bytes bytes) {
  std::string out;
  for (const uint8_t byte : bytes)
    put_hex(out, byte);
  return out;
}

std::string printable_octets(base::Bytes bytes) {
  std::string out;
  for (const uint8_t byte : bytes)
    out += byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '.';
  return out;
}

}  // namespace pktana::inspect
