// SPDX-License-Identifier: Apache-2.0
#include "filter/expression.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "filter/expression_records.h"
#include "support/allocation_counter.h"
#include "support/catch.h"

namespace pktana::filter {
namespace {

struct Answer {
  const char* expression;
  const char* letters;
};

constexpr Answer kAnswers[] = {
#include "filter/expression_answers.inc"
};

std::string answer_to(std::string_view text) {
  const auto expression = Expression::compile(text, ExpressionUse::Records);
  return expression ? matching(*expression) : "refused: " + expression.error().detail;
}

/// A file that goes with the test.
class TempFile {
 public:
  explicit TempFile(const std::string& content)
      : path_("/tmp/pktana_set_" + std::to_string(::getpid()) + ".txt") {
    std::ofstream(path_) << content;
  }
  ~TempFile() { std::filesystem::remove(path_); }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST_CASE("expression: two hundred of them have the known answers") {
  static_assert(std::size(kAnswers) >= 200);
  for (const Answer& answer : kAnswers) {
    INFO(answer.expression);
    CHECK(answer_to(answer.expression) == answer.letters);
  }
}

TEST_CASE("expression: a set file holds addresses, prefixes, ranges and comments") {
  const TempFile file("# bad ones\n10.0.0.0/8\n\n  203.0.113.66  \n2001:db8::..2001:db8::ff\r\n");
  CHECK(answer_to("src_ip in @" + file.path()) == "SVG");
  CHECK(answer_to("src_ip not in @\"" + file.path() + "\"") == "WDP");
  CHECK(answer_to("src_ip in {192.0.2.10, @" + file.path() + "}") == "WDPSVG");
}

TEST_CASE("expression: a set file holds ports or texts") {
  const TempFile ports("22\n1..53\n");
  CHECK(answer_to("port in @" + ports.path()) == "DS");
  const TempFile texts("eth1\neth0\n");
  CHECK(answer_to("in_iface in @" + texts.path()) == "WDSVG");
}

TEST_CASE("expression: an empty set file matches nothing, and its inverse all that has the field") {
  const TempFile file("# none today\n");
  CHECK(answer_to("dest_port in @" + file.path()).empty());
  CHECK(answer_to("dest_port not in @" + file.path()) == "WDSV");
  CHECK(answer_to("src_ip in @" + file.path()).empty());
  CHECK(answer_to("in_iface in @" + file.path()).empty());
}

TEST_CASE("expression: a wrong line of a set file is named") {
  const TempFile file("10.0.0.1\n\nnobody\n");
  const auto bad = Expression::compile("src_ip in @" + file.path(), ExpressionUse::Records);
  REQUIRE_FALSE(bad);
  CHECK(bad.error().detail.starts_with(file.path() + ":3: 'nobody' is not an address"));
}

TEST_CASE("expression: log lines have fields that records have not") {
  CHECK(Expression::compile("host ~ \"x$\" and alert.severity >= 2", ExpressionUse::Logs));
  CHECK_FALSE(Expression::compile("host ~ \"x$\"", ExpressionUse::Records));
}

TEST_CASE("expression: names that a run cannot give are no values") {
  const auto expression = Expression::compile("in_iface", ExpressionUse::Records);
  REQUIRE(expression);
  CHECK_FALSE(expression->matches(RecordView{sample_record('W'), nullptr}));
}

TEST_CASE("expression: needles are texts that every matching line holds") {
  const auto needles = [](std::string_view text) {
    return Expression::compile(text, ExpressionUse::Logs)->needles();
  };
  using List = std::vector<std::string>;
  CHECK(needles("src_ip == 192.0.2.10") == List{"192.0.2.10"});
  CHECK(needles("dest_port in {443, 8443} and bytes > 10") == List{"443", "8443"});
  CHECK(needles("dest_port == 443 or tls.sni == \"a.example\"") == List{"443", "a.example"});
  CHECK(needles("dest_port in {443, 8443} and src_ip == 10.0.0.1") == List{"10.0.0.1"});
  CHECK(needles("not (src_ip != 10.0.0.1 or vlan == 100)").empty());
  for (const char* unknown :
       {"src_ip != 10.0.0.1", "not src_ip == 10.0.0.1", "src_ip in 10.0.0.0/8", "dest_port == 53",
        "bytes == 1000", "duration == 100s", "proto == tcp", "src_ip == 2001:db8::1",
        "tls.sni == \"a/b\"", "src_ip == 10.0.0.1 or vlan", "start == 2026-11-23"})
    CHECK(needles(unknown).empty());
}

TEST_CASE("expression: evaluating allocates nothing") {
  const auto expression = Expression::compile(
      "community_id != \"1:X\" and (bytes > 1MB or ip in {10.0.0.1, 192.0.2.0/24}) and "
      "in_iface ~ \"^e.h\\d\" and dest_port not in {22, 1000..2000}",
      ExpressionUse::Records);
  REQUIRE(expression);
  const SampleNames names;
  const flow::FlowRecord record = sample_record('W');
  const uint64_t before = support::allocation_count();
  const bool matches = expression->matches(RecordView{record, &names});
  CHECK(support::allocation_count() == before);
  CHECK(matches);
}

}  // namespace
}  // namespace pktana::filter
