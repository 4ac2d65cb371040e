// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of fuzz_decode into a folder, one file each: write_decode_seeds FOLDER
// The frames are those of the parse tests: one for each path through decode().
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>

#include "fuzz/decode_input.h"
#include "parse/sample_frames.h"

namespace {

using namespace pktana;
using support::Octets;

/// @param tag tpid << 16 | tci; 0 = none
Octets seed(const parse::SampleFrame& sample, uint32_t tag, uint16_t cut) {
  const auto& types = fuzz::kDecodeLinkTypes;
  const auto index = std::find(types.begin(), types.end(), sample.link_type) - types.begin();
  Octets out{static_cast<uint8_t>(index)};
  support::put_u32(out, tag);
  support::put_u16(out, cut);
  support::put_octets(out, sample.bytes);
  return out;
}

bool write(const std::string& path, const Octets& octets) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(octets.data()),
             static_cast<std::streamsize>(octets.size()));
  return static_cast<bool>(file.flush());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: write_decode_seeds FOLDER\n", stderr);
    return 2;
  }
  const std::string folder = std::string(argv[1]) + "/";
  bool written = true;
  for (const parse::SampleFrame& sample : parse::sample_frames())
    written = written && write(folder + sample.name, seed(sample, 0, 0));
  const parse::SampleFrame first = parse::sample_frames().front();
  written = written && write(folder + "stripped_tag", seed(first, 0x81000064, 0));
  written = written && write(folder + "cut_frame", seed(first, 0, 1000));
  if (!written) std::fprintf(stderr, "cannot write to %s\n", argv[1]);
  return written ? 0 : 1;
}
