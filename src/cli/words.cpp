// SPDX-License-Identifier: Apache-2.0
#include "cli/words.h"

#include <array>

#include <unistd.h>

namespace pktana::cli {
namespace {

constexpr std::array<std::string_view, 7> kCaptureSuffixes{".pcap", ".pcapng", ".cap", ".dump",
                                                           ".dmp",  ".snoop",  ".ntar"};
constexpr std::array<std::string_view, 2> kCompressionSuffixes{".gz", ".zst"};

/// A filter in quotes is one word, and may have a slash in it too: 'net 10.0.0.0/8'.
bool looks_like_path(const std::string& word) noexcept {
  return word.find('/') != std::string::npos && word.find(' ') == std::string::npos;
}

bool names_file(const std::string& word) noexcept {
  return word == "-" || looks_like_path(word) || has_capture_suffix(word) ||
         ::access(word.c_str(), F_OK) == 0;
}

}  // namespace

bool has_capture_suffix(std::string_view word) noexcept {
  for (const std::string_view suffix : kCompressionSuffixes)
    if (word.ends_with(suffix)) word.remove_suffix(suffix.size());
  // tcpdump -C and -W number the files of a series behind the suffix.
  while (!word.empty() && word.back() >= '0' && word.back() <= '9')
    word.remove_suffix(1);
  for (const std::string_view suffix : kCaptureSuffixes)
    if (word.ends_with(suffix)) return true;
  return false;
}

std::string join_words(const std::vector<std::string>& words, size_t first) {
  std::string joined;
  for (size_t i = first; i < words.size(); ++i)
    joined += (i > first ? " " : "") + words[i];
  return joined;
}

ReadWords split_read_words(const std::vector<std::string>& words) {
  ReadWords split;
  size_t i = 0;
  for (; i < words.size() && names_file(words[i]); ++i)
    split.files.push_back(words[i]);
  split.filter = join_words(words, i);
  return split;
}

}  // namespace pktana::cli
