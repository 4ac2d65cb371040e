// SPDX-License-Identifier: Apache-2.0
#include "cli/words.h"

#include "support/catch.h"

namespace pktana::cli {
namespace {

using Words = std::vector<std::string>;

TEST_CASE("words: files come first, the filter begins at the first word that is none") {
  const ReadWords split = split_read_words({"a.pcap", "b.pcapng", "tcp", "port", "80"});
  CHECK(split.files == Words{"a.pcap", "b.pcapng"});
  CHECK(split.filter == "tcp port 80");
}

TEST_CASE("words: a slash or a suffix in the filter makes no file of it") {
  const ReadWords split = split_read_words({"a.pcap", "net", "10.0.0.0/8", "or", "host", "b.pcap"});
  CHECK(split.files == Words{"a.pcap"});
  CHECK(split.filter == "net 10.0.0.0/8 or host b.pcap");
}

TEST_CASE("words: a filter in quotes with a slash is no file") {
  const ReadWords split = split_read_words({"a.pcap", "net 10.0.0.0/8"});
  CHECK(split.files == Words{"a.pcap"});
  CHECK(split.filter == "net 10.0.0.0/8");
}

TEST_CASE("words: standard input, paths and what exists are files") {
  const ReadWords split = split_read_words({"-", "dir/trace", "/etc", ".", "udp"});
  CHECK(split.files == Words{"-", "dir/trace", "/etc", "."});
  CHECK(split.filter == "udp");
}

TEST_CASE("words: without a file all is filter") {
  const ReadWords split = split_read_words({"tcp", "a.pcap"});
  CHECK(split.files.empty());
  CHECK(split.filter == "tcp a.pcap");
}

TEST_CASE("words: compressed and numbered captures are known by their names") {
  for (const char* name : {"x.pcap", "x.pcap.gz", "x.pcapng.zst", "x.cap", "x.pcap12", "x.pcap0.gz",
                           "x.dump", "x.snoop"})
    CHECK(has_capture_suffix(name));
  for (const char* name : {"x.gz", "x.txt", "pcap", "tcp", "80", ""})
    CHECK_FALSE(has_capture_suffix(name));
}

}  // namespace
}  // namespace pktana::cli
