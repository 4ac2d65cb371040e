// SPDX-License-Identifier: Apache-2.0
// One layer while it is read: adds its node, its fields by table or one by one, and what is odd
// about it. Offsets are from its first byte. Reading beyond the captured bytes gives 0, so a
// protocol's function can't run over the frame.
#pragma once

#include <string>

#include "inspect/field.h"
#include "inspect/walk.h"

namespace pktana::inspect {

class Layer {
 public:
  /// Adds the layer at walk.at(). `name` must be static.
  Layer(Walk& walk, std::string_view name);

  /// Captured bytes from its first one to the end.
  [[nodiscard]] size_t size() const noexcept { return bytes_.size(); }
  [[nodiscard]] bool has(size_t offset, size_t length) const noexcept {
    return offset <= size() && length <= size() - offset;
  }
  [[nodiscard]] base::Bytes bytes() const noexcept { return bytes_; }
  /// As many of them as there are.
  [[nodiscard]] base::Bytes bytes(size_t offset, size_t length) const noexcept;
  /// Big-endian, 1 to 8 bytes; 0 if they are not all there.
  [[nodiscard]] uint64_t number(size_t offset, size_t length) const noexcept;
  [[nodiscard]] uint8_t u8(size_t offset) const noexcept {
    return static_cast<uint8_t>(number(offset, 1));
  }
  [[nodiscard]] uint16_t u16(size_t offset) const noexcept {
    return static_cast<uint16_t>(number(offset, 2));
  }
  [[nodiscard]] uint32_t u32(size_t offset) const noexcept {
    return static_cast<uint32_t>(number(offset, 4));
  }

  /// Adds the fields of a table that begins at `base`. The first that is not all there is a finding
  /// "truncated", and ends it.
  /// @return whether all were there.
  bool fields(Fields table, size_t base = 0);

  /// One field. @return its node (Walk::node()).
  size_t add(const Field& field, size_t base = 0);
  /// One whose texts the caller makes.
  size_t add_text(std::string_view name, size_t offset, size_t length, std::string text);
  /// A number that is not plain big-endian.
  size_t add_number(std::string_view name, size_t offset, size_t length, uint64_t number);

  void mean(size_t node, std::string meaning) { walk_.node(node).meaning = std::move(meaning); }

  /// A group: what is added up to close() is below it.
  size_t open(std::string_view name, size_t offset, size_t length, std::string meaning = {});
  void close() noexcept { --walk_.depth; }

  struct Place {
    size_t offset;
    size_t length;
  };
  void note(std::string_view code, Place place, std::string why);
  void warn(std::string_view code, Place place, std::string why);
  void error(std::string_view code, Place place, std::string why);
  /// The finding "truncated": `what` needs bytes up to `end`.
  void truncated(std::string_view what, size_t end);

  /// The layer in one line.
  void summary(std::string text) { walk_.node(node_).meaning = std::move(text); }
  /// The header ends here, at most at the end of the captured bytes: its node has that length, the
  /// walk goes on behind.
  void end(size_t header_length);
  /// The header can't be read to its end: it takes all that is left, nothing follows.
  [[nodiscard]] Next stop();

  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] Walk& walk() noexcept { return walk_; }
  /// In the frame.
  [[nodiscard]] uint32_t frame_offset(size_t offset) const noexcept {
    return static_cast<uint32_t>(begin_ + offset);
  }

 private:
  void find(Severity severity, std::string_view code, Place place, std::string why);
  void add_flag(const Field& field, size_t base, size_t parent);

  Walk& walk_;
  std::string_view name_;
  size_t begin_;
  unsigned depth_;  ///< of its node
  size_t node_;
  base::Bytes bytes_;
};

}  // namespace pktana::inspect
