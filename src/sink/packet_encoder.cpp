// SPDX-License-Identifier: Apache-2.0
#include "sink/packet_encoder.h"

#include <algorithm>

#include "sink/pcapng_format.h"

namespace pktana::sink {
namespace {

/// Of either format: enough to know how long a record is.
constexpr size_t kKnownFrom = kPcapRecordHeaderBytes;

}  // namespace

void PacketEncoder::describe(SavedInterface interface) {
  if (format_ == FileFormat::Pcap && !settled_)
    pcap_.snap_length = std::max(pcap_.snap_length, interface.snap_length);
  interfaces_.push_back(std::move(interface));
}

void PacketEncoder::settle(uint16_t link_type) {
  if (settled_) return;
  settled_ = true;
  pcap_.link_type = link_type;
  pcap_.nanoseconds =
      interfaces_.empty() || std::any_of(interfaces_.begin(), interfaces_.end(),
                                         [](const SavedInterface& i) { return i.nanoseconds; });
}

size_t PacketEncoder::header_bytes() const noexcept {
  return format_ == FileFormat::Pcap ? kPcapHeaderBytes : pcapng_section_bytes();
}

char* PacketEncoder::put_header(char* out) {
  in_file_.clear();
  last_ = 0;
  return format_ == FileFormat::Pcap ? put_pcap_header(out, pcap_) : put_pcapng_section(out);
}

bool PacketEncoder::is_described(const SavedPacket& packet) const noexcept {
  const Described wanted{packet.source_id, packet.link_type};
  if (last_ < in_file_.size() && in_file_[last_] == wanted) return true;
  const auto found = std::find(in_file_.begin(), in_file_.end(), wanted);
  last_ = static_cast<size_t>(found - in_file_.begin());
  return found != in_file_.end();
}

SavedInterface PacketEncoder::interface_of(const SavedPacket& packet) const {
  const auto found =
      std::find_if(interfaces_.begin(), interfaces_.end(),
                   [&](const SavedInterface& i) { return i.source_id == packet.source_id; });
  SavedInterface interface = found == interfaces_.end() ? SavedInterface{} : *found;
  interface.source_id = packet.source_id;
  interface.link_type = packet.link_type;
  return interface;
}

size_t PacketEncoder::bytes_of(const SavedPacket& packet) const noexcept {
  if (format_ == FileFormat::Pcap) return pcap_record_bytes(packet);
  const size_t bytes = pcapng_packet_bytes(packet);
  return is_described(packet) ? bytes : bytes + pcapng_interface_bytes(interface_of(packet));
}

char* PacketEncoder::put(char* out, const SavedPacket& packet) {
  if (format_ == FileFormat::Pcap) return put_pcap_record(out, packet, pcap_.nanoseconds);
  if (!is_described(packet)) {
    out = put_pcapng_interface(out, interface_of(packet));
    last_ = in_file_.size();
    in_file_.push_back({packet.source_id, packet.link_type});
  }
  return put_pcapng_packet(out, packet, static_cast<uint32_t>(last_));
}

RecordExtent first_record(FileFormat format, std::span<const char> bytes) noexcept {
  return format == FileFormat::Pcap ? pcap_extent(bytes) : pcapng_extent(bytes);
}

WholeRecords whole_records(FileFormat format, std::span<const char> bytes) noexcept {
  WholeRecords whole;
  while (bytes.size() - whole.bytes >= kKnownFrom) {
    const RecordExtent record = first_record(format, bytes.subspan(whole.bytes));
    if (record.bytes > bytes.size() - whole.bytes) break;
    whole.bytes += record.bytes;
    whole.packets += record.is_packet;
  }
  return whole;
}

}  // namespace pktana::sink
