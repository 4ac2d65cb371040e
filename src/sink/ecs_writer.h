// SPDX-License-Identifier: Apache-2.0
// Flows and stats as documents of the Elastic Common Schema 9, one JSON object a line, nested. What
// ECS has no field for is in the object `pktana`. docs/records.md describes every field.
#pragma once

#include <cstdint>
#include <string>

#include "sink/community_id.h"
#include "sink/record_writer.h"
#include "sink/source_names.h"
#include "sink/text.h"

namespace pktana::sink {

/// event.sequence counts the events of this writer, of all kinds, from 1. No allocation per flow.
class EcsWriter final : public RecordWriter {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<EcsWriter>> create(
      const WriterContext& context);

  char* put_flow(char* out, const flow::FlowRecord& record, int64_t now_ns) noexcept override;
  char* put_stats(char* out, const StatsRecord& record) override;
  [[nodiscard]] uint64_t next_seq() const noexcept override { return seq_ + 1; }
  void skip(uint64_t lines) noexcept override { seq_ += lines; }

 private:
  EcsWriter(CommunityId community_id, const WriterContext& context);

  char* put_ecs_event(char* out, const flow::FlowRecord& record, int64_t now_ns) noexcept;
  char* put_network(char* out, const flow::FlowRecord& record) noexcept;
  char* put_observer(char* out, const flow::FlowRecord& record) noexcept;
  char* put_own(char* out, const flow::FlowRecord& record) noexcept;

  CommunityId community_id_;
  const bool live_;
  const flow::EncapsulationTable* encapsulations_;
  SourceNames sources_;         ///< `,"ingress":{...}` live, `,"pcap_filename":"..."` of files
  const std::string observer_;  ///< `,"observer":{...` with version and name, not yet closed
  TimestampText time_;
  TimestampText start_;
  TimestampText end_;
  uint64_t seq_ = 0;
};

}  // namespace pktana::sink
