// SPDX-License-Identifier: Apache-2.0
// EVE JSON lines: events `flow`, `stats` and those of the application layer, with the field names,
// order and meaning of Suricata 8, and what is our own in the object `pktana` (docs: contract
// "Records"). With `pktana` taken out each line validates against Suricata's published schema.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sink/community_id.h"
#include "sink/record_writer.h"
#include "sink/source_names.h"
#include "sink/text.h"

namespace pktana::sink {

/// pktana.seq counts the events of this writer, of all types, from 1. The host name is cut at
/// 1 KiB. No allocation per record.
class EveWriter final : public RecordWriter {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<EveWriter>> create(
      const WriterContext& context);

  char* put_flow(char* out, const flow::FlowRecord& record, int64_t now_ns) noexcept override;
  char* put_event(char* out, const flow::FlowRecord& record) noexcept override;
  char* put_stats(char* out, const StatsRecord& record) override;
  char* put_scan(char* out, const flow::ScanRecord& record, int64_t now_ns) noexcept override;
  [[nodiscard]] uint64_t next_seq() const noexcept override { return seq_ + 1; }
  void set_next_seq(uint64_t seq) noexcept override { seq_ = seq - 1; }
  void skip(uint64_t lines) noexcept override { seq_ += lines; }

 private:
  EveWriter(CommunityId community_id, const WriterContext& context);

  char* put_head(char* out, const flow::FlowRecord& record, int64_t now_ns) noexcept;
  char* put_counts(char* out, const flow::FlowRecord& record) noexcept;
  /// @param line where the record's line begins: what is long takes no more room than there is.
  char* put_own(char* out, const flow::FlowRecord& record, const char* line) noexcept;

  CommunityId community_id_;
  const bool live_;
  const flow::EncapsulationTable* encapsulations_;
  std::vector<RecordNotes*> notes_;
  SourceNames sources_;  ///< `,"in_iface":"eth0"` or `,"pcap_filename":"x.pcap"`
  std::string host_;     ///< `,"host":"..."` or empty
  TimestampText time_;
  TimestampText start_;
  TimestampText end_;
  uint64_t seq_ = 0;
};

}  // namespace pktana::sink
