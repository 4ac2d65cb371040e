// SPDX-License-Identifier: Apache-2.0
// Blocks of pcapng (draft-ietf-opsawg-pcapng) in the machine's byte order: section header,
// interface description with nanosecond times, enhanced packet. Formatting only; PacketEncoder is
// the user.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "sink/saved_packet.h"

namespace pktana::sink {

/// Longer names are cut: the kernel's have 15 bytes at most, those of other systems some hundred.
inline constexpr size_t kMaxInterfaceNameBytes = 1024;

[[nodiscard]] size_t pcapng_section_bytes() noexcept;
/// Begins a file: its times, names and numbers hold until the next section.
[[nodiscard]] char* put_pcapng_section(char* out) noexcept;

[[nodiscard]] size_t pcapng_interface_bytes(const SavedInterface& interface) noexcept;
[[nodiscard]] char* put_pcapng_interface(char* out, const SavedInterface& interface) noexcept;

[[nodiscard]] size_t pcapng_packet_bytes(const SavedPacket& packet) noexcept;
/// @param interface  number of its description in the file, from 0. A time before 1970 becomes
/// 1970's beginning: ticks are unsigned.
[[nodiscard]] char* put_pcapng_packet(char* out, const SavedPacket& packet,
                                      uint32_t interface) noexcept;

/// The block that `bytes` begin with, which this code wrote.
[[nodiscard]] RecordExtent pcapng_extent(std::span<const char> bytes) noexcept;

}  // namespace pktana::sink
