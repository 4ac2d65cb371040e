// SPDX-License-Identifier: Apache-2.0
#include "cli/line_output.h"

#include <csignal>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/pipe_watch.h"
#include "support/catch.h"
#include "support/temp_file.h"

namespace pktana::cli {
namespace {

TEST_CASE("line output: writes what is longer than its buffer") {
  const support::TempFile file;
  auto output = LineOutput::open(file.path());
  REQUIRE(output);
  const std::string text(200'000, 'x');
  output->write(text);
  output->flush();
  std::ostringstream content;
  content << std::ifstream(file.path()).rdbuf();
  CHECK(content.str() == text);
  CHECK_FALSE(output->error());
}

TEST_CASE("line output: what cannot be opened is an error with its name") {
  const auto output = LineOutput::open("/nonexistent/file");
  REQUIRE_FALSE(output);
  CHECK(output.error().detail == "/nonexistent/file");
  CHECK(output.error().code == std::errc::no_such_file_or_directory);
}

TEST_CASE("line output: a closed pipe is an error, once, and no signal") {
  const support::TempFile place;
  const std::string path = place.path() + ".fifo";
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  ::signal(SIGPIPE, SIG_IGN);
  base::Fd reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  auto output = LineOutput::open(path);
  REQUIRE(output);
  reader.reset();
  output->write("x");
  output->flush();
  REQUIRE(output->error());
  CHECK(output->error()->code == std::errc::broken_pipe);
  ::unlink(path.c_str());
}

TEST_CASE("pipe watch: sees that the reader has gone, without a write") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  base::Fd reader(ends[0]);
  const base::Fd writer(ends[1]);
  std::atomic<bool> stop{false};
  PipeWatch watch(writer.get(), stop);
  CHECK_FALSE(stop);
  reader.reset();
  for (int i = 0; i < 500 && !stop; ++i)
    ::usleep(10'000);
  CHECK(stop);
  CHECK(watch.closed());
}

TEST_CASE("pipe watch: ends with a reader still there") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const base::Fd reader(ends[0]);
  const base::Fd writer(ends[1]);
  std::atomic<bool> stop{false};
  { const PipeWatch watch(writer.get(), stop); }
  CHECK_FALSE(stop);
}

}  // namespace
}  // namespace pktana::cli
