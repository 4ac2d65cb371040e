// SPDX-License-Identifier: Apache-2.0
// `pktana ctl`: one request to a running daemon.
#include "cli/commands.h"
#include "cli/json_text.h"
#include "cli/log.h"
#include "cli/print_text.h"
#include "daemon/control_call.h"

namespace pktana::cli {
namespace {

std::string request_of(const CtlChoice& choice) {
  std::string text = R"({"command":)" + json_string(choice.command);
  const std::pair<const char*, const std::string&> members[] = {
      {"where", choice.where}, {"sort", choice.sort}, {"by", choice.by}, {"level", choice.level}};
  for (const auto& [name, value] : members)
    if (!value.empty()) text += ",\"" + std::string(name) + "\":" + json_string(value);
  if (choice.limit > 0) text += ",\"limit\":" + std::to_string(choice.limit);
  return text + "}";
}

std::string text_of(const daemon::ControlReply& reply, bool json) {
  if (json) return reply.result + "\n";
  if (!reply.text.empty()) return reply.text;
  if (!reply.is_list) return reply.result == "{}" ? "" : reply.result + "\n";
  std::string text;
  for (const std::string& item : reply.items)
    text += item + "\n";
  return text;
}

}  // namespace

ExitStatus run_ctl(const Options& options) {
  const auto reply = daemon::call_daemon(options.ctl.socket, request_of(options.ctl));
  if (!reply) {
    log_error(reply.error());
    return kFailed;
  }
  return print_text(text_of(*reply, options.json));
}

}  // namespace pktana::cli
