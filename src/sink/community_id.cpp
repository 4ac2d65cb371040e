// SPDX-License-Identifier: Apache-2.0
#include "sink/community_id.h"

#include <array>
#include <cstring>

#include <openssl/evp.h>

#include "base/bytes.h"
#include "flow/icmp_pairs.h"

namespace pktana::sink {
namespace {

constexpr size_t kSha1Bytes = 20;
/// seed, two addresses, protocol, padding, two ports
constexpr size_t kMaxInputBytes = 2 + 16 + 16 + 1 + 1 + 2 + 2;

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

size_t make_input(const flow::FlowRecord& record, uint16_t seed,
                  std::array<uint8_t, kMaxInputBytes>& input) noexcept {
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
  return static_cast<size_t>(p - input.data());
}

/// 20 bytes as base64: six groups of three, and two bytes with one '=' of padding.
char* put_base64(char* out, const std::array<uint8_t, kSha1Bytes>& bytes) noexcept {
  static constexpr char kAlphabet[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<uint8_t, kSha1Bytes + 1> padded{};
  std::memcpy(padded.data(), bytes.data(), kSha1Bytes);
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
  // Fetched once: EVP_sha1() would look the algorithm up for each hash (1.5 us instead of 0.09).
  EVP_MD* digest = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  CommunityId id(digest, EVP_MD_CTX_new(), seed);
  if (id.digest_ == nullptr || id.context_ == nullptr)
    return base::fail_input("community id", "libcrypto offers no SHA-1");
  return id;
}

CommunityId::CommunityId(evp_md_st* digest, evp_md_ctx_st* context, uint16_t seed) noexcept
    : digest_(digest), context_(context), seed_(seed) {}
CommunityId::CommunityId(CommunityId&&) noexcept = default;
CommunityId& CommunityId::operator=(CommunityId&&) noexcept = default;
CommunityId::~CommunityId() = default;

void CommunityId::FreeDigest::operator()(evp_md_st* digest) const noexcept { EVP_MD_free(digest); }

void CommunityId::FreeContext::operator()(evp_md_ctx_st* context) const noexcept {
  EVP_MD_CTX_free(context);
}

char* CommunityId::put(char* out, const flow::FlowRecord& record) noexcept {
  std::array<uint8_t, kMaxInputBytes> input{};
  const size_t length = make_input(record, seed_, input);
  std::array<uint8_t, kSha1Bytes> hash{};
  // A fetched SHA-1 with its context at hand can't fail; the hash of a failure would be zeros.
  EVP_DigestInit_ex2(context_.get(), digest_.get(), nullptr);
  EVP_DigestUpdate(context_.get(), input.data(), length);
  EVP_DigestFinal_ex(context_.get(), hash.data(), nullptr);
  *out++ = '1';
  *out++ = ':';
  return put_base64(out, hash);
}

}  // namespace pktana::sink
