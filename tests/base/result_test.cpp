// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"

#include <cerrno>
#include <memory>

#include "support/catch.h"

namespace pktana::base {
namespace {

TEST_CASE("result: an error reads operation, detail, reason") {
  const Error error = errno_error(ENOENT, "open", "/no/such/file");
  CHECK(to_string(error) == "open: /no/such/file: No such file or directory");
}

TEST_CASE("result: the parts of an error that are not there leave no colon behind") {
  CHECK(to_string(errno_error(EPERM, "mmap ring")) == "mmap ring: Operation not permitted");
  CHECK(to_string(input_error("filter", "unknown word")) == "filter: unknown word");
  CHECK(to_string(input_error("", "unknown word")) == "unknown word");
  CHECK(to_string(errno_error(EPERM, "")) == "Operation not permitted");
  CHECK(to_string(Error{}).empty());
}

TEST_CASE("result: an error of the kernel compares with the portable conditions") {
  CHECK(errno_error(EACCES, "socket").code == std::errc::permission_denied);
  CHECK_FALSE(input_error("config", "line 3").code);
}

Result<int> half_of_even(int number) {
  if (number % 2 != 0) return fail_input("half", "odd number");
  return number / 2;
}

TEST_CASE("result: fail turns into a Result of any type") {
  CHECK(half_of_even(8) == 4);
  const auto odd = half_of_even(3);
  REQUIRE_FALSE(odd);
  CHECK(to_string(odd.error()) == "half: odd number");
  const Result<void> nothing = fail(EINTR, "poll");
  REQUIRE_FALSE(nothing);
  CHECK(nothing.error().code.value() == EINTR);
}

TEST_CASE("result: a move-only value moves out") {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = std::move(*result);
  CHECK(*taken == 7);
}

}  // namespace
}  // namespace pktana::base
