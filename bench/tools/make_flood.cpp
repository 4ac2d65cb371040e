// SPDX-License-Identifier: Apache-2.0
// Makes the capture of bench/flood.py: a SYN flood from addresses that never repeat, and beside it
// connections that live through it: handshake before the flood, data all along, FIN both ways
// behind it. Classic pcap, TCP over IPv4 in Ethernet. The same arguments give the same bytes.
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

constexpr uint8_t kFin = 0x01;
constexpr uint8_t kSyn = 0x02;
constexpr uint8_t kAck = 0x10;
constexpr uint32_t kFrame = 60;
constexpr uint32_t kRecord = 16 + kFrame;
constexpr uint32_t kPayload = 6;  ///< what a frame of 60 bytes has room for
constexpr size_t kBufferBytes = size_t{4} << 20;

struct Options {
  std::string path;
  uint64_t syns = 10'000'000;
  uint64_t connections = 1000;
  uint64_t rounds = 20;       ///< requests of each connection, and answers
  uint64_t rate = 1'000'000;  ///< packets a second of packet time
};

struct Segment {
  uint32_t src;
  uint32_t dst;
  uint16_t src_port;
  uint16_t dst_port;
  uint32_t seq;
  uint32_t ack;
  uint8_t flags;
  uint32_t payload;
};

