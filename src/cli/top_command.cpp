// SPDX-License-Identifier: Apache-2.0
// `pktana top`: the live terminal view.
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/log.h"
#include "cli/print_text.h"
#include "cli/run_options.h"
#include "cli/session.h"
#include "cli/stop_signal.h"
#include "top/front.h"
#include "top/live_source.h"
#include "top/socket_source.h"

namespace pktana::cli {
namespace {

base::Result<std::unique_ptr<top::Source>> open_source(const Options& options) {
  if (!options.top.socket.empty())
    return std::unique_ptr<top::Source>(std::make_unique<top::SocketSource>(options.top.socket));
  Options of_run = options;
  of_run.show = Show::Summary;  // no records are written
  auto run = make_run_options(of_run);
  if (!run) return base::Unexpected(run.error());
  run->app.enabled = true;
  return top::LiveSource::open(make_live_options(options), std::move(*run));
}

/// A mistake in either is told before anything is opened.
base::Result<void> check_filters(const Options& options) {
  if (auto good = check_filter(options.filter); !good) return good;
  if (options.where.empty()) return {};
  const auto where = filter::Expression::compile(options.where, filter::ExpressionUse::Records);
  if (!where) return base::Unexpected(where.error());
  return {};
}

top::Look look_for_once(const TopChoice& choice) {
  top::Look look{.columns = top::kLeastColumns, .rows = top::kLeastRows};
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    look.columns = std::max<unsigned>(size.ws_col, top::kLeastColumns);
    look.rows = std::max<unsigned>(size.ws_row, top::kLeastRows);
  }
  if (choice.columns > 0) look.columns = choice.columns;
  if (choice.rows > 0) look.rows = choice.rows;
  look.utf8 = top::has_utf8_locale();
  return look;
}

/// A filter that the daemon refuses has no code.
ExitStatus report_no_daemon(const base::Error& error) {
  if (!error.code) return report_error(error);
  return report_error(base::input_error(
      "", base::to_string(error) + "; without a daemon, 'pktana top -i IFACE' captures itself"));
}

ExitStatus show_once(top::Source& source, const top::FrontOptions& front, bool asks_daemon) {
  const auto text = top::show_once(source, front, stop_wanted());
  if (text) return print_text(*text);
  return asks_daemon ? report_no_daemon(text.error()) : report_error(text.error());
}

}  // namespace

ExitStatus run_top(const Options& options) {
  if (auto good = check_filters(options); !good) return report_error(good.error());
  auto source = open_source(options);
  if (!source) return report_error(source.error());
  top::FrontOptions front{.interval_ns = options.top.interval_ns,
                          .wanted = options.top.wanted,
                          .page = options.top.page,
                          .color = use_color(options.color, STDOUT_FILENO),
                          .json = options.json};
  const bool asks_daemon = !options.top.socket.empty();
  if (options.top.once) {
    front.look = look_for_once(options.top);
    return show_once(**source, front, asks_daemon);
  }
  // Once there is a screen, a daemon may come and go; to begin with there must be one.
  if (asks_daemon)
    if (auto first = (*source)->fetch(options.top.wanted); !first)
      return report_no_daemon(first.error());
  auto shown = top::run_terminal(std::move(*source), front, stop_wanted());
  return shown ? kDone : report_error(shown.error());
}

}  // namespace pktana::cli
