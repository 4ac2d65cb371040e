// SPDX-License-Identifier: Apache-2.0
// What `capture` and `read` have in common: from Options to the engine's options and the outputs
// before a run, from its report to the summary, the messages and the exit status after it.
#pragma once

#include <memory>
#include <optional>

#include "base/result.h"
#include "cli/exit_status.h"
#include "cli/follow/flow_follower.h"
#include "cli/line_output.h"
#include "cli/options.h"
#include "cli/packet_printer.h"
#include "cli/pipe_watch.h"
#include "cli/summary/flow_sums.h"
#include "engine/run.h"

namespace pktana::cli {

class Session {
 public:
  Session(Session&& other) noexcept;
  ~Session();

  /// Checks the filter and opens what lines of text go to. Records are the engine's business.
  [[nodiscard]] static base::Result<Session> open(const Options& options);

  /// For the engine; refers to the printer, which lives as long as the session.
  [[nodiscard]] const engine::RunOptions& run_options() const noexcept { return run_options_; }

  /// What must be known of the flows before, from a run of its own with these; none: nothing.
  [[nodiscard]] std::optional<engine::RunOptions> survey_options() const;

  /// Ends the outputs, prints the summary, reports each failure once.
  [[nodiscard]] ExitStatus finish(const base::Result<engine::RunReport>& report);

 private:
  explicit Session(const Options& options);

  [[nodiscard]] base::Result<void> load_plugins();
  [[nodiscard]] base::Result<void> compile_where();
  [[nodiscard]] base::Result<void> open_outputs();
  [[nodiscard]] base::Result<void> open_follower();
  void print_summary(const engine::RunReport& report);
  [[nodiscard]] base::Result<void> finish_split();
  [[nodiscard]] bool output_closed(const engine::RunReport& report) const;
  [[nodiscard]] ExitStatus report_failures(const engine::RunReport& report);

  Options options_;
  engine::RunOptions run_options_;
  std::unique_ptr<filter::Expression> where_;
  struct Plugins;
  std::unique_ptr<Plugins> plugins_;  ///< null = none
  std::unique_ptr<LineOutput> text_;  ///< of packets or the summary; none: records only
  std::unique_ptr<PacketPrinter> printer_;
  std::unique_ptr<FlowSums> sums_;  ///< of a summary
  std::unique_ptr<FlowFollower> follower_;
  std::unique_ptr<Splitter> splitter_;
  std::unique_ptr<PipeWatch> watch_;  ///< of stdout, where that is the output
};

/// Whether it is a packet filter, or empty. An Error shows the mistake.
[[nodiscard]] base::Result<void> check_filter(const std::string& expression);

/// Tells the user of an error that kept a run from starting. A bad filter is a usage error.
[[nodiscard]] ExitStatus report_error(const base::Error& error);

}  // namespace pktana::cli
