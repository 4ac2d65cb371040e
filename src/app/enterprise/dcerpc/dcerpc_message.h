// SPDX-License-Identifier: Apache-2.0
// DCE/RPC, connection oriented (C706 chapter 12): header, bind contexts and their results, request.
// Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/dissector.h"

namespace pktana::app::enterprise {

inline constexpr size_t kDcerpcHeader = 16;

enum class DcerpcType : uint8_t {
  Request = 0,
  Response = 2,
  Fault = 3,
  Bind = 11,
  BindAck = 12,
  BindNak = 13,
  AlterContext = 14,
  AlterContextResponse = 15,
  Auth3 = 16,
  Shutdown = 17,
  Cancel = 18,
  Orphaned = 19,
};

struct DcerpcHeader {
  DcerpcType type = DcerpcType::Request;
  uint8_t minor = 0;
  bool is_first = false, is_last = false;  ///< fragment
  bool is_little = true;                   ///< byte order of all numbers
  uint16_t fragment_len = 0;
  uint16_t auth_len = 0;
  uint32_t call_id = 0;
};

/// @param bytes  at least kDcerpcHeader.
/// @return nothing if it is none: version 5.0 or 5.1, a type that exists, lengths that fit.
[[nodiscard]] std::optional<DcerpcHeader> parse_dcerpc_header(Bytes bytes) noexcept;

[[nodiscard]] bool is_dcerpc_request(DcerpcType type) noexcept;
[[nodiscard]] std::string_view dcerpc_type_text(DcerpcType type) noexcept;  ///< "BIND", "BINDACK"

/// A presentation context of a bind.
struct DcerpcInterface {
  std::string uuid;
  uint16_t major = 0, minor = 0;
  std::optional<uint16_t> result;  ///< of the server; 0 = accepted
};

/// Contexts of BIND and ALTER_CONTEXT, at most 32.
[[nodiscard]] std::vector<DcerpcInterface> parse_dcerpc_contexts(const DcerpcHeader& header,
                                                                 Bytes fragment) noexcept;
/// Results of BINDACK and ALTER_CONTEXT_RESP, in the order of the contexts.
[[nodiscard]] std::vector<uint16_t> parse_dcerpc_results(const DcerpcHeader& header,
                                                         Bytes fragment) noexcept;
/// Operation number of a REQUEST.
[[nodiscard]] std::optional<uint16_t> parse_dcerpc_opnum(const DcerpcHeader& header,
                                                         Bytes fragment) noexcept;
/// Bytes of arguments in a REQUEST or RESPONSE fragment.
[[nodiscard]] uint32_t dcerpc_stub_len(const DcerpcHeader& header) noexcept;

}  // namespace pktana::app::enterprise
