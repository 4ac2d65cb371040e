// SPDX-License-Identifier: Apache-2.0
// DNS messages (RFC 1035 section 4): header, questions and records, names with compression. Pure
// parsing for DNS, mDNS, LLMNR and NetBIOS names; what the records mean is dns_event's.
#pragma once

#include "app/internet/text.h"
#include "app/reader.h"

namespace pktana::app::internet::dns {

inline constexpr size_t kHeaderLen = 12;
inline constexpr size_t kMaxNameLen = 1025;    ///< of a name as text; longer ones are cut
inline constexpr unsigned kMaxPointers = 255;  ///< followed within one name
inline constexpr unsigned kMaxRecords = 1024;  ///< looked at in one message, questions included

enum Section : uint8_t { Questions, Answers, Authorities, Additionals };

/// A name as text: labels joined with dots, their bytes as they are; "" is the root.
struct Name {
  FixedText<kMaxNameLen> text;
  bool cut = false;
  [[nodiscard]] std::string_view view() const noexcept { return text.view(); }
};

/// Where the name at `at` ends in place, behind its first pointer if it has one; 0 if it is cut
/// off or malformed.
[[nodiscard]] size_t skip_name(Bytes message, size_t at) noexcept;

/// The name at `at`, compression resolved. False if it is cut off, malformed or loops.
[[nodiscard]] bool read_name(Bytes message, size_t at, Name& name) noexcept;

struct Header {
  uint16_t id = 0;
  uint16_t flags = 0;
  uint16_t counts[4] = {};  ///< by Section

  [[nodiscard]] bool is_response() const noexcept { return (flags & 0x8000) != 0; }
  [[nodiscard]] unsigned opcode() const noexcept { return (flags >> 11) & 15; }
  [[nodiscard]] unsigned rcode() const noexcept { return flags & 15; }
};

/// False if fewer than 12 bytes are there.
[[nodiscard]] bool read_header(Bytes message, Header& header) noexcept;

/// A question (type and class only) or a resource record. Lifetime: borrows the message.
struct Record {
  size_t name_at = 0;
  uint16_t type = 0;
  uint16_t class_code = 0;
  uint32_t ttl = 0;
  size_t data_at = 0;
  Bytes data;
};

/// A message whose records have been checked to lie within it.
/// Lifetime: borrows the bytes. Threads: const, shareable. No allocation.
class Message {
 public:
  enum class State : uint8_t {
    Whole,      ///< all that the header counts is there
    Cut,        ///< the bytes, or our patience, end before: the records in front are good
    Malformed,  ///< a name cannot be read: the records in front are good
  };

  /// Checks the layout; names are read with their pointers, record data is not looked into.
  explicit Message(Bytes bytes) noexcept;

  [[nodiscard]] State state() const noexcept { return state_; }
  [[nodiscard]] const Header& header() const noexcept { return header_; }
  [[nodiscard]] Bytes bytes() const noexcept { return bytes_; }
  /// How many of a section are there.
  [[nodiscard]] unsigned count(Section section) const noexcept { return present_[section]; }
  /// Where the last record that is there ends.
  [[nodiscard]] size_t end() const noexcept { return end_; }
  [[nodiscard]] size_t section_at(Section section) const noexcept { return section_at_[section]; }

 private:
  bool check_entry(Reader& reader, Section section) noexcept;

  Bytes bytes_;
  Header header_;
  State state_ = State::Whole;
  unsigned present_[4] = {};
  size_t section_at_[4] = {};
  size_t end_ = 0;
};

/// Goes through the records of one section.
class RecordWalk {
 public:
  RecordWalk(const Message& message, Section section) noexcept
      : reader_(message.bytes(), message.section_at(section)),
        bytes_(message.bytes()),
        left_(message.count(section)),
        section_(section) {}

  [[nodiscard]] bool next(Record& record) noexcept;

 private:
  Reader reader_;
  Bytes bytes_;
  unsigned left_;
  Section section_;
};

}  // namespace pktana::app::internet::dns
