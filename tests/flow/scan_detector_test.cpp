// SPDX-License-Identifier: Apache-2.0
#include "flow/scan_detector.h"

#include <algorithm>
#include <random>

#include "flow/icmp_pairs.h"
#include "support/catch.h"

using namespace pktana;
using flow::FlowRecord;
using flow::ScanDetector;
using flow::ScanKind;
using flow::ScanRecord;

namespace {

/// A SYN from 198.18.0.`source` to 198.19.0.`target` that a RST answers, at so many seconds.
FlowRecord attempt(uint8_t source, uint8_t target, uint16_t port, int64_t second = 1) {
  FlowRecord record;
  record.ip_version = 4;
  record.protocol = flow::kProtocolTcp;
  record.src = {198, 18, 0, source};
  record.dst = {198, 19, 0, target};
  record.src_port = 40000;
  record.dst_port = port;
  record.start_ns = second * base::kNsPerSecond;
  record.end_ns = record.start_ns + 1000;
  record.initiator_basis = flow::InitiatorBasis::Syn;
  record.totals[flow::kToServer] = {.packets = 1, .bytes = 60, .payload_bytes = 0};
  record.totals[flow::kToClient] = {.packets = 1, .bytes = 60, .payload_bytes = 0};
  record.tcp_flags = {0x02, 0x14};
  return record;
}

ScanDetector make_detector(flow::ScanOptions options = {}) {
  options.secret = *base::HashSecret::from_hex("5ca0");
  auto detector = ScanDetector::create(options);
  REQUIRE(detector);
  return std::move(*detector);
}

std::vector<ScanRecord> scans_of(ScanDetector& detector, const std::vector<FlowRecord>& records) {
  for (const FlowRecord& record : records)
    detector.note(record);
  detector.end_all();
  return {detector.ended().begin(), detector.ended().end()};
}

std::vector<FlowRecord> vertical(unsigned ports) {
  std::vector<FlowRecord> records;
  for (unsigned port = 1; port <= ports; ++port)
    records.push_back(attempt(1, 1, static_cast<uint16_t>(port), port));
  return records;
}

}  // namespace

TEST_CASE("scan: many ports of one target leave one vertical scan with all its sums") {
  ScanDetector detector = make_detector();
  const auto scans = scans_of(detector, vertical(1000));
  REQUIRE(scans.size() == 1);
  const ScanRecord& scan = scans[0];
  CHECK(scan.kind == ScanKind::Vertical);
  CHECK(scan.attempts == 1000);
  CHECK(scan.refused == 1000);
  CHECK(scan.packets == 2000);
  CHECK(scan.bytes == 120000);
  CHECK(scan.start_ns == 1 * base::kNsPerSecond);
  CHECK(scan.end_ns == 1000 * base::kNsPerSecond + 1000);
  CHECK(scan.target_count == 1);
  CHECK(scan.target[0] == attempt(1, 1, 1).dst);
  CHECK(scan.port_count == 1000);
  REQUIRE(scan.named_ranges == 1);
  CHECK(scan.ports[0].first == 1);
  CHECK(scan.ports[0].last == 1000);
}

TEST_CASE("scan: one port of many targets leaves one horizontal scan that names the lowest") {
  std::vector<FlowRecord> records;
  for (unsigned target = 200; target > 0; --target)
    records.push_back(attempt(1, static_cast<uint8_t>(target), 22));
  ScanDetector detector = make_detector();
  const auto scans = scans_of(detector, records);
  REQUIRE(scans.size() == 1);
  CHECK(scans[0].kind == ScanKind::Horizontal);
  CHECK(scans[0].attempts == 200);
  CHECK(scans[0].target_count == 200);
  CHECK_FALSE(scans[0].targets_estimated);
  REQUIRE(scans[0].named_targets == flow::kMaxScanTargets);
  for (uint8_t i = 0; i < flow::kMaxScanTargets; ++i)
    CHECK(scans[0].target[i] == attempt(1, static_cast<uint8_t>(i + 1), 22).dst);
  CHECK(scans[0].port_count == 1);
}

TEST_CASE("scan: below the threshold there is none, at the threshold there is one") {
  for (const unsigned ports : {24U, 25U}) {
    ScanDetector detector = make_detector();
    CHECK(scans_of(detector, vertical(ports)).size() == (ports == 25 ? 1 : 0));
  }
  for (const unsigned ports : {2U, 3U, 6U, 7U}) {
    ScanDetector detector = make_detector({.threshold = ports});
    CHECK(scans_of(detector, vertical(ports)).size() == 1);
  }
}

TEST_CASE("scan: a vertical and a horizontal one by the same source are two") {
  std::vector<FlowRecord> records = vertical(100);
  for (uint8_t target = 2; target < 100; ++target)
    records.push_back(attempt(1, target, 22));
  ScanDetector detector = make_detector();
  auto scans = scans_of(detector, records);
  REQUIRE(scans.size() == 2);
  CHECK(scans[0].kind != scans[1].kind);
}

TEST_CASE("scan: many ports of many targets are one block that holds every attempt") {
  std::vector<FlowRecord> records;
  for (uint8_t target = 1; target <= 100; ++target)
    for (uint16_t port = 1; port <= 50; ++port)
      records.push_back(attempt(1, target, port));
  std::shuffle(records.begin(), records.end(), std::mt19937(7));
  ScanDetector detector = make_detector();
  const auto scans = scans_of(detector, records);
  REQUIRE(scans.size() == 1);
  CHECK(scans[0].kind == ScanKind::Block);
  CHECK(scans[0].attempts == 5000);
  CHECK(scans[0].target_count == 100);
  CHECK(scans[0].port_count == 50);
}

