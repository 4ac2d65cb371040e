// SPDX-License-Identifier: Apache-2.0
#include <sys/utsname.h>

#include <pcap/pcap.h>

#include "cli/commands.h"
#include "cli/json_text.h"
#include "cli/print_text.h"
#include "config.h"
#include "revision.h"

namespace pktana::cli {
namespace {

struct Feature {
  const char* name;
  bool built;
};

constexpr Feature kFeatures[] = {
    {"curses", PKTANA_HAVE_CURSES != 0}, {"geoip", PKTANA_HAVE_GEOIP != 0},
    {"http2", PKTANA_HAVE_NGHTTP2 != 0}, {"io_uring", PKTANA_HAVE_IO_URING != 0},
    {"zlib", PKTANA_HAVE_ZLIB != 0},     {"zstd", PKTANA_HAVE_ZSTD != 0}};

std::string kernel_release() {
  utsname name{};
  return ::uname(&name) == 0 ? name.release : "unknown";
}

std::string as_text() {
  std::string text =
      "pktana " PKTANA_VERSION " (" PKTANA_REVISION ")\ncompiler  " PKTANA_COMPILER "\nfeatures ";
  for (const Feature& feature : kFeatures)
    text += std::string(feature.built ? " +" : " -") + feature.name;
  return text + "\nlibpcap   " + ::pcap_lib_version() + "\nkernel    " + kernel_release() + "\n";
}

std::string as_json() {
  std::string features;
  for (const Feature& feature : kFeatures)
    features += std::string(features.empty() ? "" : ",") + json_string(feature.name) +
                (feature.built ? ":true" : ":false");
  return "{\"version\":" + json_string(PKTANA_VERSION) +
         ",\"revision\":" + json_string(PKTANA_REVISION) +
         ",\"compiler\":" + json_string(PKTANA_COMPILER) + ",\"features\":{" + features +
         "},\"libpcap\":" + json_string(::pcap_lib_version()) +
         ",\"kernel\":" + json_string(kernel_release()) + "}\n";
}

}  // namespace

ExitStatus run_version(const Options& options) {
  return print_text(options.json ? as_json() : as_text());
}

}  // namespace pktana::cli
