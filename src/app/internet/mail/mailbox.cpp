// SPDX-License-Identifier: Apache-2.0
// The dissectors imap (RFC 9051) and pop3 (RFC 1939): recognition, and the way into TLS (STARTTLS;
// STLS, RFC 2595). They stop looking when the user is logged in or after kMaxLines.
#include <array>

#include "app/internet/dissectors.h"
#include "app/internet/line_reader.h"

namespace pktana::app::internet {

namespace {

constexpr uint16_t kImapPorts[] = {143, 0};
constexpr uint16_t kPop3Ports[] = {110, 0};
constexpr unsigned kMaxLines = 64;
constexpr size_t kMaxTagLen = 32;

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> list) noexcept {
  for (const std::string_view known : list)
    if (equal_ignoring_case(word, known)) return true;
  return false;
}

bool mentions(std::string_view line, std::string_view word) noexcept {
  for (size_t at = 0; at + word.size() <= line.size(); ++at)
    if (equal_ignoring_case(line.substr(at, word.size()), word)) return true;
  return false;
}

/// What a line tells of the way into TLS.
enum class Heard : uint8_t { Nothing, Asked, Granted, LoggedIn };

struct Imap {
  FixedText<kMaxTagLen> tag;  // of the STARTTLS

  static bool is_greeting(std::string_view line) noexcept {
    return line.starts_with("* OK") || line.starts_with("* PREAUTH");
  }
  static bool is_sure_greeting(std::string_view line) noexcept {
    return is_greeting(line) && mentions(line, "imap");
  }
  static bool is_command(std::string_view line) noexcept {
    std::string_view rest = line;
    const std::string_view tag = take_word(rest, ' ');
    return !tag.empty() && tag.size() <= kMaxTagLen &&
           is_one_of(take_word(rest, ' '), {"CAPABILITY", "LOGIN", "AUTHENTICATE", "STARTTLS", "ID",
                                            "NOOP", "SELECT", "NAMESPACE", "LIST", "LOGOUT"});
  }
  Heard hear(std::string_view line) noexcept {
    std::string_view rest = line;
    const std::string_view first = take_word(rest, ' ');
    const std::string_view second = take_word(rest, ' ');
    if (equal_ignoring_case(second, "STARTTLS")) {
      tag.clear();
      tag.add(first);
      return Heard::Asked;
    }
    if (tag.size() > 0 && first == tag.view() && equal_ignoring_case(second, "OK"))
      return Heard::Granted;
    return is_one_of(second, {"SELECT", "EXAMINE"}) ? Heard::LoggedIn : Heard::Nothing;
  }
};

struct Pop3 {
  bool asked = false;

  static bool is_greeting(std::string_view line) noexcept {
    return line == "+OK" || line.starts_with("+OK ");
  }
  static bool is_sure_greeting(std::string_view line) noexcept {
    return is_greeting(line) && mentions(line, "pop");
  }
  static bool is_command(std::string_view line) noexcept {
    std::string_view rest = line;
    return is_one_of(take_word(rest, ' '), {"USER", "APOP", "AUTH", "CAPA", "STLS", "QUIT"});
  }
  Heard hear(std::string_view line) noexcept {
    if (equal_ignoring_case(line, "STLS")) {
      asked = true;
      return Heard::Asked;
    }
    if (asked && line.starts_with("+OK")) return Heard::Granted;
    std::string_view rest = line;
    return is_one_of(take_word(rest, ' '), {"STAT", "LIST", "RETR"}) ? Heard::LoggedIn
                                                                     : Heard::Nothing;
  }
};

template <typename Protocol>
class MailboxFlow {
 public:
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
    size_t at = 0;
    std::string_view line;
    while (readers_[chunk.direction].next(chunk.bytes, chunk.ended, at, line)) {
      const Heard heard = protocol_.hear(line);
      if (heard == Heard::Granted) {
        flow.change_protocol("tls");
        return change(at);
      }
      if (heard == Heard::LoggedIn || ++lines_ >= kMaxLines) return kDone;
    }
    return more(at);
  }

 private:
  LineReader readers_[2];
  Protocol protocol_;
  unsigned lines_ = 0;
};

enum class Side : uint8_t { Nothing, Greeting, SureGreeting, Command, Other };

template <typename Protocol>
Side side_of(std::string_view text) noexcept {
  std::string_view rest = text;
  std::string_view line;
  if (!take_line(rest, line)) return is_line_so_far(text) ? Side::Nothing : Side::Other;
  if (Protocol::is_sure_greeting(line)) return Side::SureGreeting;
  if (Protocol::is_greeting(line)) return Side::Greeting;
  return Protocol::is_command(line) ? Side::Command : Side::Other;
}

// A greeting and a command that fit together, a greeting that names the protocol, or one of them on
// the protocol's port.
template <typename Protocol>
pktana_match probe_mailbox(const pktana_probe* raw) noexcept {
  const Probe probe(*raw);
  const Side there = side_of<Protocol>(text_of(probe.to_server()));
  const Side back = side_of<Protocol>(text_of(probe.to_client()));
  const auto either = [there, back](Side side) { return there == side || back == side; };
  if (either(Side::SureGreeting)) return PKTANA_YES;
  const bool greets = either(Side::Greeting);
  const bool commands = either(Side::Command);
  if ((greets && commands) || (probe.hinted() && (greets || commands))) return PKTANA_YES;
  return either(Side::Other) ? PKTANA_NO : PKTANA_MAYBE;
}

}  // namespace

constinit const pktana_dissector kImap = dissector_of<MailboxFlow<Imap>>(
    {.name = "imap", .tcp_ports = kImapPorts, .priority = 120}, probe_mailbox<Imap>);
constinit const pktana_dissector kPop3 = dissector_of<MailboxFlow<Pop3>>(
    {.name = "pop3", .tcp_ports = kPop3Ports, .priority = 120}, probe_mailbox<Pop3>);

}  // namespace pktana::app::internet
