// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of fuzz_capture_file into a folder, one file each: write_capture_file_seeds
// FOLDER
#include <cstdio>
#include <fstream>

#include "fuzz/capture_file_seeds.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: write_capture_file_seeds FOLDER\n", stderr);
    return 2;
  }
  for (const auto& seed : pktana::fuzz::capture_file_seeds()) {
    std::ofstream file(std::string(argv[1]) + "/" + seed.name, std::ios::binary);
    file.write(reinterpret_cast<const char*>(seed.octets.data()),
               static_cast<std::streamsize>(seed.octets.size()));
    if (!file.flush()) {
      std::fprintf(stderr, "cannot write to %s\n", argv[1]);
      return 1;
    }
  }
  return 0;
}
