// SPDX-License-Identifier: Apache-2.0
// Makes a large capture of small real ones: their packets, as often as it takes, each time between
// hosts of their own. Of every Ethernet frame the outermost IP addresses change (multicast and
// broadcast stay), and the checksums that cover them by the difference, so that a good one stays
// good and a bad one bad. Each copy begins a little after the one before, so that many run at a
// time; gaps of more than a second are shortened to one. The same files give the same bytes.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <queue>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "ring/capture_file.h"

namespace {

using namespace pktana;
using base::load_be;
using base::store_be;

constexpr int64_t kLongestGapNs = base::kNsPerSecond;
constexpr int64_t kBetweenCopiesNs = 200 * base::kNsPerMs;
constexpr int64_t kBeginNs = 1'700'000'000 * base::kNsPerSecond;
constexpr uint64_t kMaxCopies = 65536;  ///< what the changed bits can tell apart

struct Frame {
  int64_t at_ns = 0;  ///< from the beginning of a copy
  uint32_t wire_len = 0;
  std::vector<uint8_t> bytes{};
};

/// What stands for `word` in a checksum that covered `before` and now covers `after` (RFC 1624).
void update_checksum(uint8_t* checksum, uint16_t before, uint16_t after) noexcept {
  uint32_t sum = static_cast<uint16_t>(~load_be<uint16_t>(checksum));
  sum += static_cast<uint16_t>(~before) + uint32_t{after};
  sum = (sum & 0xFFFF) + (sum >> 16);
  sum = (sum & 0xFFFF) + (sum >> 16);
  store_be<uint16_t>(checksum, static_cast<uint16_t>(~sum));
}

/// Changes a word that up to two checksums cover (null: none).
void change_word(uint8_t* word, uint16_t with, uint8_t* checksum, uint8_t* other) noexcept {
  const auto before = load_be<uint16_t>(word);
  const auto after = static_cast<uint16_t>(before ^ with);
  store_be<uint16_t>(word, after);
  for (uint8_t* one : {checksum, other})
    if (one != nullptr) update_checksum(one, before, after);
}

/// The checksum of a transport header that covers addresses. Null: none, or it is not there.
uint8_t* transport_checksum(std::vector<uint8_t>& frame, size_t offset, uint8_t protocol) noexcept {
  size_t place = 0;
  if (protocol == 6)
    place = 16;
  else if (protocol == 17)
    place = 6;
  else if (protocol == 58)
    place = 2;
  if (place == 0 || offset + place + 2 > frame.size()) return nullptr;
  uint8_t* checksum = frame.data() + offset + place;
  return protocol == 17 && load_be<uint16_t>(checksum) == 0 ? nullptr : checksum;
}

void move_ipv4(std::vector<uint8_t>& frame, size_t offset, uint16_t copy) noexcept {
  if (frame.size() < offset + 20) return;
  uint8_t* ip = frame.data() + offset;
  const bool first = (load_be<uint16_t>(ip + 6) & 0x1FFF) == 0;
  uint8_t* transport =
      first ? transport_checksum(frame, offset + size_t{ip[0] & 0x0FU} * 4, ip[9]) : nullptr;
  for (const size_t address : {12U, 16U}) {
    if (ip[address] == 0 || ip[address] == 127 || ip[address] >= 224) continue;
    change_word(ip + address, copy >> 8, ip + 10, transport);
    change_word(ip + address + 2, static_cast<uint16_t>(copy << 8), ip + 10, transport);
  }
}

void move_ipv6(std::vector<uint8_t>& frame, size_t offset, uint16_t copy) noexcept {
  if (frame.size() < offset + 40) return;
  uint8_t* ip = frame.data() + offset;
  uint8_t* transport = transport_checksum(frame, offset + 40, ip[6]);
  for (const size_t address : {8U, 24U})
    if (ip[address] != 0xFF && load_be<uint16_t>(ip + address) != 0)
      change_word(ip + address + 4, copy, transport, nullptr);
}

/// Gives the frame the addresses of copy number `copy`.
void move_frame(std::vector<uint8_t>& frame, uint16_t copy) noexcept {
  size_t type_at = 12;
  while (type_at + 2 <= frame.size()) {
    const auto type = load_be<uint16_t>(frame.data() + type_at);
    if (type == 0x0800) return move_ipv4(frame, type_at + 2, copy);
    if (type == 0x86DD) return move_ipv6(frame, type_at + 2, copy);
    if (type != 0x8100 && type != 0x88A8) return;
    type_at += 4;
  }
}

/// The Ethernet frames of a file, from time 0 on. A file that is cut gives those that are whole.
bool read_frames(const char* path, std::vector<Frame>& frames) {
  auto file = ring::CaptureFile::open({.path = path});
  if (!file) return false;
  int64_t before_ns = 0;
  int64_t at_ns = 0;
  while (true) {
    const auto batch = (*file)->next_batch();
    if (!batch) return true;
    for (const ring::PacketRef& packet : batch->packets) {
      if (packet.link_type != 1) continue;
      if (before_ns != 0) at_ns += std::clamp<int64_t>(packet.ts_ns - before_ns, 0, kLongestGapNs);
      before_ns = packet.ts_ns;
      frames.push_back({.at_ns = at_ns,
                        .wire_len = packet.wire_len,
                        .bytes = {packet.data, packet.data + packet.captured_len}});
    }
    if (batch->state == ring::Batch::State::End) return true;
  }
}

void write_frame(std::FILE* out, const Frame& frame, int64_t ts_ns, uint16_t copy) {
  std::vector<uint8_t> bytes = frame.bytes;
  move_frame(bytes, copy);
  const uint32_t head[4] = {static_cast<uint32_t>(ts_ns / base::kNsPerSecond),
                            static_cast<uint32_t>(ts_ns % base::kNsPerSecond / base::kNsPerUs),
                            static_cast<uint32_t>(bytes.size()), frame.wire_len};
  std::fwrite(head, sizeof head, 1, out);
  std::fwrite(bytes.data(), bytes.size(), 1, out);
}

/// The next frame of a copy.
struct Turn {
  int64_t ts_ns;
  uint16_t copy;
  size_t frame;
  bool operator>(const Turn& other) const noexcept {
    return ts_ns != other.ts_ns ? ts_ns > other.ts_ns : copy > other.copy;
  }
};

void write_copies(std::FILE* out, const std::vector<Frame>& frames, uint64_t copies) {
  const uint32_t header[6] = {0xA1B2C3D4, 0x00040002, 0, 0, 262144, 1};
  std::fwrite(header, sizeof header, 1, out);
  std::priority_queue<Turn, std::vector<Turn>, std::greater<>> turns;
  const auto begin_ns = [](uint64_t copy) {
    return kBeginNs + static_cast<int64_t>(copy) * kBetweenCopiesNs;
  };
  for (uint64_t copy = 0; copy < copies; ++copy)
    turns.push({begin_ns(copy) + frames[0].at_ns, static_cast<uint16_t>(copy), 0});
  while (!turns.empty()) {
    Turn turn = turns.top();
    turns.pop();
    write_frame(out, frames[turn.frame], turn.ts_ns, turn.copy);
    if (++turn.frame == frames.size()) continue;
    turn.ts_ns = begin_ns(turn.copy) + frames[turn.frame].at_ns;
    turns.push(turn);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: make_mix FILE PACKETS CAPTURE...   (at least so many packets)\n");
    return 2;
  }
  std::vector<Frame> frames;
  for (int i = 3; i < argc; ++i) {
    if (read_frames(argv[i], frames)) continue;
    std::fprintf(stderr, "make_mix: can't read %s\n", argv[i]);
    return 1;
  }
  if (frames.empty()) return 1;
  std::stable_sort(frames.begin(), frames.end(),
                   [](const Frame& a, const Frame& b) { return a.at_ns < b.at_ns; });
  const uint64_t packets = std::strtoull(argv[2], nullptr, 10);
  const uint64_t copies =
      std::clamp<uint64_t>((packets + frames.size() - 1) / frames.size(), 1, kMaxCopies);
  std::FILE* out = std::fopen(argv[1], "wb");
  if (out == nullptr) {
    std::perror(argv[1]);
    return 1;
  }
  write_copies(out, frames, copies);
  if (std::ferror(out) != 0 || std::fclose(out) != 0) {
    std::perror(argv[1]);
    return 1;
  }
  return 0;
}
