// SPDX-License-Identifier: Apache-2.0
// Makes capture files for the benches: classic pcap of small IPv4 packets, each of a flow drawn at
// random, so that the flow table is met in no order that a cache could foresee. TCP flows shake
// hands and then send data in order, either way. With --window flows come and go. The same
// arguments give the same bytes.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace {

using pktana::base::store_be;

constexpr size_t kBufferBytes = size_t{4} << 20;
constexpr uint32_t kRecordHeader = 16;
constexpr uint32_t kMaxFrame = 1514;
constexpr uint32_t kTransportOffset = 34;

struct Options {
  std::string path;
  uint64_t packets = 1'000'000;
  uint64_t flows = 100'000;
  uint32_t min_size = 64;  ///< frame bytes
  uint32_t max_size = 128;
  uint64_t rate = 1'000'000;  ///< packets a second of packet time
  uint32_t udp_percent = 20;
  uint64_t window = 0;  ///< flows at a time, which go through all of them; 0 = all at a time
  bool imix = false;    ///< frames of 64, 594 and 1514 bytes, 7 to 4 to 1
};

/// xorshift64* (Vigna 2014).
class Random {
 public:
  uint64_t next() noexcept {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return state_ * 0x2545F4914F6CDD1DU;
  }
  uint64_t below(uint64_t limit) noexcept { return (next() >> 32) * limit >> 32; }

 private:
  uint64_t state_ = 0x9E3779B97F4A7C15U;
};

void put_le32(uint8_t* p, uint64_t value) noexcept {
  const auto narrow = static_cast<uint32_t>(value);
  std::memcpy(p, &narrow, sizeof narrow);
}

/// A flow as it has come so far.
struct Talk {
  uint32_t next_seq[2] = {};  ///< from the client, from the server
  uint32_t packets = 0;
};

/// The packet that a flow sends next.
struct Frame {
  uint64_t flow;
  uint32_t size;
  bool udp;
  bool reply;
};

constexpr uint8_t kSyn = 0x02;
constexpr uint8_t kPsh = 0x08;
constexpr uint8_t kAck = 0x10;
constexpr uint32_t kTcpHeader = 20;
constexpr uint32_t kUdpHeader = 8;
constexpr uint64_t kFlowsOfTestNet = 1U << 20;
constexpr uint64_t kMaxFlows = 1U << 24;

/// Bytes that look like nothing.
void write_content(uint8_t* p, uint32_t size, uint64_t flow) noexcept {
  uint64_t word = (flow + 1) * 0x9E3779B97F4A7C15U;
  for (uint32_t i = 0; i < size; ++i) {
    p[i] = static_cast<uint8_t>(word >> 56 | 0x80);
    word = word * 6364136223846793005U + 1442695040888963407U;
  }
}

/// The TCP header behind `frame`'s IP header; returns the bytes of content. The first three
/// segments are the handshake.
uint32_t write_tcp(uint8_t* transport, const Frame& frame, Talk& talk) noexcept {
  const bool handshake = talk.packets < 3;
  const uint32_t content = handshake ? 0 : frame.size - kTransportOffset - kTcpHeader;
  uint32_t& own = talk.next_seq[frame.reply ? 1 : 0];
  const uint32_t other = talk.next_seq[frame.reply ? 0 : 1];
  store_be<uint32_t>(transport + 4, own);
  store_be<uint32_t>(transport + 8, talk.packets == 0 ? 0 : other);
  transport[12] = kTcpHeader / 4 << 4;
  const bool syn = talk.packets < 2;
  transport[13] = static_cast<uint8_t>((syn ? kSyn : 0) | (talk.packets > 0 ? kAck : 0) |
                                       (content > 0 ? kPsh : 0));
  store_be<uint16_t>(transport + 14, 64240);
  write_content(transport + kTcpHeader, content, frame.flow);
  own += content + (syn ? 1 : 0);
  return kTcpHeader + content;
}

uint32_t write_udp(uint8_t* transport, const Frame& frame) noexcept {
  const uint32_t size = frame.size - kTransportOffset;
  store_be<uint16_t>(transport + 4, static_cast<uint16_t>(size));
  write_content(transport + kUdpHeader, size - kUdpHeader, frame.flow);
  return size;
}

/// Ethernet, IPv4, and TCP or UDP.
void write_frame(uint8_t* p, const Frame& frame, Talk& talk) noexcept {
  std::memset(p, 0, frame.size);
  const bool reply = frame.reply;
  p[5] = reply ? 1 : 2;
  p[11] = reply ? 2 : 1;
  store_be<uint16_t>(p + 12, 0x0800);
  uint8_t* ip = p + 14;
  ip[0] = 0x45;
  ip[8] = 64;
  ip[9] = frame.udp ? 17 : 6;
  // 198.18.0.0/15, and 10.0.0.0/8 for the clients that it has no room for
  const uint64_t clients = frame.flow < kFlowsOfTestNet ? 0xC6120000U : 0x0A000000U;
  const auto client = static_cast<uint32_t>(clients + (frame.flow >> 4));
  const auto server = static_cast<uint32_t>(0xC6130000U + (frame.flow & 0xFF));
  store_be<uint32_t>(ip + (reply ? 16 : 12), client);
  store_be<uint32_t>(ip + (reply ? 12 : 16), server);
  uint8_t* transport = p + kTransportOffset;
  const auto client_port = static_cast<uint16_t>(1024 + frame.flow % 60000);
  store_be<uint16_t>(transport + (reply ? 2 : 0), client_port);
  store_be<uint16_t>(transport + (reply ? 0 : 2), frame.udp ? 5683 : 443);
  const uint32_t length =
      frame.udp ? write_udp(transport, frame) : write_tcp(transport, frame, talk);
  store_be<uint16_t>(ip + 2, static_cast<uint16_t>(20 + length));
  ++talk.packets;
}

