// SPDX-License-Identifier: Apache-2.0
#include "sink/pcapng_format.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <string_view>

namespace pktana::sink {
namespace {

constexpr uint32_t kSectionHeader = 0x0a0d0d0a;
constexpr uint32_t kInterfaceDescription = 1;
constexpr uint32_t kEnhancedPacket = 6;
constexpr uint32_t kByteOrderMagic = 0x1a2b3c4d;

constexpr uint16_t kEndOfOptions = 0;
constexpr uint16_t kComment = 1;
constexpr uint16_t kInterfaceName = 2;
constexpr uint16_t kUserApplication = 4;
constexpr uint16_t kTimeResolution = 9;

constexpr size_t kFrameBytes = 12;  ///< of any block: type, length, length again
constexpr size_t kSectionBodyBytes = 16;
constexpr size_t kInterfaceBodyBytes = 8;
constexpr size_t kPacketBodyBytes = 20;
constexpr size_t kOptionHeaderBytes = 4;

constexpr std::string_view kApplication = "pktana";
constexpr std::string_view kNanoseconds = "\x09";

constexpr size_t padded(size_t length) noexcept { return (length + 3) & ~size_t{3}; }

constexpr size_t option_bytes(std::string_view value) noexcept {
  return kOptionHeaderBytes + padded(value.size());
}

char* put_padding(char* out, size_t length) noexcept {
  const size_t count = padded(length) - length;
  std::memset(out, 0, count);
  return out + count;
}

char* put_option(char* out, uint16_t code, std::string_view value) noexcept {
  out = put_native<uint16_t>(out, code);
  out = put_native<uint16_t>(out, static_cast<uint16_t>(value.size()));
  std::memcpy(out, value.data(), value.size());
  return put_padding(out + value.size(), value.size());
}

char* put_end_of_options(char* out) noexcept {
  return put_native<uint32_t>(out, uint32_t{kEndOfOptions});
}

char* put_frame_start(char* out, uint32_t type, size_t bytes) noexcept {
  out = put_native<uint32_t>(out, type);
  return put_native<uint32_t>(out, static_cast<uint32_t>(bytes));
}

char* put_frame_end(char* out, size_t bytes) noexcept {
  return put_native<uint32_t>(out, static_cast<uint32_t>(bytes));
}

std::string_view name_of(const SavedInterface& interface) noexcept {
  return std::string_view(interface.name).substr(0, kMaxInterfaceNameBytes);
}

/// "flow_id=" and 20 digits at most.
class FlowComment {
 public:
  explicit FlowComment(uint64_t flow_id) noexcept {
    constexpr std::string_view kLabel = "flow_id=";
    if (flow_id == 0) return;
    std::copy(kLabel.begin(), kLabel.end(), text_.begin());
    char* end =
        std::to_chars(text_.data() + kLabel.size(), text_.data() + text_.size(), flow_id).ptr;
    size_ = static_cast<size_t>(end - text_.data());
  }
  [[nodiscard]] std::string_view view() const noexcept { return {text_.data(), size_}; }
  /// Of the option and the one that ends options; 0 = there is none.
  [[nodiscard]] size_t option_list_bytes() const noexcept {
    return size_ == 0 ? 0 : option_bytes(view()) + kOptionHeaderBytes;
  }

 private:
  std::array<char, 32> text_{};
  size_t size_ = 0;
};

}  // namespace

size_t pcapng_section_bytes() noexcept {
  return kFrameBytes + kSectionBodyBytes + option_bytes(kApplication) + kOptionHeaderBytes;
}

char* put_pcapng_section(char* out) noexcept {
  const size_t bytes = pcapng_section_bytes();
  out = put_frame_start(out, kSectionHeader, bytes);
  out = put_native<uint32_t>(out, kByteOrderMagic);
  out = put_native<uint16_t>(out, 1);  // version 1.0
  out = put_native<uint16_t>(out, 0);
  out = put_native<int64_t>(out, -1);  // length of the section: not known
  out = put_option(out, kUserApplication, kApplication);
  out = put_end_of_options(out);
  return put_frame_end(out, bytes);
}

size_t pcapng_interface_bytes(const SavedInterface& interface) noexcept {
  const std::string_view name = name_of(interface);
  const size_t name_bytes = name.empty() ? 0 : option_bytes(name);
  return kFrameBytes + kInterfaceBodyBytes + name_bytes + option_bytes(kNanoseconds) +
         kOptionHeaderBytes;
}

char* put_pcapng_interface(char* out, const SavedInterface& interface) noexcept {
  const size_t bytes = pcapng_interface_bytes(interface);
  out = put_frame_start(out, kInterfaceDescription, bytes);
  out = put_native<uint16_t>(out, interface.link_type);
  out = put_native<uint16_t>(out, 0);
  out = put_native<uint32_t>(out, interface.snap_length);
  if (const std::string_view name = name_of(interface); !name.empty())
    out = put_option(out, kInterfaceName, name);
  out = put_option(out, kTimeResolution, kNanoseconds);
  out = put_end_of_options(out);
  return put_frame_end(out, bytes);
}

size_t pcapng_packet_bytes(const SavedPacket& packet) noexcept {
  return kFrameBytes + kPacketBodyBytes + padded(saved_bytes(packet)) +
         FlowComment(packet.flow_id).option_list_bytes();
}

char* put_pcapng_packet(char* out, const SavedPacket& packet, uint32_t interface) noexcept {
  const size_t bytes = pcapng_packet_bytes(packet);
  const size_t captured = saved_bytes(packet);
  const auto ticks = static_cast<uint64_t>(std::max<int64_t>(packet.ts_ns, 0));
  out = put_frame_start(out, kEnhancedPacket, bytes);
  out = put_native<uint32_t>(out, interface);
  out = put_native<uint32_t>(out, static_cast<uint32_t>(ticks >> 32));
  out = put_native<uint32_t>(out, static_cast<uint32_t>(ticks));
  out = put_native<uint32_t>(out, static_cast<uint32_t>(captured));
  out = put_native<uint32_t>(out, std::max(packet.wire_len, static_cast<uint32_t>(captured)));
  out = put_padding(put_frame(out, packet), captured);
  if (const FlowComment comment(packet.flow_id); !comment.view().empty())
    out = put_end_of_options(put_option(out, kComment, comment.view()));
  return put_frame_end(out, bytes);
}

RecordExtent pcapng_extent(std::span<const char> bytes) noexcept {
  uint32_t type = 0;
  uint32_t length = 0;
  std::memcpy(&type, bytes.data(), sizeof type);
  std::memcpy(&length, bytes.data() + sizeof type, sizeof length);
  return {.bytes = length, .is_packet = type == kEnhancedPacket};
}

}  // namespace pktana::sink
