// SPDX-License-Identifier: Apache-2.0
// Small capture files of every format and variant: what fuzzing of the readers starts from, and
// what the tests replay.
#pragma once

#include <string>
#include <vector>

#include "support/capture_writer.h"

namespace pktana::fuzz {

struct Seed {
  std::string name;
  support::Octets octets;
};

[[nodiscard]] std::vector<Seed> capture_file_seeds();

}  // namespace pktana::fuzz
