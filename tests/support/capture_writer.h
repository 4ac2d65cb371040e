// SPDX-License-Identifier: Apache-2.0
// Makes capture files for tests, in memory: classic pcap in all its variants, pcapng block by
// block, snoop. Writes what it is told, nonsense included. See temp_file.h for a path to give to
// the code under test.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace pktana::support {

using Octets = std::vector<uint8_t>;

/// `count` bytes that differ from their neighbours and with `seed`.
[[nodiscard]] inline Octets sample_octets(size_t count, uint8_t seed = 1) {
  Octets octets(count);
  for (size_t i = 0; i < count; ++i)
    octets[i] = static_cast<uint8_t>(seed + i * 7);
  return octets;
}

/// Bytes with integers in one byte order.
class OctetWriter {
 public:
  explicit OctetWriter(bool big_endian = false) : big_endian_(big_endian) {}

  template <typename T>
  OctetWriter& put(T value) {
    for (size_t i = 0; i < sizeof(T); ++i) {
      const size_t shift = 8 * (big_endian_ ? sizeof(T) - 1 - i : i);
      octets_.push_back(static_cast<uint8_t>(static_cast<uint64_t>(value) >> shift));
    }
    return *this;
  }
  OctetWriter& put(std::span<const uint8_t> bytes) {
    for (const uint8_t byte : bytes)
      octets_.push_back(byte);
    return *this;
  }
  OctetWriter& put(std::string_view text) {
    for (const char c : text)
      octets_.push_back(static_cast<uint8_t>(c));
    return *this;
  }
  /// Zeros up to a multiple of `alignment`.
  OctetWriter& pad(size_t alignment = 4) {
    while (octets_.size() % alignment != 0)
      octets_.push_back(0);
    return *this;
  }
  void set_big_endian(bool big_endian) { big_endian_ = big_endian; }
  [[nodiscard]] bool is_big_endian() const { return big_endian_; }
  [[nodiscard]] const Octets& octets() const { return octets_; }

 private:
  bool big_endian_;
  Octets octets_;
};

class PcapWriter {
 public:
  struct Options {
    bool big_endian = false;
    bool nanoseconds = false;
    bool modified = false;  ///< longer record headers; microseconds
    uint16_t major = 2;
    uint16_t minor = 4;
    uint32_t snap_length = 262144;
    uint32_t link_type = 1;  ///< the whole field
  };
  struct Record {
    uint32_t seconds = 1700000000;
    uint32_t fraction = 0;
    std::optional<uint32_t> captured_len{};  ///< what the header claims; the data's if not given
    std::optional<uint32_t> wire_len{};
  };

  PcapWriter() : PcapWriter(Options{}) {}
  explicit PcapWriter(const Options& options)
      : out_(options.big_endian), modified_(options.modified) {
    const uint32_t magic = options.modified      ? 0xa1b2cd34
                           : options.nanoseconds ? 0xa1b23c4d
                                                 : 0xa1b2c3d4;
    out_.put(magic).put(options.major).put(options.minor).put(uint64_t{0});
    out_.put(options.snap_length).put(options.link_type);
  }

  PcapWriter& add(std::span<const uint8_t> data) { return add(data, Record{}); }
  PcapWriter& add(std::span<const uint8_t> data, const Record& record) {
    const auto size = static_cast<uint32_t>(data.size());
    out_.put(record.seconds).put(record.fraction);
    out_.put(record.captured_len.value_or(size)).put(record.wire_len.value_or(size));
    if (modified_) out_.put(uint32_t{2}).put(uint32_t{0x0800});
    out_.put(data);
    return *this;
  }
  [[nodiscard]] const Octets& octets() const { return out_.octets(); }

 private:
  OctetWriter out_;
  bool modified_;
};

class PcapngWriter {
 public:
  struct Option {
    uint16_t code = 0;
    Octets value{};
  };
  using Options = std::vector<Option>;
  struct Interface {
    uint16_t link_type = 1;
    uint32_t snap_length = 0;
    Options options{};
  };
  struct Packet {
    uint32_t interface = 0;
    uint64_t ticks = 0;
    std::optional<uint32_t> captured_len{};
    std::optional<uint32_t> wire_len{};
    Options options{};
  };

