// SPDX-License-Identifier: Apache-2.0
// Precompiled for every library where the compiler is clang: what nearly all of our files include
// of the standard library. Files include what they use all the same: a build with -Db_pch=false
// must pass.
#ifndef PKTANA_PRECOMPILED_H
#define PKTANA_PRECOMPILED_H

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#endif
