// SPDX-License-Identifier: Apache-2.0
// Text helper of the EVE writers: who talks to whom, as flow records and application events begin.
#pragma once

#include "flow/flow_record.h"

namespace pktana::sink {

/// `,"vlan":[...]`, or nothing.
char* put_eve_vlan(char* out, const flow::FlowRecord& record) noexcept;

/// From `,"src_ip"` to `"dest_port"`; ports where the protocol has them.
/// @param turned the responder comes first: it sent what the event is about.
char* put_eve_endpoints(char* out, const flow::FlowRecord& record, bool turned) noexcept;

}  // namespace pktana::sink
