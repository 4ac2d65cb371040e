// SPDX-License-Identifier: Apache-2.0
// Runs a fuzz target without libFuzzer, as an ordinary test that does the same on every run: each
// seed file, all its prefixes, and mutations of it. Usage: replay_<name> FILE_OR_FOLDER...
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

using Octets = std::vector<uint8_t>;

constexpr size_t kMaxPrefixes = 2048;
constexpr int kMutations = 500;
constexpr int kMaxEdits = 4;

uint64_t runs = 0;

/// On the heap in its exact size, where AddressSanitizer sees a read of one byte too many.
void run(const uint8_t* data, size_t size) {
  const auto exact = std::make_unique<uint8_t[]>(size);
  std::copy_n(data, size, exact.get());
  LLVMFuzzerTestOneInput(exact.get(), size);
  ++runs;
}

/// Values that length, count and type fields trip over, and any other.
uint8_t pick_octet(std::mt19937& random) {
  static constexpr uint8_t kTricky[] = {0x00, 0x01, 0x3f, 0x40, 0x7f, 0x80, 0xfe, 0xff};
  const auto value = random();
  return value % 2 == 0 ? kTricky[value / 2 % std::size(kTricky)]
                        : static_cast<uint8_t>(value >> 8);
}

void run_mutations(const Octets& seed, std::mt19937& random) {
  if (seed.empty()) return;
  for (int i = 0; i < kMutations; ++i) {
    Octets mutated = seed;
    for (auto edits = 1 + random() % kMaxEdits; edits > 0; --edits) {
      mutated[random() % mutated.size()] = pick_octet(random);
    }
    run(mutated.data(), mutated.size());
  }
}

void replay(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const Octets seed{std::istreambuf_iterator<char>(file), {}};
  const size_t prefixes = std::min(seed.size(), kMaxPrefixes);
  for (size_t size = 0; size < prefixes; ++size) {
    run(seed.data(), size);
  }
  run(seed.data(), seed.size());
  std::mt19937 random(1);  // the same for each file, so that one file alone repeats its failure
  run_mutations(seed, random);
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) {
      replay(argv[i]);
      continue;
    }
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      replay(file);
    }
  }
  std::printf("%llu inputs\n", static_cast<unsigned long long>(runs));
  return runs > 0 ? 0 : 1;
}
