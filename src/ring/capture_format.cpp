// SPDX-License-Identifier: Apache-2.0
#include "ring/capture_format.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "ring/pcap_reader.h"
#include "ring/pcapng_reader.h"
#include "ring/snoop_reader.h"

namespace pktana::ring {
namespace {

constexpr size_t kMagicBytes = 8;

struct Format {
  bool (*recognises)(base::Bytes first_bytes) noexcept;
  base::Result<std::unique_ptr<FormatReader>> (*open)(base::Bytes header, FileOrigin origin);
  size_t header_bytes;    ///< what open() wants to see
  size_t consumed_bytes;  ///< what it has used up
};
constexpr std::array kFormats = {
    Format{PcapReader::recognises, PcapReader::open, PcapReader::kFileHeaderBytes,
           PcapReader::kFileHeaderBytes},
    Format{PcapngReader::recognises, PcapngReader::open, PcapngReader::kFileHeaderBytes, 0},
    Format{SnoopReader::recognises, SnoopReader::open, SnoopReader::kFileHeaderBytes,
           SnoopReader::kFileHeaderBytes},
};

/// What else people give us, worth a better answer than "unknown".
struct Known {
  std::string_view magic;
  const char* advice;
};
constexpr std::array kOthers = {
    Known{"\xfd"
          "7zXZ",
          "compressed with xz: decompress it first (xz -dc FILE | ... -)"},
    Known{"BZh", "compressed with bzip2: decompress it first (bzip2 -dc FILE | ... -)"},
    Known{"\x04\x22\x4d\x18", "compressed with lz4: decompress it first (lz4 -dc FILE | ... -)"},
    Known{"\x1f\x8b", "compressed with gzip once more: decompress it first"},
    Known{"\x28\xb5\x2f\xfd", "compressed with zstd once more: decompress it first"},
    Known{"PK\x03\x04", "a zip archive: unpack it first"},
};

/// "0a 0b 0c 0d".
std::string to_hex(base::Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const uint8_t byte : bytes) {
    if (!text.empty()) text += ' ';
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

base::Unexpected unrecognised(base::Bytes bytes) {
  if (bytes.empty()) return base::fail_input("read capture file", "empty (0 bytes)");
  const base::Bytes first = bytes.first(std::min(bytes.size(), kMagicBytes));
  const std::string_view text(reinterpret_cast<const char*>(first.data()), first.size());
  for (const Known& other : kOthers) {
    if (text.starts_with(other.magic)) return base::fail_input("read capture file", other.advice);
  }
  return base::fail_input("read capture file",
                          "not a capture file: it begins with the bytes " + to_hex(first) +
                              "; understood are pcap, pcapng and snoop, as they are or compressed "
                              "with gzip or zstd");
}

base::Unexpected header_cut(size_t have, size_t needed) {
  return base::fail_input("read capture file",
                          "cut short in the file header at byte 0: " + std::to_string(have) +
                              " of " + std::to_string(needed) + " bytes are there");
}

}  // namespace

base::Result<std::unique_ptr<FormatReader>> open_format(BlockBuffer& buffer, FileOrigin origin) {
  if (auto more = buffer.require(kMagicBytes); !more) {
    return base::Unexpected(std::move(more.error()));
  }
  for (const Format& format : kFormats) {
    if (!format.recognises(buffer.bytes())) continue;
    auto whole = buffer.require(format.header_bytes);
    if (!whole) return base::Unexpected(std::move(whole.error()));
    if (!*whole) return header_cut(buffer.bytes().size(), format.header_bytes);
    auto reader = format.open(buffer.bytes().first(format.header_bytes), origin);
    if (reader) buffer.consume(format.consumed_bytes);
    return reader;
  }
  return unrecognised(buffer.bytes());
}

}  // namespace pktana::ring
