// SPDX-License-Identifier: Apache-2.0
#include "cli/session.h"

#include <sys/stat.h>
#include <unistd.h>

#include "app/call_guard.h"
#include "app/plugin_set.h"
#include "cli/log.h"
#include "cli/run_options.h"
#include "cli/stop_signal.h"
#include "cli/summary.h"
#include "cli/summary/overview_text.h"
#include "filter/filter_set.h"

namespace pktana::cli {
namespace {

/// What filter/ calls its operation when an expression is wrong.
constexpr const char* kFilterOperations[] = {"packet filter", "flow filter"};

/// Opening the output would empty the input.
base::Result<void> check_is_no_input(const std::string& written, const Options& options) {
  struct stat output {};
  if (written == "-" || ::stat(written.c_str(), &output) != 0) return {};
  for (const std::string& path : options.files) {
    struct stat input {};
    if (!S_ISREG(output.st_mode) || ::stat(path.c_str(), &input) != 0) continue;
    if (input.st_dev == output.st_dev && input.st_ino == output.st_ino)
      return base::fail_input("open output", written + " is also an input: give another");
  }
  return {};
}

/// The names that stand in front of packets, where there are several.
std::vector<std::string> sources_to_show(const Options& options) {
  return options.interfaces.size() > 1 ? options.interfaces : std::vector<std::string>();
}

void put_on_stderr(const std::string& text) {
  (void)!::write(STDERR_FILENO, text.data(), text.size());
}

bool is_broken_pipe(const std::optional<base::Error>& error) {
  return error && error->code == std::errc::broken_pipe;
}

/// Packets that a run over files was to write and did not, for a reason that lies in the request.
std::vector<base::Error> losses_of(const engine::Ledger& ledger) {
  std::vector<base::Error> losses;
  if (!ledger.packet_file) return losses;
  const sink::PacketFileTotals& file = *ledger.packet_file;
  if (file.dropped_link_type > 0)
    losses.push_back(base::input_error(
        "write packets", std::to_string(file.dropped_link_type) +
                             " packets have another link type than the file, and a pcap file has "
                             "one only: use --file-format pcapng"));
  if (file.times_cut > 0)
    losses.push_back(base::input_error(
        "write packets", std::to_string(file.times_cut) +
                             " packets have a time that the file can't hold exactly: use "
                             "--file-format pcapng"));
  return losses;
}

/// A file that was cut short has given all that it has; anything else is a failure to read.
void log_input_error(const base::Error& error) {
  const bool cut_short = !error.code && error.detail.find("cut short") != std::string::npos;
  if (cut_short)
    log_warning(base::to_string(error));
  else
    log_error(error);
}

}  // namespace

base::Result<void> check_filter(const std::string& expression) {
  if (expression.empty()) return {};
  auto filter = filter::FilterSet::create(expression);
  if (!filter) return base::Unexpected(filter.error());
  return {};
}

ExitStatus report_error(const base::Error& error) {
  log_error(error);
  for (const char* operation : kFilterOperations)
    if (error.operation == operation) return kUsage;
  return kFailed;
}

/// The dissectors of a run with plugins.
struct Session::Plugins {
  app::Registry registry = app::Registry::with_builtin();
  app::PluginSet set;
};

Session::Session(const Options& options) : options_(options) {}
Session::Session(Session&&) noexcept = default;
Session::~Session() = default;

base::Result<Session> Session::open(const Options& options) {
  if (auto good = check_filter(options.filter); !good) return base::Unexpected(good.error());
  if (auto good = check_is_no_input(options.output, options); !good)
    return base::Unexpected(good.error());
  if (options.save)
    if (auto good = check_is_no_input(options.save->path, options); !good)
      return base::Unexpected(good.error());
  auto run_options = make_run_options(options);
  if (!run_options) return base::Unexpected(run_options.error());
  Session session(options);
  session.run_options_ = std::move(*run_options);
  if (auto loaded = session.load_plugins(); !loaded) return base::Unexpected(loaded.error());
  if (auto compiled = session.compile_where(); !compiled) return base::Unexpected(compiled.error());
  if (auto opened = session.open_outputs(); !opened) return base::Unexpected(opened.error());
  return session;
}

base::Result<void> Session::load_plugins() {
  if (options_.plugin_files.empty()) return {};
  plugins_ = std::make_unique<Plugins>();
  for (const std::string& path : options_.plugin_files)
    if (auto loaded = plugins_->set.load({.path = path}, plugins_->registry); !loaded)
      return base::Unexpected(loaded.error());
  app::CallGuard::install();
  run_options_.app.registry = &plugins_->registry;
  return {};
}

base::Result<void> Session::compile_where() {
  if (options_.where.empty()) return {};
  auto where = filter::Expression::compile(options_.where, filter::ExpressionUse::Records);
  if (!where) return base::Unexpected(where.error());
  where_ = std::make_unique<filter::Expression>(std::move(*where));
  run_options_.where = where_.get();
  return {};
}

base::Result<void> Session::open_outputs() {
  if (options_.show == Show::Packets || options_.show == Show::Summary || options_.follow) {
    auto text = LineOutput::open(options_.output);
    if (!text) return base::Unexpected(text.error());
    text_ = std::make_unique<LineOutput>(std::move(*text));
  }
  if (options_.show == Show::Summary) {
    sums_ = std::make_unique<FlowSums>();
    run_options_.watcher = sums_.get();
  }
  if (options_.split) {
    auto splitter = Splitter::open(*options_.split);
    if (!splitter) return base::Unexpected(splitter.error());
    splitter_ = std::move(*splitter);
    run_options_.taker = splitter_.get();
  }
  if (options_.show == Show::Packets) {
    const PacketPrinter::Options printer{.time_zone = options_.time_zone,
                                         .details = options_.verbose,
                                         .sources = sources_to_show(options_)};
    printer_ = std::make_unique<PacketPrinter>(printer, *text_, stop_wanted());
    run_options_.observer = printer_.get();
  }
  const bool into_stdout = options_.save ? options_.save->path == "-" : false;
  if (options_.follow)
    if (auto opened = open_follower(); !opened) return opened;
  const bool shown_there =
      options_.output == "-" && (options_.show != Show::Nothing || options_.follow);
  if (into_stdout || shown_there)
    watch_ = std::make_unique<PipeWatch>(STDOUT_FILENO, stop_wanted());
  return {};
}

std::optional<engine::RunOptions> Session::survey_options() const {
  if (!splitter_ || options_.split->by != SplitOptions::By::App) return std::nullopt;
  engine::RunOptions survey = run_options_;
  survey.taker = &splitter_->survey();
  return survey;
}

base::Result<void> Session::finish_split() {
  if (!splitter_) return {};
  SplitFiles& files = splitter_->files();
  if (auto finished = files.finish(); !finished) return finished;
  if (!options_.quiet)
    put_on_stderr(std::to_string(files.packets_written()) + " packets in " +
                  std::to_string(files.files_made()) + " files in " +
                  printable(options_.split->directory) + "\n");
  if (files.packets_refused() == 0) return {};
  return base::fail_input(
      "write packets", std::to_string(files.packets_refused()) +
                           " packets have another link type than their file, and a pcap file has "
                           "one only: leave --file-format away");
}

base::Result<void> Session::open_follower() {
  const PayloadText::Options text{
      .format = options_.follow->format,
      .time_zone = options_.time_zone,
      .color = options_.output == "-" && use_color(options_.color, STDOUT_FILENO)};
  auto follower = FlowFollower::create(options_.follow->flow, text, *text_, stop_wanted());
  if (!follower) return base::Unexpected(follower.error());
  follower_ = std::move(*follower);
  run_options_.observer = follower_.get();
  return {};
}

ExitStatus Session::finish(const base::Result<engine::RunReport>& report) {
  if (!report) return report_error(report.error());
  if (plugins_)
    for (const auto& plugin : plugins_->set.counters())
      if (plugin->off.load(std::memory_order_relaxed)) log_warning(app::switched_off_text(*plugin));
  if (follower_) follower_->finish();
  const base::Result<void> split = finish_split();
  if (text_) text_->flush();
  if (!output_closed(*report)) print_summary(*report);
  const ExitStatus status = report_failures(*report);
  if (split) return status;
  log_error(split.error());
  return kFailed;
}

void Session::print_summary(const engine::RunReport& report) {
  const bool is_the_output = options_.show == Show::Summary;
  if ((options_.quiet && !is_the_output) || follower_) return;
  std::string text;
  if (options_.command == Command::Capture &&
      (options_.show == Show::Packets || options_.show == Show::Nothing))
    text = capture_counts(report.ledger);
  if (is_the_output) {
    const bool color = options_.output == "-" && use_color(options_.color, STDOUT_FILENO);
    const OverviewOptions overview{
        .columns = options_.output == "-" ? terminal_columns(STDOUT_FILENO) : 80,
        .color = color,
        .time_zone = options_.time_zone};
    text_->write(text + overview_text(report.ledger, *sums_, overview) +
                 summary_text(report, color));
    text_->flush();
  } else {
    put_on_stderr(text + summary_text(report, use_color(options_.color, STDERR_FILENO)));
  }
}

bool Session::output_closed(const engine::RunReport& report) const {
  return (watch_ && watch_->closed()) || is_broken_pipe(report.output_error) ||
         (text_ && is_broken_pipe(text_->error()));
}

ExitStatus Session::report_failures(const engine::RunReport& report) {
  ExitStatus status = kDone;
  const auto fail = [&status](const base::Error& error) {
    log_error(error);
    status = kFailed;
  };
  for (const base::Error& error : report.input_errors) {
    log_input_error(error);
    status = kFailed;
  }
  if (report.output_error && !is_broken_pipe(report.output_error)) fail(*report.output_error);
  if (text_ && text_->error() && !is_broken_pipe(text_->error())) fail(*text_->error());
  for (const base::Error& loss : losses_of(report.ledger))
    fail(loss);
  for (const std::string& imbalance : engine::imbalances(report.ledger.lines()))
    fail(base::input_error("", imbalance));
  if (follower_ && follower_->flows_found() == 0) {
    const bool by_id = options_.follow->flow.is_flow_id();
    fail(base::input_error("",
                           std::string("no flow is the one of --follow") +
                               (by_id && !options_.hash_secret
                                    ? ": flow ids are another run's unless --hash-secret is given"
                                    : "")));
  }
  if (options_.command == Command::Read && stopped_by_signal()) {
    log_warning("stopped by a signal: the rest of the input was not read");
    status = kFailed;
  }
  return status;
}

}  // namespace pktana::cli
