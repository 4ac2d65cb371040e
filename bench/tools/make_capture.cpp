// SPDX-License-Identifier: Apache-2.0
// Makes capture files for the benches: classic pcap of small IPv4 packets, each of a flow drawn at
// random, so that the flow table is met in no order that a cache could foresee. The same arguments
// give the same bytes.
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
constexpr uint32_t kTransportOffset = 34;

struct Options {
  std::string path;
  uint64_t packets = 1'000'000;
  uint64_t flows = 100'000;
  uint32_t min_size = 64;  ///< frame bytes
  uint32_t max_size = 128;
  uint64_t rate = 1'000'000;  ///< packets a second of packet time
  uint32_t udp_percent = 20;
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

/// Ethernet, IPv4, and TCP (flags ACK) or UDP, of flow `flow`, in the direction `reply`.
void write_frame(uint8_t* p, uint64_t flow, bool reply, uint32_t size, bool udp) noexcept {
  std::memset(p, 0, size);
  p[5] = reply ? 1 : 2;
  p[11] = reply ? 2 : 1;
  store_be<uint16_t>(p + 12, 0x0800);
  uint8_t* ip = p + 14;
  ip[0] = 0x45;
  store_be<uint16_t>(ip + 2, static_cast<uint16_t>(size - 14));
  ip[8] = 64;
  ip[9] = udp ? 17 : 6;
  const auto client = static_cast<uint32_t>(0xC6120000U + (flow >> 4));  // 198.18.0.0/15
  const auto server = static_cast<uint32_t>(0xC6130000U + (flow & 0xFF));
  store_be<uint32_t>(ip + (reply ? 16 : 12), client);
  store_be<uint32_t>(ip + (reply ? 12 : 16), server);
  uint8_t* transport = p + kTransportOffset;
  const auto client_port = static_cast<uint16_t>(1024 + flow % 60000);
  store_be<uint16_t>(transport + (reply ? 2 : 0), client_port);
  store_be<uint16_t>(transport + (reply ? 0 : 2), udp ? 53 : 443);
  if (udp) {
    store_be<uint16_t>(transport + 4, static_cast<uint16_t>(size - kTransportOffset));
    return;
  }
  transport[12] = 0x50;
  transport[13] = 0x10;
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
  std::vector<uint8_t> buffer(kBufferBytes);
  size_t used = 0;
  for (uint64_t i = 0; i < options.packets; ++i) {
    if (used + kRecordHeader + options.max_size > buffer.size()) {
      std::fwrite(buffer.data(), used, 1, out);
      used = 0;
    }
    const uint64_t flow = random.below(options.flows);
    const auto size = static_cast<uint32_t>(options.min_size +
                                            random.below(options.max_size - options.min_size + 1));
    const uint64_t us = i * 1'000'000 / options.rate;
    uint8_t* record = buffer.data() + used;
    put_le32(record, 1'700'000'000 + us / 1'000'000);
    put_le32(record + 4, us % 1'000'000);
    put_le32(record + 8, size);
    put_le32(record + 12, size);
    const bool udp = flow * 2654435761U % 100 < options.udp_percent;
    write_frame(record + kRecordHeader, flow, (random.next() & 1) != 0, size, udp);
    used += kRecordHeader + size;
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
    else
      return false;
  }
  const bool sizes =
      options.min_size >= 60 && options.max_size >= options.min_size && options.max_size <= 1514;
  return argc % 2 == 0 && sizes && options.flows > 0 && options.flows <= (1U << 20) &&
         options.rate > 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!parse_arguments(argc, argv, options)) {
    std::fprintf(
        stderr,
        "usage: make_capture FILE [--packets N] [--flows N (to 1048576)] [--min-size BYTES]\n"
        "       [--max-size BYTES (to 1514)] [--rate PACKETS_A_SECOND] [--udp-percent N]\n");
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
