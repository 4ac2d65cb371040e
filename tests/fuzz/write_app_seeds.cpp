// SPDX-License-Identifier: Apache-2.0
// Usage: write_app_seeds FOLDER. The conversations of all families, for fuzz_app: to their
// dissector, and through the probes. With --list: the dissectors that have any, each with "parser",
// if it reads fields, or "recogniser".
#include <cstdio>
#include <fstream>
#include <set>
#include <string>

#include "app/registry.h"
#include "app/seed.h"

namespace {

using namespace pktana::app;

bool write(const std::string& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  return file.good();
}

std::vector<Seed> all_seeds() {
  std::vector<Seed> all;
  for (const auto& seeds : {internet_seeds(), enterprise_seeds(), secure_seeds()})
    all.insert(all.end(), seeds.begin(), seeds.end());
  return all;
}

/// Who reads fields makes events of them, or sets names and the like.
int list() {
  const Registry registry = Registry::with_builtin();
  std::set<std::string> names;
  for (const Seed& seed : all_seeds())
    names.insert(seed.dissector);
  for (const std::string& name : names) {
    const DissectorEntry* entry = registry.find(name);
    if (entry == nullptr) return 1;
    const char* const* events = entry->dissector->events;
    const bool parses = (events != nullptr && *events != nullptr) ||
                        (entry->dissector->flags & PKTANA_SETS_ATTRIBUTES) != 0;
    std::printf("%s %s\n", name.c_str(), parses ? "parser" : "recogniser");
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  if (std::string_view(argv[1]) == "--list") return list();
  int number = 0;
  for (const Seed& seed : all_seeds()) {
    const std::string path = std::string(argv[1]) + '/' + seed.dissector + std::to_string(number++);
    if (!write(path, fuzz_input(seed, 0))) return 1;
    if (!write(path + "p", fuzz_input(seed, kSeedProbe | kSeedHinted))) return 1;
  }
  return 0;
}
