// SPDX-License-Identifier: Apache-2.0
#include "cli/session.h"

#include <cerrno>
#include <fstream>
#include <memory>
#include <sstream>

#include "support/catch.h"
#include "support/temp_file.h"

namespace pktana::cli {
namespace {

/// A session whose summary goes to a file, so that the test's own output stays clean.
struct Opened {
  Opened() {
    options.command = Command::Read;
    options.show = Show::Summary;
    options.output = file.path();
    auto opened = Session::open(options);
    REQUIRE(opened);
    session = std::make_unique<Session>(std::move(*opened));
  }
  [[nodiscard]] std::string summary() const {
    std::ostringstream content;
    content << std::ifstream(file.path()).rdbuf();
    return content.str();
  }

  support::TempFile file;
  Options options;
  std::unique_ptr<Session> session;
};

engine::RunReport empty_report() {
  engine::RunReport report;
  report.ledger.final = true;
  return report;
}

TEST_CASE("session: a run without a fault is status 0 and leaves a summary") {
  Opened opened;
  CHECK(opened.session->finish(empty_report()) == kDone);
  CHECK(opened.summary().find("captured") != std::string::npos);
}

TEST_CASE("session: a ledger that does not balance is status 1") {
  Opened opened;
  engine::RunReport report = empty_report();
  report.ledger.packets.captured = 1;
  CHECK(opened.session->finish(report) == kFailed);
  CHECK(opened.summary().find("MISMATCH") != std::string::npos);
}

TEST_CASE("session: a failed input or output is status 1, the summary is there all the same") {
  Opened input;
  engine::RunReport report = empty_report();
  report.input_errors.push_back(base::input_error("read capture file", "x: cut short"));
  CHECK(input.session->finish(report) == kFailed);
  CHECK_FALSE(input.summary().empty());

  Opened output;
  report = empty_report();
  report.output_error = base::errno_error(ENOSPC, "write", "x");
  CHECK(output.session->finish(report) == kFailed);
}

TEST_CASE("session: a closed pipe is status 0, without a summary") {
  Opened opened;
  engine::RunReport report = empty_report();
  report.output_error = base::errno_error(EPIPE, "write", "standard output");
  CHECK(opened.session->finish(report) == kDone);
  CHECK(opened.summary().empty());
}

TEST_CASE("session: a run that could not start is status 1, with a bad filter status 2") {
  Opened opened;
  CHECK(opened.session->finish(base::fail(EPERM, "socket", "no right")) == kFailed);
  CHECK(opened.session->finish(base::fail_input("packet filter", "syntax error")) == kUsage);
}

TEST_CASE("session: a bad filter is found before an output is opened") {
  const support::TempFile file;
  Options options;
  options.output = file.path() + ".new";
  options.show = Show::Summary;
  options.filter = "tcp prot 80";
  const auto session = Session::open(options);
  REQUIRE_FALSE(session);
  CHECK(session.error().operation == "packet filter");
  CHECK_FALSE(std::ifstream(options.output).good());
}

}  // namespace
}  // namespace pktana::cli
