// SPDX-License-Identifier: Apache-2.0
#include "filter/set_file.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"

namespace pktana::filter {
namespace {

constexpr size_t kMaxFileBytes = size_t{1} << 30;
constexpr size_t kReadBytes = size_t{1} << 20;

base::Result<void> read_all(const std::string& path, std::string& content) {
  const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return base::fail(errno, "", path);
  for (;;) {
    const size_t before = content.size();
    content.resize(before + kReadBytes);
    const ssize_t got = ::read(fd.get(), content.data() + before, kReadBytes);
    const int error = errno;
    content.resize(before + static_cast<size_t>(got > 0 ? got : 0));
    if (got == 0) return {};
    if (got < 0 && error != EINTR) return base::fail(error, "", path);
    if (content.size() > kMaxFileBytes) return base::fail_input("", path + ": larger than 1 GiB");
  }
}

std::string_view trim(std::string_view line) noexcept {
  constexpr std::string_view kBlanks = " \t\r";
  const size_t first = line.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(kBlanks) + 1 - first);
}

}  // namespace

base::Result<std::unique_ptr<SetFile>> read_set_file(const std::string& path) {
  auto file = std::make_unique<SetFile>();
  if (auto read = read_all(path, file->content); !read) return base::Unexpected(read.error());
  std::string_view rest = file->content;
  for (size_t line = 1; !rest.empty(); ++line) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view text = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!text.empty() && text.front() != '#') file->entries.push_back({text, line});
  }
  return file;
}

}  // namespace pktana::filter
