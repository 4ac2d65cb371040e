// SPDX-License-Identifier: Apache-2.0
// EVE events of the application layer (`dns`, `tls`, `http` ...): the flow's head as Suricata
// writes it, then the event's fields as its dissector gave them.
#pragma once

#include <cstdint>
#include <string_view>

#include "flow/flow_record.h"
#include "sink/community_id.h"
#include "sink/text.h"

namespace pktana::sink {

struct EveEventContext {
  std::string_view source;  ///< `,"in_iface":"eth0"` or `,"pcap_filename":"x.pcap"`; may be empty
  std::string_view host;    ///< `,"host":"..."` or empty
  bool live = false;
  uint64_t seq = 0;
  CommunityId* community_id = nullptr;
  TimestampText* time = nullptr;
};

/// The event's time is that of its packet, live too. Whatever the values are, the line keeps to
/// kMaxLineBytes: fields behind the one that has no room are left out, and `pktana.truncated` says
/// so.
/// @param record with an event.
char* put_eve_event(char* out, const flow::FlowRecord& record,
                    const EveEventContext& context) noexcept;

}  // namespace pktana::sink
