// SPDX-License-Identifier: Apache-2.0
// Usage: write_escape_seeds FOLDER. Names of both styles for fuzz_escape: plain, with quotes and
// backslashes, with controls, in UTF-8 of every length, and with what is nearly UTF-8.
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>

using namespace std::string_view_literals;

namespace {

constexpr std::string_view kNames[] = {
    "capture.pcap"sv,
    "/var/log/a \"quoted\" \\ name, with commas.pcap"sv,
    "\\u00ff is typed, \xff is not"sv,
    "\0\x01\x1f\x7f\n\r\t\x1b[31mred"sv,
    "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\xa6\x88 \xef\xbf\xbf \xf4\x8f\xbf\xbf"sv,
    "\xc2\x80\xc2\x9f\xc2\xa0 C1 controls and what follows them"sv,
    "\xc0\x80\xc1\xbf\xe0\x9f\xbf\xf0\x8f\xbf\xbf overlong"sv,
    "\xed\x9f\xbf\xed\xa0\x80\xed\xbf\xbf surrogates"sv,
    "\xf4\x90\x80\x80\xf5\x80\x80\x80\xfe\xff beyond the end"sv,
    "cut \xe2\x82"sv,
    "cut \xf0\x9f\xa6"sv,
    "seven+1\"\"\"\"\"\"\"\"in a row\\\\\\\\\\\\\\\\"sv,
};

bool write_seed(const std::string& path, char style, std::string_view name) {
  std::ofstream file(path, std::ios::binary);
  file << style << '\0' << '\x0b' << name;
  return file.good();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  int number = 0;
  for (const std::string_view name : kNames)
    for (const char style : {'\0', '\1'})
      if (!write_seed(std::string(argv[1]) + "/name" + std::to_string(number++), style, name))
        return 1;
  return 0;
}
