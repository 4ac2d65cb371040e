// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "cli/commands.h"
#include "cli/doctor/checks.h"
#include "cli/doctor/report.h"
#include "cli/print_text.h"

namespace pktana::cli {
namespace {

constexpr const char* kDaemonLogs = "/var/log/pktana";

Plan make_plan(const Options& options) {
  const bool daemon_logs = options.output == "-" && ::access(kDaemonLogs, F_OK) == 0;
  const std::string here = daemon_logs ? kDaemonLogs : ".";
  return {.interfaces = options.interfaces,
          .threads = options.threads,
          .ring_bytes = options.ring_bytes,
          .log_path = options.output == "-" ? here : options.output};
}

}  // namespace

ExitStatus run_doctor(const Options& options) {
  const Plan plan = make_plan(options);
  const Findings findings = run_checks(plan, gather_host_facts(plan), SystemFiles());
  const bool color = use_color(options.color, STDOUT_FILENO);
  const ExitStatus printed =
      print_text(options.json ? findings_as_json(findings) : findings_as_text(findings, color));
  if (printed != kDone) return printed;
  return worst_of(findings) == Verdict::Fail ? kFailed : kDone;
}

}  // namespace pktana::cli