class Writer {
 public:
  Writer(std::FILE* out, uint64_t rate) : out_(out), rate_(rate), buffer_(kBufferBytes) {
    uint8_t header[24] = {0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4};
    header[18] = 4;  // snap length 262144
    header[20] = 1;
    std::fwrite(header, sizeof header, 1, out_);
  }
  void put(const Segment& segment) {
    if (used_ + kRecord > buffer_.size()) flush();
    uint8_t* p = buffer_.data() + used_;
    std::memset(p, 0, kRecord);
    const uint64_t us = written_++ * 1'000'000 / rate_;
    const uint32_t head[4] = {static_cast<uint32_t>(1'700'000'000 + us / 1'000'000),
                              static_cast<uint32_t>(us % 1'000'000), kFrame, kFrame};
    std::memcpy(p, head, sizeof head);
    put_frame(p + sizeof head, segment);
    used_ += kRecord;
  }
  void flush() {
    std::fwrite(buffer_.data(), used_, 1, out_);
    used_ = 0;
  }

 private:
  static void put_frame(uint8_t* p, const Segment& segment) noexcept {
    p[5] = 2;
    p[11] = 1;
    store_be<uint16_t>(p + 12, 0x0800);
    uint8_t* const ip = p + 14;
    ip[0] = 0x45;
    store_be<uint16_t>(ip + 2, static_cast<uint16_t>(40 + segment.payload));
    ip[8] = 64;
    ip[9] = 6;
    store_be<uint32_t>(ip + 12, segment.src);
    store_be<uint32_t>(ip + 16, segment.dst);
    uint8_t* const tcp = ip + 20;
    store_be<uint16_t>(tcp, segment.src_port);
    store_be<uint16_t>(tcp + 2, segment.dst_port);
    store_be<uint32_t>(tcp + 4, segment.seq);
    store_be<uint32_t>(tcp + 8, segment.ack);
    tcp[12] = 0x50;
    tcp[13] = segment.flags;
    store_be<uint16_t>(tcp + 14, 8192);
  }

  std::FILE* out_;
  uint64_t rate_;
  std::vector<uint8_t> buffer_;
  size_t used_ = 0;
  uint64_t written_ = 0;
};

constexpr uint32_t kServer = 0xC6130001U;   // 198.19.0.1
constexpr uint32_t kClients = 0xC6130100U;  // 198.19.1.0 and on
constexpr uint16_t kPort = 80;

/// Segment of a connection with so many requests and answers behind it.
Segment segment_of(uint64_t connection, bool reply, uint64_t sent, uint64_t answered,
                   uint8_t flags) {
  const uint32_t client = kClients + static_cast<uint32_t>(connection);
  const auto port = static_cast<uint16_t>(10000 + connection % 50000);
  const auto there = static_cast<uint32_t>(1001 + sent * kPayload);
  const auto back = static_cast<uint32_t>(5001 + answered * kPayload);
  return {.src = reply ? kServer : client,
          .dst = reply ? client : kServer,
          .src_port = reply ? kPort : port,
          .dst_port = reply ? port : kPort,
          .seq = reply ? back : there,
          .ack = reply ? there : back,
          .flags = flags,
          .payload = 0};
}

void open_all(Writer& out, const Options& options) {
  for (uint64_t i = 0; i < options.connections; ++i) {
    Segment syn = segment_of(i, false, 0, 0, kSyn);
    syn.seq -= 1;
    syn.ack = 0;
    Segment syn_ack = segment_of(i, true, 0, 0, kSyn | kAck);
    syn_ack.seq -= 1;
    out.put(syn);
    out.put(syn_ack);
    out.put(segment_of(i, false, 0, 0, kAck));
  }
}

void talk(Writer& out, const Options& options, uint64_t round) {
  for (uint64_t i = 0; i < options.connections; ++i) {
    Segment request = segment_of(i, false, round, round, kAck);
    Segment answer = segment_of(i, true, round + 1, round, kAck);
    request.payload = answer.payload = kPayload;
    out.put(request);
    out.put(answer);
  }
}

void close_all(Writer& out, const Options& options) {
  const uint64_t n = options.rounds;
  for (uint64_t i = 0; i < options.connections; ++i) {
    out.put(segment_of(i, false, n, n, kFin | kAck));
    Segment fin = segment_of(i, true, n, n, kFin | kAck);
    fin.ack += 1;
    Segment last = segment_of(i, false, n, n, kAck);
    last.seq += 1;
    last.ack += 1;
    out.put(fin);
    out.put(last);
  }
}

void write_flood(std::FILE* file, const Options& options) {
  Writer out(file, options.rate);
  open_all(out, options);
  const uint64_t between = options.syns / options.rounds + 1;
  for (uint64_t i = 0; i < options.syns; ++i) {
    if (i % between == 0) talk(out, options, i / between);
    // An odd multiplier: no address and port comes twice within 2^40.
    const uint64_t tuple = i * 0x9E3779B97FU & 0xFFFFFFFFFFU;
    out.put({.src = 0x0B000000U + static_cast<uint32_t>(tuple >> 16),
             .dst = kServer,
             .src_port = static_cast<uint16_t>(tuple),
             .dst_port = kPort,
             .seq = static_cast<uint32_t>(i),
             .ack = 0,
             .flags = kSyn,
             .payload = 0});
  }
  for (uint64_t round = (options.syns + between - 1) / between; round < options.rounds; ++round)
    talk(out, options, round);
  close_all(out, options);
  out.flush();
}

bool parse_arguments(int argc, char** argv, Options& options) {
  if (argc < 2 || argc % 2 != 0) return false;
  options.path = argv[1];
  for (int i = 2; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--syns")
      options.syns = value;
    else if (name == "--connections")
      options.connections = value;
    else if (name == "--rounds")
      options.rounds = value;
    else if (name == "--rate")
      options.rate = value;
    else
      return false;
  }
  return options.rounds > 0 && options.rate > 0 && options.connections <= 50000;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse_arguments(argc, argv, options)) {
    std::fprintf(stderr,
                 "usage: make_flood FILE [--syns N] [--connections N (to 50000)] [--rounds N]\n"
                 "       [--rate PACKETS_A_SECOND]\n");
    return 2;
  }
  std::FILE* out = std::fopen(options.path.c_str(), "wb");
  if (out == nullptr) {
    std::perror(options.path.c_str());
    return 1;
  }
  write_flood(out, options);
  if (std::fclose(out) != 0) {
    std::perror(options.path.c_str());
    return 1;
  }
  return 0;
}
