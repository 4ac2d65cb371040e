// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "cli/inspect_print.h"

namespace pktana::cli {
namespace {

constexpr size_t kBytesPerLine = 16;
constexpr char kDigits[] = "0123456789abcdef";
constexpr std::array<std::string_view, 6> kColors{"\033[36m", "\033[32m", "\033[33m",
                                                  "\033[35m", "\033[34m", "\033[31m"};
constexpr std::string_view kPlain = "\033[0m";

/// What a byte is part of: the deepest node that begins last.
struct Owner {
  const inspect::Node* node = nullptr;
  size_t layer = 0;  ///< counted from 1
};

std::vector<Owner> owners_of(size_t size, const inspect::Tree& tree) {
  std::vector<Owner> owners(size);
  size_t layer = 0;
  for (const inspect::Node& node : tree.nodes) {
    if (node.value_kind == inspect::ValueKind::Flag || node.name == "checksum_status") continue;
    if (node.kind == inspect::NodeKind::Layer) ++layer;
    // Of several fields in one byte the first gives the name: version before header_length.
    for (size_t i = node.offset; i < node.offset + size_t{node.length} && i < size; ++i) {
      const bool shares = owners[i].node != nullptr && owners[i].layer == layer &&
                          owners[i].node->offset == node.offset &&
                          owners[i].node->length == node.length && owners[i].node->mask != 0;
      const bool wider = owners[i].node != nullptr && owners[i].layer == layer &&
                         owners[i].node->kind == inspect::NodeKind::Field &&
                         owners[i].node->depth >= node.depth &&
                         owners[i].node->length < node.length;
      if (!shares && !wider) owners[i] = {&node, layer};
    }
  }
  return owners;
}

std::string hex_digits(uint64_t value, unsigned digits) {
  std::string text;
  for (unsigned i = digits; i > 0; --i)
    text += kDigits[value >> (i - 1) * 4 & 15];
  return text;
}

void put_color(const Owner& owner, bool color, std::string& text) {
  if (color && owner.layer > 0) text += kColors[(owner.layer - 1) % kColors.size()];
}

void put_bytes(base::Bytes frame, size_t from, const std::vector<Owner>& owners, bool color,
               std::string& text) {
  const size_t end = std::min(from + kBytesPerLine, frame.size());
  text += hex_digits(from, 6) + "  ";
  for (size_t i = from; i < end; ++i) {
    put_color(owners[i], color, text);
    text += hex_digits(frame[i], 2);
    if (color) text += kPlain;
    text += ' ';
  }
  text.append((from + kBytesPerLine - end) * 3 + 1, ' ');
  for (size_t i = from; i < end; ++i)
    text += frame[i] >= 0x20 && frame[i] < 0x7F ? static_cast<char>(frame[i]) : '.';
  text += '\n';
}

/// The names, each as wide as its bytes: "dst..............." runs below six of them.
void put_names(size_t from, size_t end, const std::vector<Owner>& owners, bool color,
               std::string& text) {
  text.append(8, ' ');
  for (size_t i = from; i < end;) {
    size_t behind = i + 1;
    while (behind < end && owners[behind].node == owners[i].node)
      ++behind;
    const size_t width = (behind - i) * 3 - 1;
    std::string name(owners[i].node != nullptr ? owners[i].node->name : std::string_view());
    name.resize(width, name.size() < width ? '.' : ' ');
    put_color(owners[i], color, text);
    text += name;
    if (color) text += kPlain;
    text += ' ';
    i = behind;
  }
  text.erase(text.find_last_not_of(' ') + 1);
  text += '\n';
}

}  // namespace

std::string inspect_hex_dump(base::Bytes frame, const inspect::Tree& tree, bool color) {
  const std::vector<Owner> owners = owners_of(frame.size(), tree);
  std::string text;
  for (size_t from = 0; from < frame.size(); from += kBytesPerLine) {
    put_bytes(frame, from, owners, color, text);
    put_names(from, std::min(from + kBytesPerLine, frame.size()), owners, color, text);
  }
  return text;
}

}  // namespace pktana::cli
