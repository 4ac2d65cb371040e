// SPDX-License-Identifier: Apache-2.0
// Trailing words of `read`: which are capture files, which the packet filter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pktana::cli {

struct ReadWords {
  std::vector<std::string> files;
  std::string filter;  ///< the other words, joined with blanks
};

/// Files are the words up to the first that is none: "-", what exists, and what looks like a path
/// (it holds a '/' or ends as captures do). From there on all is filter: `read a.pcap b.pcap
/// net 10.0.0.0/8` has two files.
[[nodiscard]] ReadWords split_read_words(const std::vector<std::string>& words);

[[nodiscard]] std::string join_words(const std::vector<std::string>& words, size_t first = 0);

/// Ends as capture files do: .pcap, .pcapng, .cap, .dump, .snoop, also with .gz or .zst behind it,
/// or numbered (.pcap0).
[[nodiscard]] bool has_capture_suffix(std::string_view word) noexcept;

}  // namespace pktana::cli
