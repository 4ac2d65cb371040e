// SPDX-License-Identifier: Apache-2.0
// Flows as events of the Open Cybersecurity Schema: class Network Activity (4001), one JSON object
// a line. What OCSF has no attribute for is in `unmapped.pktana`. The class has no place for stats:
// none are written. docs/records.md describes every field.
#pragma once

#include <cstdint>
#include <string>

#include "sink/community_id.h"
#include "sink/record_writer.h"
#include "sink/source_names.h"

namespace pktana::sink {

/// metadata.sequence counts the events of this writer from 1. No allocation per flow.
class OcsfWriter final : public RecordWriter {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<OcsfWriter>> create(
      const WriterContext& context);

  char* put_flow(char* out, const flow::FlowRecord& record, int64_t now_ns) noexcept override;
  [[nodiscard]] uint64_t next_seq() const noexcept override { return seq_ + 1; }
  void skip(uint64_t lines) noexcept override { seq_ += lines; }

 private:
  OcsfWriter(CommunityId community_id, const WriterContext& context);

  char* put_connection(char* out, const flow::FlowRecord& record) noexcept;
  char* put_observer(char* out, const flow::FlowRecord& record) noexcept;
  char* put_own(char* out, const flow::FlowRecord& record) noexcept;

  CommunityId community_id_;
  const bool live_;
  const flow::EncapsulationTable* encapsulations_;
  SourceNames sources_;     ///< `"interface_name":"eth0"` live, `,"pcap_filename":"..."` of files
  const std::string host_;  ///< `"name":"..."` or empty
  uint64_t seq_ = 0;
};

}  // namespace pktana::sink
