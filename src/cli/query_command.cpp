// SPDX-License-Identifier: Apache-2.0
// `pktana query`: logs of flow records as a database.
#include <optional>

#include <poll.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/line_output.h"
#include "cli/log.h"
#include "cli/log_tail.h"
#include "cli/pipe_watch.h"
#include "cli/query_output.h"
#include "cli/stop_signal.h"
#include "query/line_scan.h"

namespace pktana::cli {
namespace {

std::string lines_of(uint64_t count) {
  return std::to_string(count) + (count == 1 ? " line" : " lines");
}

void tell(const query::QueryReport& report, bool quiet) {
  for (const base::Error& error : report.errors)
    log_error(error);
  if (report.lines_beyond_groups > 0)
    log_warning("too many different values: " + lines_of(report.lines_beyond_groups) +
                " are together in the row without them");
  if (quiet) return;
  if (report.torn > 0)
    log_warning(lines_of(report.torn) +
                " at the end of a log not whole (still written to?): left out");
  if (report.not_json > 0) log_warning(lines_of(report.not_json) + " not a JSON object: left out");
}

/// A closed pipe is what `| head` does.
bool is_failure(const std::optional<base::Error>& error) {
  return error && error->code != std::errc::broken_pipe;
}

/// flow_update events repeat what the flow's record says at its end.
bool speaks_of_event_type(const filter::Expression& where) {
  for (const filter::Field* field : where.fields())
    if (field->name == "event_type") return true;
  return false;
}

/// Lines as they come, until a signal, or until nobody reads them any more.
ExitStatus follow_log(const query::QueryOptions& what, LinePrinter& printer, LineOutput& output,
                      bool quiet) {
  constexpr int kPauseMs = 100;
  const PipeWatch watch(STDOUT_FILENO, stop_wanted());
  LogTail tail(what.paths[0]);
  query::LineScan scan(what);
  std::string found;
  query::QueryReport report;
  while (!stop_wanted().load()) {
    const auto lines = tail.next();
    if (!lines) {
      report.errors.push_back(lines.error());
      break;
    }
    if (lines->empty()) {
      output.flush();
      (void)::poll(nullptr, 0, kPauseMs);
      continue;
    }
    found.clear();
    scan.scan(*lines, found);
    if (!printer.print(found)) break;
  }
  output.flush();
  report.not_json = scan.counts().not_json;
  report.torn = tail.torn_lines();
  tell(report, quiet);
  if (tail.files_missed() > 0)
    log_warning(std::to_string(tail.files_missed()) +
                " files of the log were removed before they could be read");
  if (is_failure(output.error())) log_error(*output.error());
  return is_failure(output.error()) || !report.errors.empty() ? kFailed : kDone;
}

}  // namespace

ExitStatus run_query(const Options& options) {
  query::QueryOptions what = options.query.what;
  std::optional<filter::Expression> where;
  if (!options.where.empty()) {
    auto compiled = filter::Expression::compile(options.where, filter::ExpressionUse::Logs);
    if (!compiled) {
      log_error(compiled.error());
      return kUsage;
    }
    where = std::move(*compiled);
    what.where = &*where;
    what.with_updates = speaks_of_event_type(*where);
  }
  auto output = LineOutput::open(options.output);
  if (!output) {
    log_error(output.error());
    return kFailed;
  }
  LinePrinter printer(options.query.format, *output);
  what.on_lines = [&](std::string_view lines) { return printer.print(lines); };
  if (options.query.follow) return follow_log(what, printer, *output, options.quiet);
  query::QueryReport report = query::run_query(what, stop_wanted());
  const bool nothing_read = !report.errors.empty() && report.bytes == 0;
  if (what.aggregate && !nothing_read) output->write(print_groups(options.query, report.groups));
  output->flush();
  tell(report, options.quiet);
  if (is_failure(output->error())) log_error(*output->error());
  return is_failure(output->error()) || !report.errors.empty() ? kFailed : kDone;
}

}  // namespace pktana::cli
