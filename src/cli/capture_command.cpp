// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "cli/commands.h"
#include "cli/run_options.h"
#include "cli/session.h"
#include "cli/stop_signal.h"
#include "cli/words.h"

namespace pktana::cli {
namespace {

/// A quiet link looks like a program that hangs; scripts wait for this line before they send.
void say_what_happens(const Options& options) {
  const std::string names = printable(join_words(options.interfaces));
  std::fprintf(stderr, "capturing on %s; Ctrl-C ends it\n", names.c_str());
}

}  // namespace

ExitStatus run_capture(const Options& options) {
  auto session = Session::open(options);
  if (!session) return report_error(session.error());
  engine::LiveOptions live = make_live_options(options);
  if (!options.quiet) live.on_ready = [&options] { say_what_happens(options); };
  return session->finish(engine::run_live(live, session->run_options(), stop_wanted()));
}

}  // namespace pktana::cli
