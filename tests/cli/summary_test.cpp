// SPDX-License-Identifier: Apache-2.0
#include "cli/summary.h"

#include "support/catch.h"

namespace pktana::cli {
namespace {

engine::RunReport sample() {
  engine::RunReport report;
  engine::Ledger& ledger = report.ledger;
  ledger.packets.captured = 100;
  ledger.packets.filtered_out = 10;
  ledger.packets.non_ip[static_cast<size_t>(parse::NonIp::ArpRequest)] = 3;
  ledger.packets.undecodable[static_cast<size_t>(parse::Layer::Ipv4)]
                            [static_cast<size_t>(parse::ParseError::Malformed)] = 2;
  ledger.flows.packets = 85;
  ledger.flows.record_packets = 85;
  ledger.flows.flows_created = 4;
  ledger.flows.records = 4;
  ledger.flows.ended[static_cast<size_t>(flow::EndReason::TupleReuse)] = 4;
  ledger.has_sink = true;
  ledger.sink.handed_over = 4;
  ledger.sink.accepted = 4;
  ledger.sink.written = 4;
  ledger.final = true;
  report.elapsed_ns = 1'500'000'000;
  return report;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("summary: numbers are aligned, with what they are made of below them") {
  const std::string text = summary_text(sample(), false);
  CHECK(
      text.starts_with("packets\n"
                       "  captured                                 100\n"
                       "  filtered out                              10\n"
                       "  in flows                                  85\n"
                       "  not IP                                     3\n"
                       "    arp request                              3\n"
                       "  undecodable                                2\n"
                       "    ipv4 malformed                           2\n"
                       "flows\n"
                       "  created                                    4\n"
                       "    ended: tuple reuse                       4\n"
                       "records\n"
                       "  written                                    4\n"
                       "ledger\n"));
  CHECK(text.ends_with("took 1.500s\n"));
}

TEST_CASE("summary: each identity is one line with its verdict") {
  const std::string text = summary_text(sample(), false);
  CHECK(holds(text, "  kernel   packets seen unknown = captured 100: not known\n"));
  CHECK(holds(text,
              "  parse    captured 100 = counted in flows 85 + filtered out 10 + "
              "undecodable ipv4 malformed 2 + non ip arp request 3: ok\n"));
  CHECK(holds(text, "  packets  counted in flows 85 = in records 85 + in live flows 0: ok\n"));
  CHECK_FALSE(holds(text, "MISMATCH"));
}

TEST_CASE("summary: a lost packet is a mismatch") {
  engine::RunReport report = sample();
  ++report.ledger.packets.captured;
  const std::string text = summary_text(report, false);
  CHECK(holds(text, "non ip arp request 3: MISMATCH\n"));
}

TEST_CASE("summary: a live run tells what the kernel saw and dropped") {
  engine::RunReport report = sample();
  report.ledger.kernel = ring::RingStatistics{.packets = 107, .drops = 7, .freezes = 1};
  const std::string text = summary_text(report, false);
  CHECK(
      text.starts_with("packets\n"
                       "  seen by the kernel                       107\n"
                       "  dropped by the kernel                      7\n"
                       "  times the ring was full                    1\n"));
  CHECK(holds(text, "  kernel   packets seen 107 = captured 100 + ring drops 7: ok\n"));
}

TEST_CASE("summary: colours only where asked for") {
  CHECK_FALSE(holds(summary_text(sample(), false), "\033"));
  CHECK(holds(summary_text(sample(), true), "\033[32mok\033[0m"));
}

TEST_CASE("summary: tcpdump's three lines; a file has one") {
  engine::RunReport report = sample();
  CHECK(capture_counts(report.ledger) == "90 packets captured\n");
  report.ledger.kernel = ring::RingStatistics{.packets = 107, .drops = 7};
  CHECK(capture_counts(report.ledger) ==
        "90 packets captured\n107 packets received by filter\n7 packets dropped by kernel\n");
}

}  // namespace
}  // namespace pktana::cli
