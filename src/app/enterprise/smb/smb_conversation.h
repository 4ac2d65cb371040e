// SPDX-License-Identifier: Apache-2.0
// Requests of an SMB connection and the replies that belong to them: one smb event for each.
#pragma once

#include <string>
#include <vector>

#include "app/dissector.h"
#include "app/enterprise/smb/smb_message.h"

namespace pktana::app::enterprise {

class SmbConversation {
 public:
  static constexpr const char* kEvent = "smb";

  /// A whole message of a direction, or its beginning. Reads and writes are no events.
  void on_message(const Flow& flow, const Chunk& chunk, Bytes message) noexcept;
  /// Events of the requests that nobody answered.
  void on_end(const Flow& flow, int64_t ts_ns) noexcept;

 private:
  static constexpr size_t kMaxPending = 32;

  struct Pending {
    SmbHeader header;
    SmbRequest request;
    uint8_t direction;
  };

  void on_request(const Flow& flow, const Chunk& chunk, const SmbHeader& header,
                  Bytes message) noexcept;
  void on_reply(const Flow& flow, const Chunk& chunk, const SmbHeader& header,
                Bytes message) noexcept;
  /// @param reply  null: there is none.
  void show(const Flow& flow, int64_t ts_ns, const Pending& asked, const SmbHeader* reply,
            const SmbReply& said) noexcept;
  void show_request(Event& event, const Pending& asked, const SmbReply& said) const noexcept;

  std::vector<Pending> pending_;  ///< oldest first
  std::string dialect_ = "unknown";
  uint64_t shown_ = 0;
};

}  // namespace pktana::app::enterprise
