// SPDX-License-Identifier: Apache-2.0
#include "engine/kept_state.h"

#include <array>
#include <cstring>
#include <optional>

#include <unistd.h>

#include "config.h"
#include "flow/flow_ref.h"
#include "flow/tcp_anomalies.h"

namespace pktana::engine {
namespace {

constexpr uint64_t kMostBytes = uint64_t{1} << 36;

std::optional<KeptHeader> header_of(int file) noexcept {
  KeptHeader header;
  if (::pread(file, &header, sizeof header, 0) != static_cast<ssize_t>(sizeof header))
    return std::nullopt;
  const bool good =
      header.magic == KeptHeader::kMagic && header.epoch != 0 && header.size < kMostBytes;
  return good ? std::optional(header) : std::nullopt;
}

template <typename T>
bool get_list(base::StateReader& in, std::vector<T>& list, bool (*get)(base::StateReader&, T&)) {
  uint32_t count = 0;
  if (!in.get(count)) return false;
  for (uint32_t i = 0; i < count; ++i) {
    T one{};
    if (!get(in, one)) return false;
    list.push_back(std::move(one));
  }
  return true;
}

bool get_text(base::StateReader& in, std::string& text) { return in.get_text(text); }
bool get_ring(base::StateReader& in, KeptState::Ring& ring) {
  return in.get_text(ring.interface) && in.get(ring.at);
}
bool get_record(base::StateReader& in, flow::FlowRecord& record) { return in.get(record); }

/// The kernel's counts as the last process has read them, not as of its last commit.
void update_counts(int file, std::vector<KeptState::Ring>& rings) {
  for (KeptState::Ring& ring : rings) {
    if (ring.at.counts_place == ring::kNoCountsPlace) continue;
    ring::RingStatistics counts;
    const auto place = static_cast<off_t>(ring.at.counts_place * sizeof counts);
    if (::pread(file, &counts, sizeof counts, place) == static_cast<ssize_t>(sizeof counts))
      ring.at.statistics = counts;
  }
}

}  // namespace

uint64_t kept_layout() noexcept {
  uint64_t sum = 1469598103934665603ULL;
  const auto mix = [&sum](uint64_t value) { sum = (sum ^ value) * 1099511628211ULL; };
  for (const char c : std::string_view(PKTANA_VERSION))
    mix(static_cast<uint64_t>(c));
  for (const size_t size :
       {sizeof(flow::FlowEntry), sizeof(flow::TailEntry), sizeof(flow::Ipv6Addresses),
        sizeof(flow::LongBlock), sizeof(flow::OddBlock), sizeof(flow::AnomalyBlock),
        sizeof(flow::FlowRecord), sizeof(ring::RingPosition)})
    mix(size);
  return sum;
}

void put_rings(base::StateWriter& out, const std::vector<KeptState::Ring>& rings) {
  out.put(static_cast<uint32_t>(rings.size()));
  for (const KeptState::Ring& ring : rings) {
    out.put_text(ring.interface);
    out.put(ring.at);
  }
}

KeptState parse_kept_state(base::Bytes bytes) {
  KeptState state;
  base::StateReader in(bytes);
  KeptHeader header;
  if (!in.get(header) || header.magic != KeptHeader::kMagic ||
      header.size != bytes.size() - sizeof header)
    return state;
  bool whole = in.get_text(state.setup) && get_list(in, state.sources, &get_text) &&
               get_list(in, state.rings, &get_ring);
  state.readable = header.layout == kept_layout();
  if (state.readable)
    whole = whole && get_list(in, state.records, &get_record) && in.get_bytes(state.flows);
  if (!whole) return {};
  state.epoch = header.epoch;
  return state;
}

std::vector<uint8_t> copy_kept_state(std::span<const int, kKeptFiles> files) {
  std::optional<KeptHeader> best;
  int from = -1;
  for (const int file : files.first(kCountsFile)) {
    const auto header = header_of(file);
    if (!header || (best && best->epoch > header->epoch)) continue;
    best = header;
    from = file;
  }
  std::vector<uint8_t> bytes;
  if (!best) return bytes;
  bytes.resize(sizeof(KeptHeader) + best->size);
  for (size_t have = 0; have < bytes.size();) {
    const ssize_t got =
        ::pread(from, bytes.data() + have, bytes.size() - have, static_cast<off_t>(have));
    if (got <= 0) return {};
    have += static_cast<size_t>(got);
  }
  // Its owner may have begun to write over it meanwhile: then the other one is the newer, and
  // whole.
  const auto after = header_of(from);
  if (!after || after->epoch != best->epoch) return {};
  return bytes;
}

KeptState read_kept_state(std::span<const int, kKeptFiles> files) {
  KeptState state = parse_kept_state(copy_kept_state(files));
  update_counts(files[kCountsFile], state.rings);
  return state;
}

}  // namespace pktana::engine
