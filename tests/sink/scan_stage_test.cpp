// SPDX-License-Identifier: Apache-2.0
#include "sink/scan_stage.h"

#include <vector>

#include "flow/icmp_pairs.h"
#include "support/catch.h"

using namespace pktana;
using flow::FlowRecord;
using sink::ScanStage;

namespace {

/// An unanswered SYN, at so many seconds.
FlowRecord attempt(uint32_t source, uint16_t port, int64_t second) {
  FlowRecord record;
  record.ip_version = 4;
  record.protocol = flow::kProtocolTcp;
  record.src = {198, 18, static_cast<uint8_t>(source >> 8), static_cast<uint8_t>(source)};
  record.dst = {198, 19, 0, 1};
  record.dst_port = port;
  record.start_ns = record.end_ns = second * base::kNsPerSecond;
  record.initiator_basis = flow::InitiatorBasis::Syn;
  record.totals[flow::kToServer].packets = 1;
  return record;
}

std::unique_ptr<ScanStage> make_stage(bool fold, int64_t window_s) {
  flow::ScanOptions detector{.window_ns = window_s * base::kNsPerSecond};
  detector.secret = *base::HashSecret::from_hex("5ca0");
  auto stage = ScanStage::create({.detector = detector, .fold = fold});
  REQUIRE(stage);
  return std::move(*stage);
}

size_t end_of(ScanStage& stage) {
  size_t given_back = 0;
  for (auto held = stage.end(); !held.empty(); held = stage.end())
    given_back += held.size();
  return given_back;
}

}  // namespace

TEST_CASE("scan stage: without folding every record goes on at once") {
  const auto stage = make_stage(false, 0);
  for (uint16_t port = 1; port <= 100; ++port) {
    const FlowRecord record = attempt(1, port, 1);
    REQUIRE(stage->pass({&record, 1}, 0).size() == 1);
  }
  CHECK(end_of(*stage) == 0);
  CHECK(stage->ended().size() == 1);
  CHECK(stage->folded() == 0);
}

TEST_CASE("scan stage: live, an attempt that was no scan is written when the window has passed") {
  const auto stage = make_stage(true, 60);
  const FlowRecord record = attempt(1, 80, 100);
  CHECK(stage->pass({&record, 1}, 100 * base::kNsPerSecond).empty());
  CHECK(stage->pass({}, 159 * base::kNsPerSecond).empty());
  CHECK(stage->pass({}, 161 * base::kNsPerSecond).size() == 1);
  CHECK(end_of(*stage) == 0);
}

TEST_CASE("scan stage: live, the summary comes when the window has passed, and no flow") {
  const auto stage = make_stage(true, 60);
  for (uint16_t port = 1; port <= 100; ++port) {
    const FlowRecord record = attempt(1, port, 100);
    REQUIRE(stage->pass({&record, 1}, 100 * base::kNsPerSecond).empty());
  }
  CHECK(stage->ended().empty());
  CHECK(stage->pass({}, 161 * base::kNsPerSecond).empty());
  CHECK(stage->folded() == 100);
  REQUIRE(stage->ended().size() == 1);
  CHECK(stage->ended()[0].attempts == 100);
}

TEST_CASE("scan stage: what is held is bounded, and every record is written or folded") {
  const auto stage = make_stage(true, 0);
  constexpr uint32_t kRecords = ScanStage::kMaxHeld + 5000;
  size_t written = 0;
  for (uint32_t i = 0; i < kRecords; ++i) {
    // Sources that differ: no scan among them.
    const FlowRecord record = attempt(i, 80, 1);
    written += stage->pass({&record, 1}, 0).size();
  }
  CHECK(written == 5000);
  CHECK(written + end_of(*stage) + stage->folded() == kRecords);
}
