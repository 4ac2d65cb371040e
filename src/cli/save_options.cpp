// SPDX-License-Identifier: Apache-2.0
#include "cli/save_options.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/units.h"

namespace pktana::cli {
namespace {

constexpr uint64_t kMaxFiles = 1'000'000;
constexpr uint64_t kMillion = 1'000'000;
constexpr std::array<std::string_view, 2> kCompressed{".gz", ".zst"};

base::Unexpected usage_error(std::string message) {
  return base::fail_input("", std::move(message));
}

bool is_plain_number(const std::string& text) noexcept {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

/// -C as tcpdump has it: a plain number is millions of bytes.
base::Result<uint64_t> parse_rotate_size(const std::string& text) {
  if (!is_plain_number(text)) return base::parse_size_bytes(text);
  return base::parse_count(text, 1, std::numeric_limits<uint64_t>::max() / kMillion)
      .map([](uint64_t millions) { return millions * kMillion; });
}

base::Result<void> read_format(const TypedWords& typed, sink::PacketFileOptions& save) {
  const std::string& path = save.path;
  if (typed.file_format && *typed.file_format != "pcap" && *typed.file_format != "pcapng")
    return usage_error("--file-format: '" + *typed.file_format + "' is not one of pcap, pcapng");
  const bool by_name = path.ends_with(".pcapng") || path.ends_with(".ntar");
  const bool pcapng = typed.file_format ? *typed.file_format == "pcapng" : by_name;
  save.format = pcapng ? sink::FileFormat::Pcapng : sink::FileFormat::Pcap;
  for (const std::string_view suffix : kCompressed)
    if (path.ends_with(suffix))
      return usage_error("-w " + path + ": files are written plain; leave '" + std::string(suffix) +
                         "' away, or pipe: -w - | gzip");
  return {};
}

base::Result<void> read_rotation(const TypedWords& typed, sink::PacketFileOptions& save) {
  if (typed.rotate_size) {
    const auto size = parse_rotate_size(*typed.rotate_size);
    if (!size) return usage_error("--rotate-size: " + size.error().detail);
    if (*size == 0) return usage_error("--rotate-size: must be above 0");
    save.rotate_bytes = *size;
  }
  if (typed.rotate_interval) {
    const auto interval = base::parse_duration_ns(*typed.rotate_interval);
    if (!interval) return usage_error("--rotate-interval: " + interval.error().detail);
    if (*interval == 0) return usage_error("--rotate-interval: must be above 0");
    save.rotate_interval_ns = *interval;
  }
  if (typed.rotate_count) {
    const auto count = base::parse_count(*typed.rotate_count, 1, kMaxFiles);
    if (!count) return usage_error("--rotate-count: " + count.error().detail);
    save.rotate_count = static_cast<unsigned>(*count);
  }
  return {};
}

/// What tcpdump takes and then does otherwise than one would think.
base::Result<void> check_rotation(const sink::PacketFileOptions& save) {
  const bool by_size = save.rotate_bytes != 0;
  const bool by_time = save.rotate_interval_ns != 0;
  if ((by_size || by_time) && save.path == "-")
    return usage_error("-C and -G need a file to rotate: standard output is one stream");
  if (by_time && !by_size && save.path.find('%') == std::string::npos)
    return usage_error(
        "-G needs a name with a time in it, or each file replaces the one before: -w "
        "'trace-%Y%m%d-%H%M%S.pcap'");
  if (save.rotate_count == 0) return {};
  if (!by_size && !by_time) return usage_error("-W counts the files of -C or -G: give one of them");
  if (by_size && by_time) return usage_error("-W goes with -C or with -G, not with both");
  return {};
}

/// SIZE[,T]
base::Result<void> read_hold(const std::string& text, bool selects, Options& options) {
  if (!selects) return usage_error("--hold is about --where: without it no packet waits");
  const size_t comma = text.find(',');
  const auto size = base::parse_size_bytes(text.substr(0, comma));
  if (!size) return usage_error("--hold: " + size.error().detail);
  options.hold_bytes = *size;
  if (comma == std::string::npos) return {};
  const auto time = base::parse_duration_ns(text.substr(comma + 1));
  if (!time) return usage_error("--hold: " + time.error().detail);
  if (*time == 0) return usage_error("--hold: the time must be above 0");
  options.hold_ns = *time;
  return {};
}

}  // namespace

base::Result<void> read_save_options(const TypedWords& typed, Options& options) {
  if (!typed.write) {
    if (typed.hold || (typed.file_format && !typed.split) || typed.rotate_size ||
        typed.rotate_interval || typed.rotate_count || typed.packet_buffered)
      return usage_error(
          "--file-format, --hold, -C, -G, -W and -U are about -w FILE: give that too");
    return {};
  }
  if (typed.write->empty()) return usage_error("-w needs the name of a file");
  sink::PacketFileOptions save{.path = *typed.write};
  save.time_zone = options.time_zone;
  save.flush_each_packet = typed.packet_buffered;
  if (auto read = read_format(typed, save); !read) return read;
  if (auto read = read_rotation(typed, save); !read) return read;
  if (auto good = check_rotation(save); !good) return good;
  options.save = std::move(save);
  return typed.hold ? read_hold(*typed.hold, typed.where.has_value(), options)
                    : base::Result<void>();
}

}  // namespace pktana::cli
