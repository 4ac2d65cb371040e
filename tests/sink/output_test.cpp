// SPDX-License-Identifier: Apache-2.0
#include "sink/output.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "config.h"
#include "support/catch.h"
#include "support/temp_file.h"
#include "test_files.h"

namespace pktana::sink {
namespace {

std::unique_ptr<Output> opened(const OutputTarget& target) {
  auto output = open_output(target);
  REQUIRE(output);
  return std::move(*output);
}

Written write_all(Output& output, std::string_view text) {
  output.start(text);
  return output.wait();
}

/// Makes io_uring_setup(2) fail with `error` for the calling thread, as containers do.
bool forbid_io_uring(int error) {
  const auto number = static_cast<uint32_t>(SYS_io_uring_setup);
  std::array<sock_filter, 4> program{
      sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<uint32_t>(error)),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const sock_fprog filter{.len = program.size(), .filter = program.data()};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

}  // namespace

TEST_CASE("output: where io_uring is forbidden or missing, pwrite takes its place") {
  const int error = GENERATE(EPERM, ENOSYS, ENOMEM);
  const support::TempFile file;
  bool forbidden = false;
  std::string method;
  Written written;
  std::thread confined([&] {
    forbidden = forbid_io_uring(error);
    auto output = open_output({.path = file.path()});
    if (!output) return;
    method = (*output)->method();
    written = write_all(**output, "text");
  });
  confined.join();
  REQUIRE(forbidden);
  CHECK(method == "pwrite");
  CHECK(written.bytes == 4);
  CHECK(content_of(file.path()) == "text");
}

TEST_CASE("output: writes follow each other in a regular file, either way") {
  const bool io_uring = GENERATE(true, false);
  const support::TempFile file;
  std::vector<char> memory(4096, 'm');
  auto output =
      opened({.path = file.path(), .io_uring = io_uring, .sync = true, .buffers = memory});
  if (!io_uring) CHECK(std::string(output->method()) == "pwrite");
  CHECK(write_all(*output, "first ").bytes == 6);
  CHECK(write_all(*output, "").bytes == 0);
  CHECK(write_all(*output, {memory.data() + 10, 100}).bytes == 100);
  const std::string large(5'000'000, 'x');
  CHECK(write_all(*output, large).bytes == large.size());
  CHECK(output->close());
  CHECK(content_of(file.path()) == "first " + std::string(100, 'm') + large);
}

TEST_CASE("output: writes past the page cache and through it make one file") {
  const bool io_uring = GENERATE(true, false);
  const support::TempFile files[2];
  auto output = make_file_output(base::Fd(::open(files[0].path().c_str(), O_WRONLY | O_TRUNC)),
                                 {.io_uring = io_uring});
  std::mt19937 random(7);
  std::string source(2 << 20, ' ');
  for (char& letter : source)
    letter = static_cast<char>('a' + random() % 26);
  for (const support::TempFile& file : files) {
    std::string expected;
    for (int i = 0; i < 60; ++i) {
      // Around a block, around the least that is written directly, up to all that can be.
      const size_t limit = std::array{10U, 9000U, 140'000U, 1U << 20, 2U << 20}[random() % 5];
      const auto part = std::string_view(source).substr(random() % 5000, random() % limit);
      CHECK(write_all(*output, part).bytes == part.size());
      expected += part;
    }
    CHECK(content_of(file.path()) == expected);
    if (&file == &files[0])
      CHECK(output->switch_to(base::Fd(::open(files[1].path().c_str(), O_WRONLY | O_TRUNC))));
  }
  CHECK(output->close());
}

TEST_CASE("output: of a write that more follows, at most a part of a block is left over") {
  const bool io_uring = GENERATE(true, false);
  const support::TempFile file;
  auto output = opened({.path = file.path(), .io_uring = io_uring});
  std::string source(1 << 20, ' ');
  for (size_t i = 0; i < source.size(); ++i)
    source[i] = static_cast<char>('a' + i * i % 26);
  std::string expected;
  std::string left;
  for (size_t i = 0; i < 20; ++i) {
    const std::string text = left + source.substr(i * 997, 200'000 + i * 777);
    const bool last = i % 7 == 6;
    if (last)
      output->start(text);
    else
      output->start_of_more(text);
    const Written written = output->wait();
    CHECK(written.error == 0);
    CHECK(text.size() - written.bytes < (last ? 1 : 4096));
    expected += text.substr(0, written.bytes);
    left = text.substr(written.bytes);
    CHECK(output->lead() == (io_uring ? (expected.size() + left.size()) % 4096 : 0));
  }
  CHECK(write_all(*output, left).bytes == left.size());
  CHECK(output->close());
  CHECK(content_of(file.path()) == expected + left);
}

TEST_CASE("output: io_uring is used where the system has it") {
#if PKTANA_HAVE_IO_URING
  const support::TempFile file;
  const std::string method = opened({.path = file.path()})->method();
  CHECK((method == "io_uring" || method == "pwrite"));
  if (method == "pwrite") WARN("io_uring is not to be had here: only pwrite is tested");
#endif
}

TEST_CASE("output: a new file is for its owner and group only") {
  const support::TempFile place;
  const std::string path = place.path() + ".new";
  const mode_t before = ::umask(0);
  opened({.path = path});
  ::umask(before);
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  ::unlink(path.c_str());
  CHECK((status.st_mode & 07777) == 0640);
}

TEST_CASE("output: an existing file is emptied") {
  const std::string old = "old content";
  const support::TempFile file({reinterpret_cast<const uint8_t*>(old.data()), old.size()});
  opened({.path = file.path()});
  CHECK(content_of(file.path()).empty());
}

TEST_CASE("output: a place that can't be written to is an error that names it") {
  const auto output = open_output({.path = "/nonexistent/eve.json"});
  REQUIRE_FALSE(output);
  CHECK(output.error().code == std::errc::no_such_file_or_directory);
  CHECK(output.error().detail == "/nonexistent/eve.json");
}

TEST_CASE("output: a closed pipe is EPIPE, and says how much was taken") {
  std::signal(SIGPIPE, SIG_IGN);
  Pipe pipe = Pipe::open();
  auto output = opened({.path = path_of(pipe.write_end)});
  CHECK(std::string(output->method()) == "write");
  CHECK(write_all(*output, "taken").bytes == 5);
  pipe.read_end.reset();
  const Written written = write_all(*output, "lost");
  CHECK(written.bytes == 0);
  CHECK(written.error == EPIPE);
}

TEST_CASE("output: a pipe that does not block is waited for") {
  Pipe pipe = Pipe::open();
  auto output = opened({.path = path_of(pipe.write_end)});
  // The output has a description of its own; make that one non-blocking as a parent's might be.
  for (int fd = pipe.write_end.get() + 1; fd < pipe.write_end.get() + 8; ++fd)
    if (const int flags = ::fcntl(fd, F_GETFL); flags >= 0)
      ::fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  const std::string large(1'000'000, 'y');
  size_t received = 0;
  std::thread reader([&] {
    std::vector<char> buffer(10'000);
    while (received < large.size()) {
      const ssize_t count = ::read(pipe.read_end.get(), buffer.data(), buffer.size());
      if (count <= 0) break;
      received += static_cast<size_t>(count);
    }
  });
  const Written written = write_all(*output, large);
  reader.join();
  CHECK(written.bytes == large.size());
  CHECK(received == large.size());
}

TEST_CASE("output: a device without room says so") {
  auto output = opened({.path = "/dev/full"});
  const Written written = write_all(*output, "text");
  CHECK(written.bytes == 0);
  CHECK(written.error == ENOSPC);
}

}  // namespace pktana::sink
