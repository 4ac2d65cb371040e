// SPDX-License-Identifier: Apache-2.0
#include "cli/doctor/report.h"

#include <algorithm>
#include <array>

#include "cli/json_text.h"
#include "cli/terminal.h"

namespace pktana::cli {
namespace {

constexpr size_t kNameWidth = 24;

const char* color_of(Verdict verdict) noexcept {
  if (verdict == Verdict::Pass) return "\033[32m";
  return verdict == Verdict::Warn ? "\033[33m" : "\033[1;31m";
}

const char* json_name(Verdict verdict) noexcept {
  if (verdict == Verdict::Pass) return "pass";
  return verdict == Verdict::Warn ? "warn" : "fail";
}

std::array<size_t, 3> count(const Findings& findings) noexcept {
  std::array<size_t, 3> counts{};
  for (const Finding& finding : findings)
    ++counts[static_cast<size_t>(finding.verdict)];
  return counts;
}

std::string as_line(const Finding& finding, bool color) {
  std::string name = finding.check;
  if (!finding.interface.empty()) name += " " + printable(finding.interface);
  name.resize(std::max(name.size() + 1, kNameWidth), ' ');
  std::string line = color ? color_of(finding.verdict) : "";
  line += to_string(finding.verdict);
  line += color ? "\033[0m  " : "  ";
  line += name + printable(finding.what) + "\n";
  if (!finding.mend.empty()) line += "      mend: " + printable(finding.mend) + "\n";
  return line;
}

std::string as_json(const Finding& finding) {
  const auto or_null = [](const std::string& text) {
    return text.empty() ? std::string("null") : json_string(text);
  };
  return "{\"check\":" + json_string(finding.check) +
         ",\"interface\":" + or_null(finding.interface) + ",\"verdict\":\"" +
         json_name(finding.verdict) + "\",\"what\":" + json_string(finding.what) +
         ",\"mend\":" + or_null(finding.mend) + "}";
}

}  // namespace

const char* to_string(Verdict verdict) noexcept {
  if (verdict == Verdict::Pass) return "PASS";
  return verdict == Verdict::Warn ? "WARN" : "FAIL";
}

Verdict worst_of(const Findings& findings) noexcept {
  Verdict worst = Verdict::Pass;
  for (const Finding& finding : findings)
    worst = std::max(worst, finding.verdict);
  return worst;
}

std::string findings_as_text(const Findings& findings, bool color) {
  std::string text;
  for (const Finding& finding : findings)
    text += as_line(finding, color);
  const auto [passed, warned, failed] = count(findings);
  return text + std::to_string(passed) + " passed, " + std::to_string(warned) + " to look at, " +
         std::to_string(failed) + " failed\n";
}

std::string findings_as_json(const Findings& findings) {
  std::string list;
  for (const Finding& finding : findings)
    list += (list.empty() ? "" : ",\n ") + as_json(finding);
  const auto [passed, warned, failed] = count(findings);
  return "{\"verdict\":\"" + std::string(json_name(worst_of(findings))) +
         "\",\"passed\":" + std::to_string(passed) + ",\"warned\":" + std::to_string(warned) +
         ",\"failed\":" + std::to_string(failed) + ",\"checks\":[\n " + list + "]}\n";
}

}  // namespace pktana::cli
