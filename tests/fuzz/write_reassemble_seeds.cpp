// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of fuzz_reassemble into a folder, one file each: write_reassemble_seeds FOLDER
#include <cstdio>
#include <fstream>
#include <string>

#include "fuzz/reassemble_input.h"
#include "support/packet_builder.h"

namespace {

using namespace pktana::support;

/// One sequence of packets.
class Seed {
 public:
  Seed& add(const Octets& packet, uint8_t steps = 0) {
    put_u16(octets_, static_cast<uint16_t>(packet.size()));
    put_u8(octets_, steps);
    put_octets(octets_, packet);
    return *this;
  }
  [[nodiscard]] bool write(const std::string& path) const {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(octets_.data()),
               static_cast<std::streamsize>(octets_.size()));
    return static_cast<bool>(file.flush());
  }

 private:
  Octets octets_;
};

Octets piece4(const Octets& whole, size_t from, size_t to, uint16_t more) {
  const Octets bytes(whole.begin() + static_cast<ptrdiff_t>(from),
                     whole.begin() + static_cast<ptrdiff_t>(to));
  return ipv4({.id = 7, .fragment = static_cast<uint16_t>(from / 8 | more)}, bytes);
}
Octets piece6(const Octets& whole, size_t from, size_t to, uint16_t more) {
  const Octets bytes(whole.begin() + static_cast<ptrdiff_t>(from),
                     whole.begin() + static_cast<ptrdiff_t>(to));
  return ipv6({.next_header = 44}, ipv6_fragment(17, static_cast<uint16_t>(from | more), 7, bytes));
}

constexpr uint16_t kMore4 = 0x2000;
const Octets kUdp = udp({.dst_port = 9}, text("the quick brown fox jumps over it"));  // 41 bytes

/// A fragment within GTP-U, itself in two fragments.
Seed nested() {
  Seed seed;
  for (const auto& inner : {piece4(kUdp, 0, 16, kMore4), piece4(kUdp, 16, 41, 0)}) {
    Octets gtp = hex("30ff");
    put_u16(gtp, static_cast<uint16_t>(inner.size()));
    put_u32(gtp, 42);
    const Octets outer = udp({.src_port = 2152, .dst_port = 2152}, joined(gtp, inner));
    seed.add(piece4(outer, 0, 24, kMore4)).add(piece4(outer, 24, outer.size(), 0));
  }
  return seed;
}

bool write_all(const std::string& folder) {
  const Octets first4 = piece4(kUdp, 0, 16, kMore4);
  const Octets last4 = piece4(kUdp, 16, 41, 0);
  const Octets first6 = piece6(kUdp, 0, 16, 1);
  const Octets last6 = piece6(kUdp, 16, 41, 0);
  return Seed().add(first4).add(last4).add(last4).write(folder + "ipv4") &&
         Seed().add(last6).add(first6).write(folder + "ipv6") &&
         Seed().add(first4).add(last4, 130).add(first4, 1).write(folder + "times") &&
         Seed().add(first4).add(piece4(kUdp, 8, 24, kMore4)).add(last4).write(folder + "overlap") &&
         Seed().add(first6).add(piece6(kUdp, 8, 24, 1)).add(last6).write(folder + "overlap6") &&
         Seed().add(piece4(Octets(65528, 'x'), 65504, 65528, 0)).write(folder + "too_long") &&
         nested().write(folder + "nested");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: write_reassemble_seeds FOLDER\n", stderr);
    return 2;
  }
  const bool written = write_all(std::string(argv[1]) + "/");
  if (!written) std::fprintf(stderr, "cannot write to %s\n", argv[1]);
  return written ? 0 : 1;
}
