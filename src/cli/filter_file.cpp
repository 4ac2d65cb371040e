// SPDX-License-Identifier: Apache-2.0
#include "cli/filter_file.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "base/fd.h"
#include "filter/packet_filter.h"

namespace pktana::cli {
namespace {

void blank_comments(std::string& text) noexcept {
  bool in_comment = false;
  for (char& c : text) {
    if (c == '\n') in_comment = false;
    if (c == '#') in_comment = true;
    if (in_comment) c = ' ';
  }
}

/// One byte more than a filter may have, at most.
base::Result<std::string> read_beginning(const base::Fd& file, const std::string& path) {
  std::string text(filter::kMaxExpressionBytes + 1, '\0');
  size_t used = 0;
  while (used < text.size()) {
    const ssize_t got = ::read(file.get(), text.data() + used, text.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::fail(errno, "read filter file", path);
    if (got == 0) break;
    used += static_cast<size_t>(got);
  }
  text.resize(used);
  return text;
}

}  // namespace

base::Result<std::string> read_filter_file(const std::string& path) {
  const base::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return base::fail(errno, "open filter file", path);
  auto text = read_beginning(file, path);
  if (!text) return text;
  if (text->size() > filter::kMaxExpressionBytes)
    return base::fail_input("read filter file", path + ": longer than " +
                                                    std::to_string(filter::kMaxExpressionBytes) +
                                                    " bytes, the most that a filter may have");
  blank_comments(*text);
  while (!text->empty() && (text->back() == '\n' || text->back() == ' '))
    text->pop_back();
  return text;
}

}  // namespace pktana::cli
