// SPDX-License-Identifier: Apache-2.0
// Precompiled for the test executables: Catch is what their compile time goes into (1.4 s a file
// without, 0.5 s with it, g++ -O0). No test may rely on it: each includes what it uses. No pragma
// once: g++ warns of it in the main file, which a precompiled header is.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "support/catch.h"
