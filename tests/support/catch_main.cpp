// SPDX-License-Identifier: Apache-2.0
// main() of all test executables, for either version of Catch2. Prints one line a test case, as it
// ends:
//   PASS name | FAIL name | SKIP name: reason
// scripts/test.sh counts these lines, so that cases before a crash still count.
#if __has_include(<catch2/catch_all.hpp>)
#define PKTANA_CATCH_V3 1
#else
#define PKTANA_CATCH_V3 0
#define CATCH_CONFIG_RUNNER
#endif

#include <iostream>
#include <string>
#include <utility>

#include "support/catch.h"
#include "support/skip.h"

namespace pktana::support {
namespace {

std::string& skip_reason() {
  static std::string reason;
  return reason;
}

#if PKTANA_CATCH_V3
using ListenerBase = Catch::EventListenerBase;
const std::string& name_of(const Catch::TestCaseInfo* info) { return info->name; }
#else
using ListenerBase = Catch::TestEventListenerBase;
const std::string& name_of(const Catch::TestCaseInfo& info) { return info.name; }
#endif

class CasePrinter : public ListenerBase {
 public:
  using ListenerBase::ListenerBase;

  void testCaseEnded(const Catch::TestCaseStats& stats) override {
    const std::string reason = std::exchange(skip_reason(), {});
    const bool failed = stats.totals.testCases.failed > 0;
    const char* verdict = failed ? "FAIL " : reason.empty() ? "PASS " : "SKIP ";
    std::cout << verdict << name_of(stats.testInfo);
    if (!failed && !reason.empty()) std::cout << ": " << reason;
    std::cout << std::endl;
    ListenerBase::testCaseEnded(stats);
  }
};

CATCH_REGISTER_LISTENER(CasePrinter)

}  // namespace

void skip_case(std::string reason) { skip_reason() = std::move(reason); }

}  // namespace pktana::support

int main(int argc, char** argv) { return Catch::Session().run(argc, argv); }
