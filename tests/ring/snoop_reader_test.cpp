// SPDX-License-Identifier: Apache-2.0
#include "ring/snoop_reader.h"

#include "base/clock.h"
#include "ring/read_all.h"
#include "support/capture_writer.h"
#include "support/catch.h"

namespace pktana::ring {
namespace {

using support::sample_octets;
using support::SnoopWriter;

TEST_CASE("snoop: records with padding give packets with lengths and time") {
  SnoopWriter writer;
  writer.add(sample_octets(61), {.seconds = 911274719, .microseconds = 885516, .wire_len = 1514});
  writer.add(sample_octets(4), {.seconds = 0xffffffff});
  const ReadOutcome outcome = read_bytes(writer.octets());
  CHECK(outcome.message().empty());
  REQUIRE(outcome.packets.size() == 2);
  CHECK(outcome.packets[0].data == sample_octets(61));
  CHECK(outcome.packets[0].ref.wire_len == 1514);
  CHECK(outcome.packets[0].ref.ts_ns == 911274719885516000);
  CHECK(outcome.packets[0].ref.link_type == 1);
  CHECK(outcome.packets[1].ref.ts_ns == 4294967295 * base::kNsPerSecond);
}

TEST_CASE("snoop: data link types become link types, unknown ones are refused") {
  CHECK(read_bytes(SnoopWriter(8).add(sample_octets(9)).octets()).packets.at(0).ref.link_type ==
        10);
  CHECK(read_bytes(SnoopWriter(7).octets()).message() ==
        "read capture file: test: snoop data link type 7 is not known");
}

TEST_CASE("snoop: versions other than 2 are refused") {
  CHECK(read_bytes(SnoopWriter(4, 3).octets()).message() ==
        "read capture file: test: snoop version 3 is not known; 2 is");
}

TEST_CASE("snoop: a record shorter than its packet is broken, as is one beyond the limits") {
  SnoopWriter::Record record;
  record.record_len = GENERATE(83U, 0xfffffff0U, 1U << 20);
  if (record.record_len == 1U << 20) record.captured_len = 262145;
  SnoopWriter writer;
  writer.add(sample_octets(60)).add(sample_octets(60), record);
  const ReadOutcome outcome = read_bytes(writer.octets());
  CHECK(outcome.packets.size() == 1);
  CHECK(outcome.message().find("record 2 at byte 100 claims ") != std::string::npos);
}

TEST_CASE("snoop: a wire length below the captured length is raised to it") {
  const ReadOutcome outcome =
      read_bytes(SnoopWriter().add(sample_octets(60), {.wire_len = 1}).octets());
  CHECK(outcome.packets.at(0).ref.wire_len == 60);
}

}  // namespace
}  // namespace pktana::ring
