// SPDX-License-Identifier: Apache-2.0
// The parts of an EVE line that TCP alone has: the object `tcp`, which is EVE's, and
// `pktana.tcp`, which is ours (docs/tcp-quality.md). Used by EveWriter.
#pragma once

#include "flow/flow_record.h"

namespace pktana::sink {

/// `,"tcp":{...}`. Writes as the put_ functions of sink/text.h do.
char* put_eve_tcp(char* out, const flow::FlowRecord& record) noexcept;

/// `,"tcp":{...}` within `pktana`: the counters of contract "Records", even when 0; the rarer ones
/// above 0 only; times and options where they are known.
char* put_eve_tcp_quality(char* out, const flow::TcpQuality& quality) noexcept;

}  // namespace pktana::sink
