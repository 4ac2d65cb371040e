// SPDX-License-Identifier: Apache-2.0
// Six flows that between them have and lack every field; a letter each, so that an answer is a
// word.
#pragma once

#include <string>

#include "filter/expression.h"
#include "flow/flow_record.h"

namespace pktana::filter {

/// W a web connection, D a DNS query, P a ping, S a SYN scan, V a long IPv6 flow in a tunnel, G
/// GRE.
inline constexpr std::string_view kSampleLetters = "WDPSVG";

/// @param letter of kSampleLetters.
[[nodiscard]] flow::FlowRecord sample_record(char letter);

/// Source 0 is "eth0", source 1 "trace.pcap"; the Community ID is "1:" and the letter.
class SampleNames final : public RecordNames {
 public:
  [[nodiscard]] std::string_view source(uint16_t source_id) const noexcept override;
  [[nodiscard]] std::string_view community_id(const flow::FlowRecord& record,
                                              std::span<char> out) const noexcept override;
};

/// Letters of the records that the expression matches, in the order of kSampleLetters.
[[nodiscard]] std::string matching(const Expression& expression);

}  // namespace pktana::filter
