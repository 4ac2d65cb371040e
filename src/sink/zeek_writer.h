// SPDX-License-Identifier: Apache-2.0
// Flows as lines of Zeek's conn.log in its JSON form (field names, order and types of Zeek 7): for
// what ingests Zeek. One line a flow, at its end; nothing for flow updates and stats, for which
// conn.log has no place. docs/records.md describes every field.
#pragma once

#include "sink/community_id.h"
#include "sink/record_writer.h"

namespace pktana::sink {

/// As Zeek does, `duration`, `orig_bytes` and `resp_bytes` are left out of a flow without duration,
/// and an empty `history` is left out. No allocation per record.
class ZeekWriter final : public RecordWriter {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<ZeekWriter>> create(
      const WriterContext& context);

  char* put_flow(char* out, const flow::FlowRecord& record, int64_t now_ns) noexcept override;

 private:
  explicit ZeekWriter(CommunityId community_id) : community_id_(std::move(community_id)) {}

  CommunityId community_id_;
};

/// What stands for a flow in Zeek's `uid`: "C" and the flow_id (below 2^53) as nine digits of base
/// 62 (0-9A-Za-z), the highest first. The same flow has the same uid in every event.
inline constexpr size_t kZeekUidBytes = 10;
char* put_zeek_uid(char* out, uint64_t flow_id) noexcept;

}  // namespace pktana::sink
