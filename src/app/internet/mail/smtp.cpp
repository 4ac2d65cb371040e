// SPDX-License-Identifier: Apache-2.0
// The smtp dissector.
#include "app/internet/dissectors.h"
#include "app/internet/mail/smtp_flow.h"

namespace pktana::app::internet {

namespace {

constexpr uint16_t kPorts[] = {25, 587, 2525, 0};
constexpr const char* kEvents[] = {"smtp", nullptr};

enum class Side : uint8_t { Nothing, Greeting, SmtpGreeting, Hello, Command, Other };

Side side_of(std::string_view text) noexcept {
  std::string_view rest = text;
  std::string_view line;
  if (!take_line(rest, line)) return is_line_so_far(text) ? Side::Nothing : Side::Other;
  ReplyLine reply;
  if (!is_printable(line)) return Side::Other;
  if (parse_reply_line(line, reply)) {
    if (reply.code != 220 && reply.code != 554) return Side::Other;
    return contains_ignoring_case(line, "smtp") ? Side::SmtpGreeting : Side::Greeting;
  }
  if (starts_ignoring_case(line, "EHLO ") || starts_ignoring_case(line, "HELO "))
    return Side::Hello;
  const bool is_command =
      starts_ignoring_case(line, "MAIL FROM:") || starts_ignoring_case(line, "RCPT TO:") ||
      starts_ignoring_case(line, "STARTTLS") || starts_ignoring_case(line, "QUIT") ||
      starts_ignoring_case(line, "NOOP") || starts_ignoring_case(line, "RSET");
  return is_command ? Side::Command : Side::Other;
}

pktana_match probe_smtp(const pktana_probe* raw) noexcept {
  const Probe probe(*raw);
  const Side there = side_of(text_of(probe.to_server()));
  const Side back = side_of(text_of(probe.to_client()));
  const auto either = [there, back](Side side) { return there == side || back == side; };
  if (either(Side::Hello) || either(Side::SmtpGreeting)) return PKTANA_YES;
  if (either(Side::Other)) return PKTANA_NO;
  const bool greets = either(Side::Greeting);
  const bool commands = either(Side::Command);
  if ((greets && commands) || (probe.hinted() && commands)) return PKTANA_YES;
  return PKTANA_MAYBE;
}

}  // namespace

constinit const pktana_dissector kSmtp = dissector_of<mail::SmtpFlow>(
    {.name = "smtp", .events = kEvents, .tcp_ports = kPorts, .priority = 105}, probe_smtp);

}  // namespace pktana::app::internet
