// SPDX-License-Identifier: Apache-2.0
// Usage: write_app_seeds FOLDER. The conversations of all families, for fuzz_app: to their
// dissector, and through the probes.
#include <fstream>
#include <string>

#include "app/seed.h"

namespace {

using namespace pktana::app;

bool write(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  return file.good();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  int number = 0;
  for (const auto& seeds : {internet_seeds(), enterprise_seeds(), secure_seeds()}) {
    for (const Seed& seed : seeds) {
      const std::string path =
          std::string(argv[1]) + '/' + seed.dissector + std::to_string(number++);
      if (!write(path, fuzz_input(seed, 0))) return 1;
      if (!write(path + "p", fuzz_input(seed, kSeedProbe | kSeedHinted))) return 1;
    }
  }
  return 0;
}
