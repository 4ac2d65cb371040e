// SPDX-License-Identifier: Apache-2.0
// Text helper of the writers: what the application layer knows of a flow, as members of its
// record.
#pragma once

#include <cstddef>

#include "flow/flow_record.h"

namespace pktana::sink {

/// Longest escaped name of a flow on its record.
inline constexpr size_t kMaxFlowNameBytes = 1024;
/// Longest escaped fingerprint, and name of an application protocol.
inline constexpr size_t kMaxFingerprintBytes = 256;
inline constexpr size_t kMaxAppProtoBytes = 64;

/// `,"app_proto":"tls"` and, where the protocol changed, `,"app_proto_orig":"smtp"`; or nothing.
char* put_eve_app_proto(char* out, const flow::FlowRecord& record) noexcept;

/// Members of the object `pktana`, a comma in front: `app_basis`, `app_proto_guess`, `name` with
/// its source, `fingerprints`. One that would need more than `room` bytes is left out.
char* put_eve_app(char* out, const flow::FlowRecord& record, size_t room) noexcept;

}  // namespace pktana::sink
