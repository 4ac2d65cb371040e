// SPDX-License-Identifier: Apache-2.0
// FTP's control connection: a command and its reply are one event; names the data connections.
#pragma once

#include <string>
#include <vector>

#include "app/dissector.h"
#include "app/internet/ftp/ftp_line.h"
#include "app/internet/line_reader.h"

namespace pktana::app::internet::ftp {

inline constexpr size_t kMaxPending = 16;     ///< commands kept that have no reply yet
inline constexpr size_t kMaxReplyLines = 64;  ///< shown of one reply
inline constexpr size_t kMaxTextLen = 1024;   ///< kept of a command or a reply's line

/// A command and the reply to it, as far as they have come.
struct Exchange {
  std::string command;  ///< upper case; empty if the server spoke unasked
  std::string data;
  bool data_is_cut = false;
  std::vector<std::string> codes;
  std::vector<std::string> lines;
  bool reply_is_cut = false;
  uint16_t data_port = 0;
  bool is_passive = false;
};

class FtpFlow {
 public:
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept;
  pktana_step on_gap(const Flow& flow, uint8_t direction, uint64_t missing) noexcept;
  void on_end(const Flow& flow, int64_t ts_ns) noexcept;

 private:
  void learn_roles(std::string_view line, uint8_t direction) noexcept;
  void on_command(const Flow& flow, std::string_view line) noexcept;
  /// True if TLS begins behind this line.
  bool on_reply(const Flow& flow, std::string_view line) noexcept;
  void on_complete(const Flow& flow, unsigned code) noexcept;
  void learn_port(const Flow& flow, Exchange& exchange, unsigned code) noexcept;
  /// Announces the data connection that was agreed on last, for the first transfer that is pending.
  void announce(const Flow& flow) noexcept;
  void emit(const Flow& flow) noexcept;

  LineReader readers_[2];
  std::vector<Exchange> pending_;  // the front one is being answered
  int64_t ts_ns_ = 0;
  unsigned multi_line_code_ = 0;  // of the reply whose last line has not come
  uint16_t data_port_ = 0;        // agreed on, and no transfer has been asked for since
  bool data_is_passive_ = false;
  uint8_t client_direction_ = PKTANA_TO_SERVER;
  bool knows_roles_ = false;
};

}  // namespace pktana::app::internet::ftp
