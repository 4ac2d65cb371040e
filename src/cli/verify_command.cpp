// SPDX-License-Identifier: Apache-2.0
// `pktana verify`: proves from the records' numbers that logs are whole.
#include "cli/commands.h"
#include "cli/json_text.h"
#include "cli/log.h"
#include "cli/print_text.h"
#include "cli/stop_signal.h"
#include "query/verify.h"
#include "sink/human_text.h"

namespace pktana::cli {
namespace {

using query::LogFault;
using query::VerifyReport;

/// "1 record", "2 records".
std::string count_of(uint64_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string range_of(const LogFault& fault) {
  return fault.first == fault.last
             ? std::to_string(fault.first)
             : std::to_string(fault.first) + " to " + std::to_string(fault.last);
}

std::string_view kind_of(const LogFault& fault) {
  switch (fault.kind) {
    case LogFault::Kind::Gap:
      return "gap";
    case LogFault::Kind::Doubled:
      return "doubled";
    case LogFault::Kind::Torn:
      return "torn";
    case LogFault::Kind::MissingFile:
      break;
  }
  return "missing_file";
}

std::string line_of(const LogFault& fault) {
  const std::string between = fault.before.empty() || fault.before == fault.path
                                  ? " in " + fault.path
                                  : " between " + fault.before + " and " + fault.path;
  const std::string records = count_of(fault.last - fault.first + 1, "record") + " (" +
                              range_of(fault) + " of stream " + fault.stream + ")";
  switch (fault.kind) {
    case LogFault::Kind::Gap:
      return "gap: " + records + " missing" + between;
    case LogFault::Kind::Doubled:
      return "doubled: " + records + " again in " + fault.path;
    case LogFault::Kind::Torn:
      return "torn: line " + std::to_string(fault.first) + " of " + fault.path + " is not whole";
    case LogFault::Kind::MissingFile:
      break;
  }
  return "missing: " + count_of(fault.last - fault.first + 1, "file") + " (" + range_of(fault) +
         ") of the log " + fault.path;
}

std::string summary_of(const VerifyReport& report) {
  std::string text = report.is_whole() ? "whole: " : "not whole: ";
  if (report.missing > 0) text += count_of(report.missing, "record") + " missing, ";
  if (report.doubled > 0) text += count_of(report.doubled, "record") + " doubled, ";
  if (report.torn > 0) text += count_of(report.torn, "line") + " torn, ";
  text += count_of(report.records, "record") + " in " + count_of(report.files, "file") + " of " +
          count_of(report.streams, "stream") + ", " +
          std::string(sink::human_bytes(report.bytes).view());
  return text;
}

std::string json_of(const LogFault& fault) {
  std::string text = R"({"kind":")" + std::string(kind_of(fault)) + "\"";
  if (!fault.stream.empty()) text += R"(,"stream":)" + json_string(fault.stream);
  const bool line = fault.kind == LogFault::Kind::Torn;
  text += line ? R"(,"line":)" + std::to_string(fault.first)
               : R"(,"first":)" + std::to_string(fault.first) + R"(,"last":)" +
                     std::to_string(fault.last);
  text += R"(,"path":)" + json_string(fault.path);
  if (!fault.before.empty()) text += R"(,"before":)" + json_string(fault.before);
  return text + "}";
}

std::string json_of(const VerifyReport& report) {
  const std::pair<const char*, uint64_t> counts[] = {
      {"files", report.files},          {"streams", report.streams},       {"lines", report.lines},
      {"records", report.records},      {"unnumbered", report.unnumbered}, {"bytes", report.bytes},
      {"missing", report.missing},      {"doubled", report.doubled},       {"torn", report.torn},
      {"unfinished", report.unfinished}};
  std::string text = std::string(R"({"whole":)") + (report.is_whole() ? "true" : "false");
  for (const auto& [name, value] : counts)
    text += ",\"" + std::string(name) + "\":" + std::to_string(value);
  text += R"(,"faults":[)";
  for (const LogFault& fault : report.faults)
    text += (text.back() == '[' ? "" : ",") + json_of(fault);
  return text + "]}\n";
}

std::string text_of(const VerifyReport& report, bool quiet) {
  std::string text;
  for (const LogFault& fault : report.faults)
    text += line_of(fault) + "\n";
  if (!quiet) text += summary_of(report) + "\n";
  return text;
}

}  // namespace

ExitStatus run_verify(const Options& options) {
  VerifyReport report =
      query::run_verify({.paths = options.files, .threads = options.threads}, stop_wanted());
  if (report.errors.empty() && report.records == 0 && report.unnumbered > 0)
    report.errors.push_back(base::input_error(
        "verify", "no record has a number: of the formats, eve, ecs and ocsf have one"));
  const ExitStatus printed =
      print_text(options.json ? json_of(report) : text_of(report, options.quiet));
  for (const base::Error& error : report.errors)
    log_error(error);
  if (!options.quiet && report.unfinished > 0)
    log_warning(count_of(report.unfinished, "file") +
                " being written to: the last line is not whole yet");
  return report.is_whole() ? printed : kFailed;
}

}  // namespace pktana::cli
