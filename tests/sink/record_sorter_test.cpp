// SPDX-License-Identifier: Apache-2.0
#include "sink/record_sorter.h"

#include <algorithm>
#include <random>

#include "sample_records.h"
#include "support/catch.h"

namespace pktana::sink {
namespace {

constexpr size_t kSmall = 300 * sizeof(flow::FlowRecord);  ///< a run of some 300 records

/// Many records of few start times, so that the key decides too; flow_id is the place in the list.
std::vector<flow::FlowRecord> make_records(size_t count) {
  std::mt19937 random(7);
  std::vector<flow::FlowRecord> records(count, tcp_record());
  for (size_t i = 0; i < count; ++i) {
    records[i].start_ns = static_cast<int64_t>(random() % 50) - 10;
    records[i].src_port = static_cast<uint16_t>(random() % 8);
    records[i].flow_id = i;
  }
  return records;
}

void add_all(RecordSorter& sorter, std::span<const flow::FlowRecord> records) {
  for (; !records.empty(); records = records.subspan(std::min<size_t>(100, records.size())))
    REQUIRE(sorter.add(records.first(std::min<size_t>(100, records.size()))));
}

std::vector<uint64_t> take_ids(RecordSorter& sorter) {
  std::vector<uint64_t> ids;
  for (auto bulk = sorter.take(); !bulk.empty(); bulk = sorter.take())
    for (const flow::FlowRecord& record : bulk)
      ids.push_back(record.flow_id);
  return ids;
}

std::vector<uint64_t> sorted_ids(std::vector<flow::FlowRecord> records) {
  std::sort(records.begin(), records.end(), sorts_before);
  std::vector<uint64_t> ids;
  for (const flow::FlowRecord& record : records)
    ids.push_back(record.flow_id);
  return ids;
}

}  // namespace

TEST_CASE("record sorter: the start time goes first, then protocol, addresses and ports") {
  const flow::FlowRecord first = tcp_record();
  flow::FlowRecord second = first;
  CHECK_FALSE(sorts_before(first, second));
  second.start_ns += 1;
  CHECK(sorts_before(first, second));
  second.protocol = 1;
  CHECK(sorts_before(first, second));
  second.start_ns = first.start_ns;
  CHECK(sorts_before(second, first));
  second.protocol = 6;
  second.dst_port += 1;
  CHECK(sorts_before(first, second));
  second.dst[0] -= 1;
  CHECK(sorts_before(second, first));
}

TEST_CASE("record sorter: records that differ in nothing but their id have an order too") {
  const flow::FlowRecord first = tcp_record();
  flow::FlowRecord second = first;
  second.flow_id += 1;
  CHECK(sorts_before(first, second));
  CHECK_FALSE(sorts_before(second, first));
}

TEST_CASE(
    "record sorter: an event stands at its own time, behind its flow, those of one time as they "
    "came") {
  const flow::AppEvent dns;
  const flow::FlowRecord flow = tcp_record();
  flow::FlowRecord first = flow;
  first.event = &dns;
  first.event_number = 1;
  first.end_ns = flow.start_ns;
  flow::FlowRecord second = first;
  second.event_number = 2;
  CHECK(sorts_before(flow, first));
  CHECK(sorts_before(first, second));
  CHECK_FALSE(sorts_before(second, first));
  first.end_ns += 1;
  CHECK(sorts_before(second, first));
  flow::FlowRecord later = flow;
  later.start_ns = first.end_ns + 1;
  CHECK(sorts_before(first, later));
}

TEST_CASE("record sorter: in memory and through a file the order is that of one sort") {
  const auto records = make_records(GENERATE(0, 1, 299, 300, 5000));
  const size_t memory = GENERATE(as<size_t>{}, kSmall, size_t{64} << 20);
  CAPTURE(records.size(), memory);
  const auto sorter = RecordSorter::create({.memory_bytes = memory});
  add_all(*sorter, records);
  CHECK(take_ids(*sorter) == sorted_ids(records));
  CHECK_FALSE(sorter->error());
  CHECK(sorter->lost() == 0);
}

TEST_CASE("record sorter: once empty it sorts again") {
  const auto sorter = RecordSorter::create({.memory_bytes = kSmall});
  const auto records = make_records(1000);
  for (int lap = 0; lap < 2; ++lap) {
    add_all(*sorter, records);
    CHECK(take_ids(*sorter) == sorted_ids(records));
  }
}

TEST_CASE("record sorter: without a place for the file every record comes back, and an error") {
  const auto sorter =
      RecordSorter::create({.memory_bytes = kSmall, .folder = "/proc/pktana-no-such-folder"});
  const auto records = make_records(1000);
  std::vector<uint64_t> ids;
  for (size_t i = 0; i < records.size(); i += 100) {
    const auto bulk = std::span(records).subspan(i, 100);
    if (sorter->add(bulk)) continue;
    for (const uint64_t id : take_ids(*sorter))
      ids.push_back(id);
    REQUIRE(sorter->add(bulk));
  }
  for (const uint64_t id : take_ids(*sorter))
    ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  REQUIRE(ids.size() == records.size());
  for (size_t i = 0; i < ids.size(); ++i)
    CHECK(ids[i] == i);
  REQUIRE(sorter->error());
  CHECK(sorter->error()->detail.find("TMPDIR") != std::string::npos);
}

}  // namespace pktana::sink
