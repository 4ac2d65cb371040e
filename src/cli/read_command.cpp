// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <unistd.h>

#include "cli/commands.h"
#include "cli/log.h"
#include "cli/progress_bar.h"
#include "cli/session.h"
#include "cli/stop_signal.h"

namespace pktana::cli {
namespace {

bool reads_terminal(const Options& options) {
  const auto& files = options.files;
  return std::find(files.begin(), files.end(), "-") != files.end() && is_terminal(STDIN_FILENO);
}

/// Where records or packets scroll by on the same terminal a bar would only tear them.
bool wants_progress(const Options& options) {
  const bool scrolls = options.output == "-" && options.show != Show::Summary;
  return !options.quiet && can_redraw(STDERR_FILENO) && !(scrolls && is_terminal(STDOUT_FILENO));
}

base::Result<engine::RunReport> read_files(const Options& options, const Session& session) {
  engine::Progress progress;
  if (const auto survey = session.survey_options()) {
    engine::Progress first;
    const ProgressBar bar(first, wants_progress(options));
    auto looked = engine::run_files(options.files, *survey, stop_wanted(), &first);
    if (!looked) return looked;
  }
  const ProgressBar bar(progress, wants_progress(options));
  return engine::run_files(options.files, session.run_options(), stop_wanted(), &progress);
}

}  // namespace

ExitStatus run_read(const Options& options) {
  if (reads_terminal(options)) {
    log_error("standard input is a terminal: pipe a capture into it, or name a file");
    return kUsage;
  }
  auto session = Session::open(options);
  if (!session) return report_error(session.error());
  return session->finish(read_files(options, *session));
}

}  // namespace pktana::cli