/// Of packet number `packet`.
uint64_t next_flow(Random& random, const Options& options, uint64_t packet) noexcept {
  if (options.window == 0 || options.window >= options.flows) return random.below(options.flows);
  const uint64_t first = packet * (options.flows - options.window + 1) / options.packets;
  return first + random.below(options.window);
}

uint32_t next_size(Random& random, const Options& options) noexcept {
  if (options.imix) {
    const uint64_t draw = random.below(12);
    return draw < 7 ? 64 : draw < 11 ? 594 : kMaxFrame;
  }
  return static_cast<uint32_t>(options.min_size +
                               random.below(options.max_size - options.min_size + 1));
}

/// The first segments of a connection come from whom they must, and short.
Frame next_frame(Random& random, const Options& options, const std::vector<Talk>& talks,
                 uint64_t packet) noexcept {
  const uint64_t flow = next_flow(random, options, packet);
  Frame frame{.flow = flow, .size = next_size(random, options), .udp = false, .reply = false};
  frame.udp = frame.flow * 2654435761U % 100 < options.udp_percent;
  frame.reply = (random.next() & 1) != 0;
  const uint32_t before = talks[frame.flow].packets;
  if (before < 3 && (!frame.udp || before == 0)) {
    frame.reply = before == 1;
    if (!frame.udp) frame.size = options.min_size;
  }
  return frame;
}

void write_capture(std::FILE* out, const Options& options) {
  uint8_t header[24] = {};
  put_le32(header, 0xA1B2C3D4U);
  header[4] = 2;
  header[6] = 4;
  put_le32(header + 16, 262144);
  put_le32(header + 20, 1);
  std::fwrite(header, sizeof header, 1, out);

  Random random;
  std::vector<Talk> talks(options.flows);
  std::vector<uint8_t> buffer(kBufferBytes);
  size_t used = 0;
  for (uint64_t i = 0; i < options.packets; ++i) {
    if (used + kRecordHeader + kMaxFrame > buffer.size()) {
      std::fwrite(buffer.data(), used, 1, out);
      used = 0;
    }
    const Frame frame = next_frame(random, options, talks, i);
    const uint64_t us = i * 1'000'000 / options.rate;
    uint8_t* record = buffer.data() + used;
    put_le32(record, 1'700'000'000 + us / 1'000'000);
    put_le32(record + 4, us % 1'000'000);
    put_le32(record + 8, frame.size);
    put_le32(record + 12, frame.size);
    write_frame(record + kRecordHeader, frame, talks[frame.flow]);
    used += kRecordHeader + frame.size;
  }
  std::fwrite(buffer.data(), used, 1, out);
}

bool parse_arguments(int argc, char** argv, Options& options) {
  if (argc < 2) return false;
  options.path = argv[1];
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--packets")
      options.packets = value;
    else if (name == "--flows")
      options.flows = value;
    else if (name == "--min-size")
      options.min_size = static_cast<uint32_t>(value);
    else if (name == "--max-size")
      options.max_size = static_cast<uint32_t>(value);
    else if (name == "--rate")
      options.rate = value;
    else if (name == "--udp-percent")
      options.udp_percent = static_cast<uint32_t>(value);
    else if (name == "--window")
      options.window = value;
    else if (name == "--imix")
      options.imix = value != 0;
    else
      return false;
  }
  const bool sizes = options.min_size >= 60 && options.max_size >= options.min_size &&
                     options.max_size <= kMaxFrame;
  return argc % 2 == 0 && sizes && options.flows > 0 && options.flows <= kMaxFlows &&
         options.packets > 0 && options.rate > 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse_arguments(argc, argv, options)) {
    std::fprintf(
        stderr,
        "usage: make_capture FILE [--packets N] [--flows N (to 16777216)] [--min-size BYTES]\n"
        "       [--max-size BYTES (to 1514)] [--imix 1] [--rate PACKETS_A_SECOND] [--udp-percent "
        "N]\n"
        "       [--window FLOWS_AT_A_TIME]\n");
    return 2;
  }
  std::FILE* out = std::fopen(options.path.c_str(), "wb");
  if (out == nullptr) {
    std::perror(options.path.c_str());
    return 1;
  }
  write_capture(out, options);
  if (std::fclose(out) != 0) {
    std::perror(options.path.c_str());
    return 1;
  }
  return 0;
}
