// SPDX-License-Identifier: Apache-2.0
#include "flow/scan_track.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <span>

namespace pktana::flow {
namespace {

uint64_t packets_of(const FlowRecord& record) noexcept {
  return record.totals[kToServer].packets + record.totals[kToClient].packets;
}

uint64_t bytes_of(const FlowRecord& record) noexcept {
  return record.totals[kToServer].bytes + record.totals[kToClient].bytes;
}

/// The ranges of set bits, lowest first, as many as the record names.
void name_ports(const std::array<uint64_t, ScanTrack::kPortWords>& ports,
                ScanRecord& record) noexcept {
  uint32_t port = 0;
  const auto is_set = [&](uint32_t at) { return (ports[at / 64] >> at % 64 & 1) != 0; };
  while (port <= 0xFFFF) {
    if (ports[port / 64] >> port % 64 == 0) {
      port = (port / 64 + 1) * 64;
      continue;
    }
    if (!is_set(port)) {
      ++port;
      continue;
    }
    const uint32_t first = port;
    while (port <= 0xFFFF && is_set(port))
      ++port;
    record.more_ports = record.named_ranges == kMaxScanPortRanges;
    if (record.more_ports) return;
    record.ports[record.named_ranges++] = {.first = static_cast<uint16_t>(first),
                                           .last = static_cast<uint16_t>(port - 1)};
  }
}

}  // namespace

std::string_view to_string(ScanKind kind) noexcept {
  switch (kind) {
    case ScanKind::Vertical:
      return "vertical";
    case ScanKind::Horizontal:
      return "horizontal";
    case ScanKind::Block:
      return "block";
  }
  return "unknown";
}

void ScanSums::set(const ScanAttempt& attempt) noexcept {
  *this = {.start_ns = std::numeric_limits<int64_t>::max(),
           .end_ns = std::numeric_limits<int64_t>::min(),
           .bytes = 0,
           .packets = 0,
           .attempts = 0,
           .refused = 0};
  add(attempt);
}

void ScanSums::add(const ScanAttempt& attempt) noexcept {
  start_ns = std::min(start_ns, attempt.record->start_ns);
  end_ns = std::max(end_ns, attempt.record->end_ns);
  bytes += bytes_of(*attempt.record);
  packets += packets_of(*attempt.record);
  ++attempts;
  refused += attempt.refused;
}

bool ScanCandidate::add_value(uint64_t value) noexcept {
  const auto end = values.begin() + value_count;
  if (std::find(values.begin(), end, value) != end) return true;
  if (value_count == kValues) return false;
  values[value_count++] = value;
  return true;
}

void ScanTrack::begin(ScanKind of_kind, const ScanAttempt& attempt) noexcept {
  *this = {};
  in_use = true;
  kind = of_kind;
  key = attempt.key(of_kind);
  source_key = attempt.key(ScanKind::Block);
  record.kind = of_kind;
  record.ip_version = attempt.record->ip_version;
  record.protocol = attempt.record->protocol;
  record.source_id = attempt.record->source_id;
  record.src = attempt.record->src;
  record.start_ns = std::numeric_limits<int64_t>::max();
  record.end_ns = std::numeric_limits<int64_t>::min();
}

void ScanTrack::add(const ScanAttempt& attempt) noexcept {
  ScanSums sums;
  sums.set(attempt);
  add_sums(sums);
  targets.add(attempt.target_hash);
  name_target(attempt.record->dst);
  if (attempt.has_port) add_port(attempt.port);
}

void ScanTrack::add_sums(const ScanSums& sums) noexcept {
  record.start_ns = std::min(record.start_ns, sums.start_ns);
  record.end_ns = std::max(record.end_ns, sums.end_ns);
  record.bytes += sums.bytes;
  record.packets += sums.packets;
  record.attempts += sums.attempts;
  record.refused += sums.refused;
}

void ScanTrack::name_target(const std::array<uint8_t, 16>& address) noexcept {
  const auto begin = record.target.begin();
  const auto end = begin + record.named_targets;
  const auto place = std::lower_bound(begin, end, address);
  if (place != end && *place == address) return;
  if (record.named_targets < kMaxScanTargets)
    ++record.named_targets;
  else if (place == end)
    return;
  std::move_backward(place, begin + record.named_targets - 1, begin + record.named_targets);
  *place = address;
}

void ScanTrack::absorb(const ScanCandidate& candidate, const base::HashSecret& secret) noexcept {
  add_sums(candidate.sums);
  const std::span values(candidate.values.data(), candidate.value_count);
  if (candidate.kind == ScanKind::Vertical) {
    targets.add(candidate.target_hash);
    for (const uint64_t port : values)
      add_port(static_cast<uint16_t>(port));
    return;
  }
  for (const uint64_t value : values) {
    if (record.ip_version != 4) {
      targets.add(value);
      continue;
    }
    std::array<uint8_t, 16> address{};
    std::memcpy(address.data(), &value, 4);
    name_target(address);
    targets.add(base::keyed_hash(secret, value, 0, 4));
  }
}

void ScanTrack::absorb(const ScanTrack& other) noexcept {
  add_sums({.start_ns = other.record.start_ns,
            .end_ns = other.record.end_ns,
            .bytes = other.record.bytes,
            .packets = other.record.packets,
            .attempts = other.record.attempts,
            .refused = other.record.refused});
  targets.add(other.targets);
  for (unsigned i = 0; i < other.record.named_targets; ++i)
    name_target(other.record.target[i]);
  for (size_t i = 0; i < kPortWords; ++i)
    ports[i] |= other.ports[i];
}

uint64_t ScanTrack::port_count() const noexcept {
  uint64_t count = 0;
  for (const uint64_t word : ports)
    count += static_cast<uint64_t>(std::popcount(word));
  return count;
}

uint64_t ScanTrack::breadth() const noexcept {
  return kind == ScanKind::Vertical ? port_count() : targets.count();
}

ScanRecord ScanTrack::to_record() const noexcept {
  ScanRecord made = record;
  made.target_count = targets.count();
  made.targets_estimated = targets.is_estimated();
  made.port_count = port_count();
  name_ports(ports, made);
  return made;
}

}  // namespace pktana::flow
