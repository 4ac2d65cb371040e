// SPDX-License-Identifier: Apache-2.0
#include "flow/reassembler.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "flow/packet_clock.h"

namespace pktana::flow {
namespace {

constexpr uint32_t kUnit = 8;  ///< bytes; fragments begin at multiples of it
constexpr size_t kBitmapBytes = 65536 / kUnit / 8;
constexpr size_t kSlotBytes = kBitmapBytes + Reassembler::kMaxHeader + 65536;
constexpr uint32_t kIpv4HeaderLen = 20;
constexpr uint32_t kIpv6HeaderLen = 40;

/// Frames of both, as what the first says.
void add_frames(FlowPacket& sum, const FlowPacket& more) noexcept {
  sum.packets += more.packets;
  sum.wire_len += more.wire_len;
  sum.ip_len += more.ip_len;
  sum.first_ns = std::min(sum.first_ns, more.first_ns);
  sum.ts_ns = std::max(sum.ts_ns, more.ts_ns);
}

bool is_over(int64_t began_ns, int64_t now_ns, int64_t timeout_ns) noexcept {
  // A clock that went back ends a datagram too.
  const uint64_t age =
      PacketClock::elapsed(began_ns, now_ns) + PacketClock::elapsed(now_ns, began_ns);
  return age > static_cast<uint64_t>(timeout_ns);
}

}  // namespace

ReassemblyTotals& ReassemblyTotals::operator+=(const ReassemblyTotals& other) noexcept {
  fragments += other.fragments;
  reassembled += other.reassembled;
  timed_out += other.timed_out;
  evicted += other.evicted;
  spoiled += other.spoiled;
  overlaps += other.overlaps;
  duplicates += other.duplicates;
  return *this;
}

base::Result<Reassembler> Reassembler::create(const base::HashSecret& secret, KeyOptions options) {
  auto memory = base::Mapping::anonymous(kMaxDatagrams * kSlotBytes);
  if (!memory) return base::Unexpected(memory.error());
  return Reassembler(secret, options, std::move(*memory));
}

Reassembler::Reassembler(const base::HashSecret& secret, KeyOptions options, base::Mapping memory)
    : secret_(secret),
      options_(options),
      memory_(std::move(memory)),
      entries_(kMaxDatagrams),
      buckets_(kBuckets, kNone) {
  for (Number number = 0; number + 1 < kMaxDatagrams; ++number)
    entries_[number].newer = number + 1;
}

Reassembler::Outcome Reassembler::add(const parse::Packet& packet, const FlowPacket& as) noexcept {
  ++totals_.fragments;
  const auto parts = parse::fragment_parts(packet);
  if (!parts || is_full()) {
    frames_ = as;
    return Outcome::Known;
  }
  const Key key = key_of(packet, parts->id);
  Number number = find(key);
  if (number == kNone) number = begin(key, as.ts_ns);
  Entry& entry = entries_[number];
  if (entry.whole) {
    ++totals_.duplicates;
    frames_ = entry.as;
    frames_.packets = 0;
    frames_.wire_len = 0;
    frames_.ip_len = 0;
    frames_.payload_len = 0;
    frames_.tcp_flags = 0;
    frames_.fragment = true;
    frames_.first_ns = frames_.ts_ns = as.ts_ns;
    frames_.number = as.number;
    add_frames(frames_, as);
    return Outcome::Known;
  }
  hold(entry, as, packet.fragment == parse::Fragment::First);
  held_number_ = entry.as.number;
  if (!entry.spoiled) put(number, *parts);
  if (!entry.spoiled && entry.header_len != 0 && entry.total_len != 0 &&
      entry.covered == entry.total_len) {
    complete(number);
    if (entry.whole) return Outcome::Whole;
  }
  if (entry.as.packets < kMaxFrames) return Outcome::Held;
  give_frames(number);
  release(number);
  return Outcome::Known;
}

void Reassembler::settle(const FlowPacket& counted) noexcept {
  if (last_done_ == kNone) return;
  Entry& entry = entries_[last_done_];
  entry.as = counted;
  entry.as.payload = {};
  if (counted.encapsulation == nullptr) return;
  entry.around = *counted.encapsulation;
  entry.as.encapsulation = &entry.around;
}

bool Reassembler::release_one() noexcept {
  // The newest whole one may still be looked at: it goes last.
  const bool several_done = done_.head != kNone && done_.head != done_.tail;
  if (several_done || open_.head == kNone) {
    if (done_.head != kNone) release(done_.head);
    return false;
  }
  const Number oldest = open_.head;
  totals_.evicted += !entries_[oldest].spoiled;
  give_frames(oldest);
  release(oldest);
  return true;
}

bool Reassembler::release_expired(int64_t now_ns) noexcept {
  while (done_.head != kNone && is_over(entries_[done_.head].began_ns, now_ns, kLingerNs))
    release(done_.head);
  if (open_.head == kNone || !is_over(entries_[open_.head].began_ns, now_ns, kTimeoutNs))
    return false;
  return release_any();
}

bool Reassembler::release_any() noexcept {
  const Number oldest = open_.head;
  if (oldest == kNone) return false;
  totals_.timed_out += !entries_[oldest].spoiled;
  give_frames(oldest);
  release(oldest);
  return true;
}

Reassembler::Key Reassembler::key_of(const parse::Packet& packet, uint32_t id) const noexcept {
  Key key;
  if (packet.ip_version == 4) {
    key.word[0] = base::load_raw<uint32_t>(packet.src);
    key.word[1] = base::load_raw<uint32_t>(packet.dst);
  } else {
    std::memcpy(&key.word[0], packet.src, 16);
    std::memcpy(&key.word[2], packet.dst, 16);
  }
  const uint64_t protocol = packet.ip_version == 4 ? packet.protocol : 0;
  key.word[4] = uint64_t{id} | protocol << 32 | uint64_t{packet.ip_version} << 40;
  key.word[5] = path_domain(packet, options_);
  return key;
}

Reassembler::Number& Reassembler::bucket_of(const Key& key) noexcept {
  return buckets_[base::keyed_hash(secret_, key.word) % kBuckets];
}

Reassembler::Number Reassembler::find(const Key& key) noexcept {
  Number number = bucket_of(key);
  while (number != kNone && !(entries_[number].key == key))
    number = entries_[number].bucket_next;
  return number;
}

Reassembler::Number Reassembler::begin(const Key& key, int64_t now_ns) noexcept {
  const Number number = free_head_;
  Entry& entry = entries_[number];
  free_head_ = entry.newer;
  Number& head = bucket_of(key);
  entry.key = key;
  entry.as = {};
  entry.as.packets = 0;
  entry.began_ns = now_ns;
  entry.header_len = entry.total_len = entry.covered = entry.end = entry.first_len = 0;
  entry.cut_from = kMaxPayload;
  entry.whole = entry.spoiled = false;
  entry.bucket_next = head;
  head = number;
  push(open_, number);
  std::memset(bitmap(number), 0, kBitmapBytes);
  return number;
}

void Reassembler::push(List& list, Number number) noexcept {
  entries_[number].older = list.tail;
  entries_[number].newer = kNone;
  if (list.tail != kNone)
    entries_[list.tail].newer = number;
  else
    list.head = number;
  list.tail = number;
}

void Reassembler::unlink(List& list, Number number) noexcept {
  const Entry& entry = entries_[number];
  (entry.older != kNone ? entries_[entry.older].newer : list.head) = entry.newer;
  (entry.newer != kNone ? entries_[entry.newer].older : list.tail) = entry.older;
}

void Reassembler::release(Number number) noexcept {
  Entry& entry = entries_[number];
  Number* link = &bucket_of(entry.key);
  while (*link != number)
    link = &entries_[*link].bucket_next;
  *link = entry.bucket_next;
  unlink(entry.whole ? done_ : open_, number);
  if (number == last_done_) last_done_ = kNone;
  entry.newer = free_head_;
  free_head_ = number;
}

void Reassembler::give_frames(Number number) noexcept {
  const Entry& entry = entries_[number];
  held_frames_ -= entry.as.packets;
  held_bytes_ -= entry.as.wire_len;
  frames_ = entry.as;
  const bool has_first = entry.header_len != 0;
  frames_.payload_len =
      has_first ? entry.as.payload_len + entry.covered - std::min(entry.covered, entry.first_len)
                : entry.covered;
  if (frames_.encapsulation == nullptr) return;
  frames_around_ = entry.around;
  frames_.encapsulation = &frames_around_;
}

void Reassembler::hold(Entry& entry, const FlowPacket& as, bool is_first) noexcept {
  held_frames_ += as.packets;
  held_bytes_ += as.wire_len;
  const bool first_frames = entry.as.packets == 0;
  const bool better = entry.header_len == 0 && is_first;
  if (!first_frames && !better) {
    add_frames(entry.as, as);
    return;
  }
  const FlowPacket before = entry.as;
  entry.as = as;
  entry.as.payload = {};  // the frame's, which does not stay
  if (!first_frames) {
    add_frames(entry.as, before);
    entry.as.number = before.number;
  }
  if (as.encapsulation == nullptr) return;
  entry.around = *as.encapsulation;
  entry.as.encapsulation = &entry.around;
}

void Reassembler::put(Number number, const parse::FragmentParts& parts) noexcept {
  Entry& entry = entries_[number];
  uint32_t len = parts.piece_len;
  if (parts.more && len % kUnit != 0) {
    if (entry.as.key.ip_version() == 6) return spoil(entry);
    len -= len % kUnit;
  }
  const Range range{parts.offset, parts.offset + len};
  const uint32_t room = entry.as.key.ip_version() == 4 ? kMaxPayload - kIpv4HeaderLen : kMaxPayload;
  if (parts.piece_len > room || range.end > room) return spoil(entry);
  if (!fits(entry, parts, range)) return;
  if (!parts.more) entry.total_len = range.end;
  entry.end = std::max(entry.end, range.end);
  if (parts.offset == 0 && entry.header_len == 0) take_header(number, parts);
  if (len > 0 && !entry.spoiled) copy(number, parts, range);
}

void Reassembler::spoil(Entry& entry) noexcept {
  entry.spoiled = true;
  ++totals_.spoiled;
}

bool Reassembler::fits(Entry& entry, const parse::FragmentParts& parts, Range range) noexcept {
  const bool beyond = entry.total_len != 0 && range.end > entry.total_len;
  const bool moves_end = !parts.more && (range.end < entry.end ||
                                         (entry.total_len != 0 && range.end != entry.total_len));
  if (!beyond && !moves_end) return true;
  ++totals_.overlaps;
  if (entry.as.key.ip_version() == 6) spoil(entry);
  return false;
}

void Reassembler::copy(Number number, const parse::FragmentParts& parts, Range range) noexcept {
  Entry& entry = entries_[number];
  const uint64_t* const bits = bitmap(number);
  const uint32_t first = range.begin / kUnit;
  const uint32_t end = (range.end + kUnit - 1) / kUnit;
  uint32_t known = 0;
  for (uint32_t unit = first; unit < end; ++unit)
    known += bits[unit / 64] >> unit % 64 & 1;
  const auto captured =
      static_cast<uint32_t>(std::min<size_t>(parts.piece.size(), range.end - range.begin));
  if (known > 0) {
    const size_t same = std::min(captured, entry.cut_from - std::min(entry.cut_from, range.begin));
    const bool differs = std::memcmp(payload(number) + range.begin, parts.piece.data(), same) != 0;
    const bool exact = known == end - first && !differs;
    totals_.duplicates += exact;
    if (exact) return;
    ++totals_.overlaps;
    if (entry.as.key.ip_version() == 6) return spoil(entry);
  }
  if (captured < range.end - range.begin)
    entry.cut_from = std::min(entry.cut_from, range.begin + captured);
  copy_units(number, parts, {range.begin, range.end});
}

void Reassembler::copy_units(Number number, const parse::FragmentParts& parts,
                             Range range) noexcept {
  Entry& entry = entries_[number];
  uint64_t* const bits = bitmap(number);
  uint8_t* const to = payload(number);
  for (uint32_t at = range.begin; at < range.end; at += kUnit) {
    uint64_t& word = bits[at / kUnit / 64];
    const uint64_t bit = uint64_t{1} << at / kUnit % 64;
    if ((word & bit) != 0) continue;
    word |= bit;
    const uint32_t len = std::min(kUnit, range.end - at);
    entry.covered += len;
    const size_t from = at - range.begin;
    if (from < parts.piece.size())
      std::memcpy(to + at, parts.piece.data() + from,
                  std::min<size_t>(len, parts.piece.size() - from));
  }
}

void Reassembler::take_header(Number number, const parse::FragmentParts& parts) noexcept {
  Entry& entry = entries_[number];
  if (parts.header.size() > kMaxHeader) return spoil(entry);
  entry.header_len = static_cast<uint32_t>(parts.header.size());
  entry.next_header_at = parts.next_header_at;
  entry.next_header = parts.next_header;
  entry.first_len = parts.piece_len;
  std::memcpy(payload(number) - entry.header_len, parts.header.data(), parts.header.size());
}

void Reassembler::complete(Number number) noexcept {
  constexpr size_t kLengthV4 = 2;
  constexpr size_t kFragmentV4 = 6;
  constexpr size_t kLengthV6 = 4;
  Entry& entry = entries_[number];
  uint8_t* const header = payload(number) - entry.header_len;
  const uint32_t len = entry.header_len + entry.total_len;
  const uint32_t said = entry.as.key.ip_version() == 4 ? len : len - kIpv6HeaderLen;
  if (said > kMaxPayload) return spoil(entry);
  if (entry.as.key.ip_version() == 4) {
    base::store_be(header + kLengthV4, static_cast<uint16_t>(said));
    base::store_be(header + kFragmentV4, uint16_t{0});
  } else {
    base::store_be(header + kLengthV6, static_cast<uint16_t>(said));
    header[entry.next_header_at] = entry.next_header;
  }
  datagram_ = {header, entry.header_len + std::min(entry.cut_from, entry.total_len)};
  datagram_len_ = len;
  give_frames(number);
  unlink(open_, number);
  entry.whole = true;
  entry.began_ns = entry.as.ts_ns;
  push(done_, number);
  last_done_ = number;
  ++totals_.reassembled;
}

uint8_t* Reassembler::slot(Number number) const noexcept {
  assert(number < kMaxDatagrams);
  return static_cast<uint8_t*>(memory_.data()) + number * kSlotBytes;
}

uint64_t* Reassembler::bitmap(Number number) const noexcept {
  return static_cast<uint64_t*>(static_cast<void*>(slot(number)));
}

uint8_t* Reassembler::payload(Number number) const noexcept {
  return slot(number) + kBitmapBytes + kMaxHeader;
}

}  // namespace pktana::flow
