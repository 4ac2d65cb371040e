// SPDX-License-Identifier: Apache-2.0
#include "engine/packet_saver.h"

namespace pktana::engine {

sink::SavedPacket to_saved(const ring::PacketRef& ref) noexcept {
  return {.bytes = {ref.data, ref.captured_len},
          .wire_len = ref.wire_len,
          .ts_ns = ref.ts_ns,
          .source_id = ref.source_id,
          .link_type = ref.link_type,
          .vlan_tpid = ref.vlan_tpid,
          .vlan_tci = ref.vlan_tci};
}

void PacketSaver::on_interface(uint16_t source_id, const ring::FileInterface& interface) {
  file_.describe({.source_id = source_id,
                  .link_type = interface.link_type,
                  .snap_length = interface.snap_length,
                  .nanoseconds = interface.nanoseconds,
                  .name = interface.name});
}

void PacketSaver::on_packet(const ring::PacketRef& ref, const parse::Packet&) {
  file_.put(to_saved(ref));
}

void PacketSaver::on_idle() { file_.on_idle(); }

}  // namespace pktana::engine
