// SPDX-License-Identifier: Apache-2.0
// An SMTP connection (RFC 5321): one event a mail transaction, and the way into TLS (RFC 3207).
#pragma once

#include <string>
#include <vector>

#include "app/dissector.h"
#include "app/internet/line_reader.h"
#include "app/internet/mail/mail_content.h"

namespace pktana::app::internet::mail {

inline constexpr size_t kMaxRecipients = 64;   ///< kept of one transaction
inline constexpr size_t kMaxAddressLen = 512;  ///< kept of an address or a name
inline constexpr size_t kMaxUnanswered = 64;   ///< commands whose replies are waited for

class SmtpFlow {
 public:
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept;
  pktana_step on_gap(const Flow& flow, uint8_t direction, uint64_t missing) noexcept;
  void on_end(const Flow& flow, int64_t ts_ns) noexcept;

 private:
  /// What a reply may answer; other commands are all alike.
  enum class Sent : uint8_t { Other, StartTls, Data, Content };

  void learn_roles(std::string_view line, uint8_t direction) noexcept;
  pktana_step on_client(const Flow& flow, const Chunk& chunk) noexcept;
  pktana_step on_server(const Flow& flow, const Chunk& chunk) noexcept;
  void on_command(const Flow& flow, std::string_view line) noexcept;
  void on_mail_from(const Flow& flow, std::string_view line) noexcept;
  void on_content_line(std::string_view line) noexcept;
  bool on_reply(const Flow& flow, const ReplyLine& reply) noexcept;
  void expect_reply(Sent sent) noexcept;
  void emit(const Flow& flow) noexcept;

  LineReader readers_[2];
  std::string helo_;
  std::string mail_from_;
  std::vector<std::string> recipients_;
  MailContent content_;
  std::vector<Sent> unanswered_;
  uint64_t transactions_ = 0;
  uint64_t skip_ = 0;  // content of BDAT (RFC 3030) that is to come
  int64_t ts_ns_ = 0;
  uint8_t client_direction_ = PKTANA_TO_SERVER;
  bool knows_roles_ = false;
  bool in_content_ = false;
  bool greeted_ = false;
};

}  // namespace pktana::app::internet::mail
