// SPDX-License-Identifier: Apache-2.0
// Comma-separated values: a header line, then one line per flow, quoted as RFC 4180 says, ended by
// LF as the tools of this system do.
#pragma once

#include "sink/community_id.h"
#include "sink/record_writer.h"
#include "sink/source_names.h"
#include "sink/text.h"

namespace pktana::sink {

/// The columns, in this order. New ones are added at the end only; a field that does not apply to a
/// flow is empty. Names and values are those of EVE, durations are in ns, VLAN ids are joined by
/// spaces, `source` is the interface or the capture file, escaped as escape.h says. Updates of live
/// flows have no line.
inline constexpr char kCsvHeader[] =
    "start,end,duration_ns,flow_id,source,vlan,ip_v,proto,src_ip,src_port,dest_ip,dest_port,"
    "icmp_type,icmp_code,response_icmp_type,response_icmp_code,pkts_toserver,pkts_toclient,"
    "bytes_toserver,bytes_toclient,payload_bytes_toserver,payload_bytes_toclient,state,end_reason,"
    "tcp_flags_ts,tcp_flags_tc,tcp_state,initiator_basis,truncated_packets,continuation,"
    "community_id,conn_state,history,ip_bytes_toserver,ip_bytes_toclient,retransmits_toserver,"
    "retransmits_toclient,out_of_order_toserver,out_of_order_toclient,lost_bytes_toserver,"
    "lost_bytes_toclient,handshake_rtt_us,client_rtt_avg_us,server_rtt_avg_us,icmp_errors,"
    "app_proto,name,name_source\n";

class CsvWriter final : public RecordWriter {
 public:
  [[nodiscard]] static base::Result<std::unique_ptr<CsvWriter>> create(
      const WriterContext& context);

  char* put_header(char* out) override { return put_literal(out, kCsvHeader); }
  char* put_flow(char* out, const flow::FlowRecord& record, int64_t now_ns) noexcept override;

 private:
  CsvWriter(CommunityId community_id, const WriterContext& context);

  char* put_identity(char* out, const flow::FlowRecord& record) noexcept;

  CommunityId community_id_;
  SourceNames sources_;
  TimestampText start_;
  TimestampText end_;
};

}  // namespace pktana::sink