TEST_CASE("scan: the order of the attempts does not change the summary") {
  std::vector<FlowRecord> records = vertical(300);
  ScanDetector one = make_detector();
  const auto expected = scans_of(one, records);
  std::shuffle(records.begin(), records.end(), std::mt19937(3));
  ScanDetector other = make_detector();
  const auto shuffled = scans_of(other, records);
  REQUIRE(expected.size() == 1);
  REQUIRE(shuffled.size() == 1);
  CHECK(expected[0].attempts == shuffled[0].attempts);
  CHECK(expected[0].start_ns == shuffled[0].start_ns);
  CHECK(expected[0].end_ns == shuffled[0].end_ns);
  CHECK(expected[0].port_count == shuffled[0].port_count);
}

TEST_CASE("scan: more targets than are kept are counted within a tenth") {
  std::vector<FlowRecord> records;
  for (unsigned i = 0; i < 20000; ++i) {
    FlowRecord record = attempt(1, 1, 443);
    record.dst = {198, 19, static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)};
    records.push_back(record);
  }
  ScanDetector detector = make_detector();
  const auto scans = scans_of(detector, records);
  REQUIRE(scans.size() == 1);
  CHECK(scans[0].targets_estimated);
  CHECK(scans[0].target_count > 18000);
  CHECK(scans[0].target_count < 22000);
}

TEST_CASE("scan: who talks to many is not scanning, nor who asks each host for another port") {
  std::vector<FlowRecord> records;
  for (uint8_t target = 1; target < 200; ++target) {
    FlowRecord talk = attempt(1, target, 443);
    talk.totals[flow::kToServer].payload_bytes = 100;
    records.push_back(talk);
    records.push_back(attempt(2, target, static_cast<uint16_t>(1000 + target)));
  }
  ScanDetector detector = make_detector();
  CHECK(scans_of(detector, records).empty());
}

TEST_CASE("scan: an attempt is short, unanswered or refused, and not sent to a group") {
  const FlowRecord refused = attempt(1, 1, 80);
  CHECK(flow::is_scan_attempt(refused));
  FlowRecord answered = refused;
  answered.protocol = flow::kProtocolUdp;
  CHECK_FALSE(flow::is_scan_attempt(answered));
  answered.totals[flow::kToClient] = {};
  CHECK(flow::is_scan_attempt(answered));
  answered.dst = {239, 255, 255, 250};
  CHECK_FALSE(flow::is_scan_attempt(answered));
  FlowRecord long_one = refused;
  long_one.totals[flow::kToServer].packets = flow::kMaxAttemptPackets;
  CHECK_FALSE(flow::is_scan_attempt(long_one));
  FlowRecord backscatter = refused;
  backscatter.initiator_basis = flow::InitiatorBasis::SynAck;
  CHECK_FALSE(flow::is_scan_attempt(backscatter));
  FlowRecord update = refused;
  update.update.index = 1;
  CHECK_FALSE(flow::is_scan_attempt(update));
}

TEST_CASE("scan: echo requests to many hosts are a horizontal scan without ports") {
  std::vector<FlowRecord> records;
  for (uint8_t target = 1; target <= 50; ++target) {
    FlowRecord echo = attempt(1, target, 0);
    echo.protocol = flow::kProtocolIcmp;
    echo.icmp_type = 8;
    records.push_back(echo);
  }
  ScanDetector detector = make_detector();
  const auto scans = scans_of(detector, records);
  REQUIRE(scans.size() == 1);
  CHECK(scans[0].kind == ScanKind::Horizontal);
  CHECK(scans[0].port_count == 0);
  CHECK(scans[0].target_count == 50);
}

TEST_CASE("scan: it is over when the window has passed without an attempt") {
  ScanDetector detector = make_detector({.window_ns = 60 * base::kNsPerSecond});
  for (const FlowRecord& record : vertical(50))
    detector.note(record);
  CHECK(detector.is_part_of_scan(attempt(1, 1, 77)));
  detector.expire(100 * base::kNsPerSecond);
  CHECK(detector.ended().empty());
  detector.expire(111 * base::kNsPerSecond);
  REQUIRE(detector.ended().size() == 1);
  CHECK_FALSE(detector.is_part_of_scan(attempt(1, 1, 77)));
  detector.forget_ended();
  detector.end_all();
  CHECK(detector.ended().empty());
}

TEST_CASE("scan: memory is bounded: with more scans than tracks each leaves its summary") {
  ScanDetector detector = make_detector({.threshold = 10});
  size_t ended = 0;
  constexpr unsigned kScanners = 3000;
  for (unsigned scanner = 0; scanner < kScanners; ++scanner) {
    for (uint16_t port = 1; port <= 10; ++port) {
      FlowRecord record = attempt(1, 1, port, scanner);
      record.src = {198, 18, static_cast<uint8_t>(scanner >> 8), static_cast<uint8_t>(scanner)};
      detector.note(record);
      ended += detector.ended().size();
      detector.forget_ended();
    }
  }
  detector.end_all();
  CHECK(ended + detector.ended().size() == kScanners);
}
