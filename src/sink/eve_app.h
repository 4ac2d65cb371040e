// SPDX-License-Identifier: Apache-2.0
// Text helper of the writers: what the application layer knows of a flow, as members of its
// record.
#pragma once

#include <cstddef>
#include <string_view>

#include "flow/flow_record.h"

namespace pktana::sink {

/// Longest escaped name of a flow on its record.
inline constexpr size_t kMaxFlowNameBytes = 1024;
/// Longest escaped fingerprint, and name of an application protocol.
inline constexpr size_t kMaxFingerprintBytes = 256;
inline constexpr size_t kMaxAppProtoBytes = 64;

/// Longest escaped name in the other formats; one of DNS has no more.
inline constexpr size_t kMaxShortNameBytes = 256;

/// The protocol, if it is known by more than its port: not "failed".
[[nodiscard]] std::string_view known_app_proto(const flow::FlowRecord& record) noexcept;
/// Empty: none.
[[nodiscard]] std::string_view name_of(const flow::FlowRecord& record) noexcept;
/// Of that kind; empty: none.
[[nodiscard]] std::string_view fingerprint_of(const flow::FlowRecord& record,
                                              std::string_view kind) noexcept;

/// `text` escaped and quoted, at most `limit` bytes of it.
char* put_quoted(char* out, std::string_view text, size_t limit) noexcept;

/// `,"app_proto":"tls"` and, where the protocol changed, `,"app_proto_orig":"smtp"`; or nothing.
char* put_eve_app_proto(char* out, const flow::FlowRecord& record) noexcept;

/// Members of the object `pktana`, a comma in front: `app_basis`, `app_proto_guess`, `name` with
/// its source, `fingerprints`. One that would need more than `room` bytes is left out.
char* put_eve_app(char* out, const flow::FlowRecord& record, size_t room) noexcept;

}  // namespace pktana::sink
