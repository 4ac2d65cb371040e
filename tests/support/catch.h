// SPDX-License-Identifier: Apache-2.0
// The one place that knows which Catch2 is there: version 2 (Debian 12) or 3 (the pinned wrap).
// Tests include this header and no other of Catch's; main() comes from support/catch_main.cpp.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
