// SPDX-License-Identifier: Apache-2.0
#include "base/fd.h"

#include <array>

#include <fcntl.h>
#include <unistd.h>

#include "support/catch.h"

namespace pktana::base {
namespace {

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

int new_fd() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

TEST_CASE("fd: closes what it owns when it goes") {
  int number = -1;
  {
    const Fd fd(new_fd());
    number = fd.get();
    REQUIRE(fd);
    REQUIRE(is_open(number));
  }
  CHECK_FALSE(is_open(number));
}

TEST_CASE("fd: an empty one owns nothing") {
  Fd fd;
  CHECK_FALSE(fd);
  CHECK(fd.get() == -1);
  fd.reset();
  CHECK(fd.release() == -1);
}

TEST_CASE("fd: descriptor 0 is a descriptor") {
  Fd fd(0);
  CHECK(fd);
  CHECK(fd.release() == 0);
}

TEST_CASE("fd: moving leaves the old owner empty") {
  Fd first(new_fd());
  const int number = first.get();
  const Fd second(std::move(first));
  CHECK(second.get() == number);
  CHECK(first.get() == -1);  // NOLINT(bugprone-use-after-move): that is what is tested
  CHECK(is_open(number));
}

TEST_CASE("fd: assigning closes what was there") {
  Fd target(new_fd());
  const int old_number = target.get();
  Fd source(new_fd());
  const int number = source.get();
  target = std::move(source);
  CHECK_FALSE(is_open(old_number));
  CHECK(target.get() == number);
  CHECK(is_open(number));
}

TEST_CASE("fd: assigning to itself keeps the descriptor") {
  Fd fd(new_fd());
  const int number = fd.get();
  Fd& same = fd;
  fd = std::move(same);
  CHECK(fd.get() == number);
  CHECK(is_open(number));
}

TEST_CASE("fd: release gives the descriptor away without closing it") {
  int number = -1;
  {
    Fd fd(new_fd());
    number = fd.release();
    CHECK_FALSE(fd);
  }
  REQUIRE(is_open(number));
  CHECK(::close(number) == 0);
}

TEST_CASE("fd: reset closes once") {
  Fd fd(new_fd());
  const int number = fd.get();
  fd.reset();
  CHECK_FALSE(is_open(number));
  CHECK_FALSE(fd);
  const Fd taker(new_fd());  // takes the number that became free
  fd.reset();
  CHECK(is_open(taker.get()));
}

}  // namespace
}  // namespace pktana::base
