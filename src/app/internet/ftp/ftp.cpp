// SPDX-License-Identifier: Apache-2.0
// The dissectors ftp and ftp-data.
#include "app/internet/dissectors.h"
#include "app/internet/ftp/ftp_flow.h"

namespace pktana::app::internet {

namespace {

constexpr uint16_t kPorts[] = {21, 2121, 0};
constexpr const char* kEvents[] = {"ftp", nullptr};

constexpr const char* kDataEvents[] = {"ftp_data", nullptr};

/// One event for each data connection: the command that asked for it, and the file's name.
struct FtpData {
  pktana_step on_chunk(const Flow& flow, const Chunk& chunk) noexcept {
    std::string_view file = flow.note();
    const std::string_view command = take_word(file, ' ');
    if (command.empty()) return kDone;
    Event event = flow.event("ftp_data", PKTANA_TO_SERVER, chunk.ts_ns);
    const bool names_file = command != "LIST" && command != "NLST" && command != "MLSD";
    if (names_file) event.text_if("filename", file);
    event.text("command", command);
    return kDone;
  }
};

enum class Side : uint8_t { Nothing, Greeting, FtpGreeting, Opening, Command, Other };

Side side_of(std::string_view text) noexcept {
  std::string_view rest = text;
  std::string_view line;
  if (!take_line(rest, line)) return is_line_so_far(text) ? Side::Nothing : Side::Other;
  if (!is_printable(line)) return Side::Other;
  ReplyLine reply;
  if (parse_reply_line(line, reply)) {
    if (reply.code != 220 && reply.code != 120) return Side::Other;
    // A greeting says what it is, mostly.
    return contains_ignoring_case(line, "ftp") ? Side::FtpGreeting : Side::Greeting;
  }
  const std::string_view name = ftp::parse_command(line).name;
  if (ftp::is_opening_command(name)) return Side::Opening;
  return ftp::is_known_command(name) ? Side::Command : Side::Other;
}

// A greeting that says FTP, or a greeting and a command that fit together; on FTP's port a command
// is enough.
pktana_match probe_ftp(const pktana_probe* raw) noexcept {
  const Probe probe(*raw);
  const Side there = side_of(text_of(probe.to_server()));
  const Side back = side_of(text_of(probe.to_client()));
  const auto either = [there, back](Side side) { return there == side || back == side; };
  if (either(Side::Other)) return PKTANA_NO;
  const bool opens = either(Side::Opening);
  if (either(Side::FtpGreeting) || (opens && either(Side::Greeting))) return PKTANA_YES;
  if (probe.hinted() && (opens || either(Side::Command))) return PKTANA_YES;
  return PKTANA_MAYBE;
}

}  // namespace

constinit const pktana_dissector kFtp = dissector_of<ftp::FtpFlow>(
    {.name = "ftp", .events = kEvents, .tcp_ports = kPorts, .priority = 110}, probe_ftp);

// Only flows that a control connection has announced.
constinit const pktana_dissector kFtpData =
    dissector_of<FtpData>({.name = "ftp-data", .events = kDataEvents}, nullptr);

}  // namespace pktana::app::internet
