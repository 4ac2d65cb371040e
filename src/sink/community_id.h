// SPDX-License-Identifier: Apache-2.0
// Community ID version 1 of a flow (github.com/corelight/community-id-spec): the same short text
// for the same connection in every tool that writes it. The one file that knows libcrypto.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/result.h"
#include "flow/flow_record.h"

struct evp_md_st;
struct evp_md_ctx_st;

namespace pktana::sink {

/// Hashes one record at a time. One thread only.
class CommunityId {
 public:
  static constexpr size_t kTextBytes = 30;  ///< "1:" and 28 characters of base64

  /// Fails when libcrypto offers no SHA-1 (a provider configuration that forbids it).
  [[nodiscard]] static base::Result<CommunityId> create(uint16_t seed);

  CommunityId(CommunityId&&) noexcept;
  CommunityId& operator=(CommunityId&&) noexcept;
  ~CommunityId();

  /// Writes the kTextBytes characters at `out` and returns the place behind them. Ports count for
  /// TCP, UDP, SCTP, ICMP and ICMPv6 only; ICMP messages that expect no answer are one-way: their
  /// endpoints are not put in order. Cost: one SHA-1 block, about 90 ns; none of our memory, but
  /// libcrypto 3.0 takes and frees a small piece (its hash state) for every hash.
  char* put(char* out, const flow::FlowRecord& record) noexcept;

 private:
  struct FreeDigest {
    void operator()(evp_md_st* digest) const noexcept;
  };
  struct FreeContext {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };

  CommunityId(evp_md_st* digest, evp_md_ctx_st* context, uint16_t seed) noexcept;

  std::unique_ptr<evp_md_st, FreeDigest> digest_;
  std::unique_ptr<evp_md_ctx_st, FreeContext> context_;
  uint16_t seed_;
};

}  // namespace pktana::sink