  PcapngWriter& section(bool big_endian = false, uint16_t major = 1, const Options& options = {}) {
    out_.set_big_endian(big_endian);
    OctetWriter body(big_endian);
    body.put(uint32_t{0x1a2b3c4d}).put(major).put(uint16_t{0}).put(int64_t{-1});
    return block(0x0a0d0d0a, put_options(body, options).octets());
  }
  PcapngWriter& interface() { return interface(Interface{}); }
  PcapngWriter& interface(const Interface& interface) {
    OctetWriter body(out_.is_big_endian());
    body.put(interface.link_type).put(uint16_t{0}).put(interface.snap_length);
    return block(1, put_options(body, interface.options).octets());
  }
  PcapngWriter& enhanced(std::span<const uint8_t> data) { return enhanced(data, Packet{}); }
  PcapngWriter& enhanced(std::span<const uint8_t> data, const Packet& packet) {
    OctetWriter body(out_.is_big_endian());
    body.put(packet.interface);
    return block(6, put_packet(body, data, packet).octets());
  }
  PcapngWriter& old_packet(std::span<const uint8_t> data, const Packet& packet) {
    OctetWriter body(out_.is_big_endian());
    body.put(static_cast<uint16_t>(packet.interface)).put(uint16_t{0xffff});
    return block(2, put_packet(body, data, packet).octets());
  }
  PcapngWriter& simple(std::span<const uint8_t> data, std::optional<uint32_t> wire_len = {}) {
    OctetWriter body(out_.is_big_endian());
    body.put(wire_len.value_or(static_cast<uint32_t>(data.size()))).put(data).pad();
    return block(3, body.octets());
  }
  /// Any block around `body`, whose size should be a multiple of 4.
  PcapngWriter& block(uint32_t type, std::span<const uint8_t> body) {
    const auto length = static_cast<uint32_t>(12 + body.size());
    out_.put(type).put(length).put(body).put(length);
    return *this;
  }
  /// An eight-byte option value, in the byte order of the section.
  [[nodiscard]] Octets value_of(uint64_t number) const {
    return OctetWriter(out_.is_big_endian()).put(number).octets();
  }
  [[nodiscard]] const Octets& octets() const { return out_.octets(); }

 private:
  static OctetWriter& put_packet(OctetWriter& body, std::span<const uint8_t> data,
                                 const Packet& packet) {
    const auto size = static_cast<uint32_t>(data.size());
    body.put(static_cast<uint32_t>(packet.ticks >> 32)).put(static_cast<uint32_t>(packet.ticks));
    body.put(packet.captured_len.value_or(size)).put(packet.wire_len.value_or(size));
    return put_options(body.put(data).pad(), packet.options);
  }
  static OctetWriter& put_options(OctetWriter& body, const Options& options) {
    for (const Option& option : options) {
      body.put(option.code).put(static_cast<uint16_t>(option.value.size()));
      body.put(std::span<const uint8_t>(option.value)).pad();
    }
    if (!options.empty()) body.put(uint32_t{0});
    return body;
  }

  OctetWriter out_;
};

class SnoopWriter {
 public:
  struct Record {
    uint32_t seconds = 900000000;
    uint32_t microseconds = 0;
    std::optional<uint32_t> captured_len{};
    std::optional<uint32_t> wire_len{};
    std::optional<uint32_t> record_len{};
  };

  explicit SnoopWriter(uint32_t data_link = 4, uint32_t version = 2) : out_(true) {
    out_.put(std::string_view("snoop\0\0\0", 8)).put(version).put(data_link);
  }
  SnoopWriter& add(std::span<const uint8_t> data) { return add(data, Record{}); }
  SnoopWriter& add(std::span<const uint8_t> data, const Record& record) {
    const auto size = static_cast<uint32_t>(data.size());
    const uint32_t padded = (24 + size + 3) / 4 * 4;
    out_.put(record.wire_len.value_or(size)).put(record.captured_len.value_or(size));
    out_.put(record.record_len.value_or(padded)).put(uint32_t{0});
    out_.put(record.seconds).put(record.microseconds).put(data).pad();
    return *this;
  }
  [[nodiscard]] const Octets& octets() const { return out_.octets(); }

 private:
  OctetWriter out_;
};

}  // namespace pktana::support
