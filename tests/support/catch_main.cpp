// SPDX-License-Identifier: Apache-2.0
// Catch2's main(), compiled once for all test executables. Catch2 version 3 brings its own in a library.
#if !__has_include(<catch2/catch_all.hpp>)
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
