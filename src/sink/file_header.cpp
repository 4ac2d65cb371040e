// SPDX-License-Identifier: Apache-2.0
#include "sink/file_header.h"

#include <array>
#include <charconv>
#include <fstream>

#include <sys/random.h>

#include "base/clock.h"
#include "config.h"
#include "sink/source_names.h"
#include "sink/text.h"

namespace pktana::sink {
namespace {

constexpr std::string_view kSequenceMember = R"("file_sequence":)";

std::string timestamp(int64_t time_ns) {
  std::array<char, 40> text{};
  char* const end = TimestampText().put(text.data(), time_ns);
  return {text.data(), static_cast<size_t>(end - text.data())};
}

/// The line's beginning, up to the object `pktana`.
std::string head(Format format, const FileHeader& header) {
  const std::string time = timestamp(header.time_ns);
  const std::string host = header.host.empty() ? "" : escaped_host(header.host);
  switch (format) {
    case Format::Eve:
      return R"({"timestamp":")" + time + R"(","event_type":"file_header")" +
             (host.empty() ? "" : R"(,"host":")" + host + "\"");
    case Format::Ecs:
      return R"({"@timestamp":")" + time.substr(0, time.find('+')) +
             R"(Z","ecs":{"version":"9.0.0"},"event":{"kind":"state","module":"pktana",)" +
             R"("dataset":"pktana.file_header"})" +
             (host.empty() ? "" : R"(,"observer":{"name":")" + host + "\"}");
    case Format::Zeek:
      return R"({"_path":"pktana_file_header","ts":)" +
             std::to_string(header.time_ns / base::kNsPerSecond) + ".0";
    case Format::Ocsf:
      return R"({"time":)" + std::to_string(header.time_ns / base::kNsPerMs);
    case Format::Csv:
    case Format::Table:
      break;
  }
  return {};
}

}  // namespace

std::string file_header_line(Format format, const FileHeader& header) {
  std::string line = head(format, header);
  if (line.empty()) return line;
  line += R"(,"pktana":{"schema":1,"stream":")" + header.stream + R"(","boot_id":")" +
          header.boot_id + "\"," + std::string(kSequenceMember) +
          std::to_string(header.file_sequence);
  if (header.first_seq > 0) line += R"(,"first_seq":)" + std::to_string(header.first_seq);
  line += R"(,"version":")" PKTANA_VERSION R"(","padding":")";
  constexpr std::string_view kEnd = "\"}}\n";
  if (line.size() + kEnd.size() < kFileHeaderBytes)
    line.append(kFileHeaderBytes - line.size() - kEnd.size(), '.');
  line += kEnd;
  return line;
}

uint64_t file_sequence_of(std::string_view line) noexcept {
  const size_t at = line.find(kSequenceMember);
  uint64_t sequence = 0;
  if (at == std::string_view::npos) return 0;
  line.remove_prefix(at + kSequenceMember.size());
  std::from_chars(line.data(), line.data() + line.size(), sequence);
  return sequence;
}

std::string read_boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id.empty() ? "unknown" : escaped_host(id);
}

std::string make_stream_id() {
  uint64_t number = 0;
  if (::getrandom(&number, sizeof number, 0) != sizeof number)
    number = static_cast<uint64_t>(base::realtime_ns());
  std::array<char, 17> text{};
  for (size_t i = 0; i < 16; ++i)
    text[i] = "0123456789abcdef"[number >> (60 - 4 * i) & 0xF];
  return text.data();
}

}  // namespace pktana::sink
