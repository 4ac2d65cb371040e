// SPDX-License-Identifier: Apache-2.0
#include "sink/community_id.h"

#include <array>
#include <cstring>

#define OPENSSL_SUPPRESS_DEPRECATED  // the block function: see put()
#include <openssl/sha.h>

#include "base/bytes.h"
#include "flow/icmp_pairs.h"

namespace pktana::sink {
namespace {

/// seed, two addresses, protocol, padding, two ports
constexpr size_t kMaxInputBytes = 2 + 16 + 16 + 1 + 1 + 2 + 2;
/// The input as SHA-1 pads it (RFC 3174 section 4): a one bit behind it, its length in bits last.
using Block = std::array<uint8_t, SHA_CBLOCK>;
static_assert(kMaxInputBytes + 1 + sizeof(uint64_t) <= SHA_CBLOCK, "one block is enough");

/// What the two endpoints contribute besides their addresses.
struct Ports {
  uint16_t src = 0;
  uint16_t dst = 0;
  bool hashed = false;
  bool one_way = false;
};

Ports icmp_ports(const flow::FlowRecord& record) noexcept {
  const auto pair = flow::icmp_pair(record.protocol, record.icmp_type);
  Ports ports{.src = record.icmp_type, .hashed = true};
  if (!pair) {
    ports.dst = record.icmp_code;
    ports.one_way = true;
  } else {
    ports.dst = record.icmp_type == pair->request ? pair->reply : pair->request;
  }
  return ports;
}

Ports ports_of(const flow::FlowRecord& record) noexcept {
  switch (record.protocol) {
    case flow::kProtocolIcmp:
    case flow::kProtocolIcmpv6:
      return icmp_ports(record);
    case flow::kProtocolTcp:
    case flow::kProtocolUdp:
    case flow::kProtocolSctp:
      return {.src = record.src_port, .dst = record.dst_port, .hashed = true};
    default:
      return {};
  }
}

/// Whether the endpoints are to be hashed in the order (dst, src): the smaller address first, the
/// smaller port when the addresses are equal.
bool is_swapped(const flow::FlowRecord& record, const Ports& ports, size_t address_bytes) noexcept {
  if (ports.one_way) return false;
  const int order = std::memcmp(record.src.data(), record.dst.data(), address_bytes);
  return order > 0 || (order == 0 && ports.src > ports.dst);
}

Block make_block(const flow::FlowRecord& record, uint16_t seed) noexcept {
  Block input{};
  const size_t address_bytes = record.ip_version == 4 ? 4 : 16;
  const Ports ports = ports_of(record);
  const bool swapped = is_swapped(record, ports, address_bytes);
  const auto& first = swapped ? record.dst : record.src;
  const auto& second = swapped ? record.src : record.dst;
  uint8_t* p = input.data();
  base::store_be(p, seed);
  p += 2;
  std::memcpy(p, first.data(), address_bytes);
  std::memcpy(p + address_bytes, second.data(), address_bytes);
  p += 2 * address_bytes;
  *p++ = record.protocol;
  *p++ = 0;
  if (ports.hashed) {
    base::store_be(p, swapped ? ports.dst : ports.src);
    base::store_be(p + 2, swapped ? ports.src : ports.dst);
    p += 4;
  }
  *p = 0x80;
  base::store_be(input.data() + SHA_CBLOCK - sizeof(uint64_t), uint64_t(p - input.data()) * 8);
  return input;
}

/// 20 bytes as base64: six groups of three, and two bytes with one '=' of padding.
char* put_base64(char* out, const std::array<uint8_t, SHA_DIGEST_LENGTH>& bytes) noexcept {
  static constexpr char kAlphabet[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<uint8_t, SHA_DIGEST_LENGTH + 1> padded{};
  std::memcpy(padded.data(), bytes.data(), SHA_DIGEST_LENGTH);
  for (size_t i = 0; i < padded.size(); i += 3) {
    const uint32_t group = uint32_t{padded[i]} << 16 | uint32_t{padded[i + 1]} << 8 | padded[i + 2];
    *out++ = kAlphabet[group >> 18];
    *out++ = kAlphabet[group >> 12 & 63];
    *out++ = kAlphabet[group >> 6 & 63];
    *out++ = kAlphabet[group & 63];
  }
  out[-1] = '=';
  return out;
}

}  // namespace

base::Result<CommunityId> CommunityId::create(uint16_t seed) {
  SHA_CTX state;
  if (SHA1_Init(&state) != 1) return base::fail_input("community id", "libcrypto offers no SHA-1");
  return CommunityId(seed, {state.h0, state.h1, state.h2, state.h3, state.h4});
}

// PERF NOTE: the input always fits one block, so the block function does; through EVP_Digest*() an
// id took 125 ns, most of that around the block, and now takes 70 (bench/sink, community_id).
char* CommunityId::put(char* out, const flow::FlowRecord& record) const noexcept {
  const Block block = make_block(record, seed_);
  SHA_CTX state{};
  state.h0 = start_[0];
  state.h1 = start_[1];
  state.h2 = start_[2];
  state.h3 = start_[3];
  state.h4 = start_[4];
  SHA1_Transform(&state, block.data());
  std::array<uint8_t, SHA_DIGEST_LENGTH> hash{};
  uint8_t* place = hash.data();
  for (const uint32_t word : {state.h0, state.h1, state.h2, state.h3, state.h4}) {
    base::store_be(place, word);
    place += sizeof word;
  }
  *out++ = '1';
  *out++ = ':';
  return put_base64(out, hash);
}

}  // namespace pktana::sink
