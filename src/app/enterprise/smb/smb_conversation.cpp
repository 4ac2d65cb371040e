// SPDX-License-Identifier: Apache-2.0
#include "app/enterprise/smb/smb_conversation.h"

#include <algorithm>
#include <cstdio>

#include "app/enterprise/probing.h"

namespace pktana::app::enterprise {
namespace {

constexpr uint32_t kPendingStatus = 0x00000103;  ///< the real answer comes later

bool is_negotiation(const SmbHeader& header) noexcept {
  return header.command == (header.is_smb2 ? kSmb2Negotiate : kSmb1Negotiate);
}

bool is_session_setup(const SmbHeader& header) noexcept {
  return header.command == (header.is_smb2 ? kSmb2SessionSetup : kSmb1SessionSetup);
}

bool is_tree_connect(const SmbHeader& header) noexcept {
  return header.command == (header.is_smb2 ? kSmb2TreeConnect : kSmb1TreeConnect);
}

bool is_create(const SmbHeader& header) noexcept {
  return header.command == (header.is_smb2 ? kSmb2Create : kSmb1Create);
}

/// What comes by the thousand and names nothing.
bool is_data(const SmbHeader& header) noexcept {
  if (!header.is_smb2) return header.command == kSmb1Read || header.command == kSmb1Write;
  return header.command == kSmb2Read || header.command == kSmb2Write ||
         header.command == kSmb2GetInfo || header.command == kSmb2SetInfo;
}

/// Whether `reply` belongs to `asked`; a client that speaks both may be answered a SMB 1
/// negotiation in SMB 2.
bool answers(const SmbHeader& reply, const SmbHeader& asked) noexcept {
  if (reply.is_smb2 != asked.is_smb2) return is_negotiation(reply) && is_negotiation(asked);
  return reply.command == asked.command && reply.message_id == asked.message_id;
}

void show_status(Event& event, const SmbHeader& reply) noexcept {
  char code[16];
  if (reply.has_nt_status) {
    const std::string_view name = nt_status_text(reply.status);
    if (!name.empty()) event.text("status", name);
    std::snprintf(code, sizeof code, "0x%x", reply.status);
    return event.text("status_code", code);
  }
  char name[32];
  std::snprintf(name, sizeof name, "UNKNOWN_%02x_%04x", reply.status >> 16, reply.status & 0xffff);
  event.text("status", name);
  std::snprintf(code, sizeof code, "0x%04x", reply.status & 0xffff);
  event.text("status_code", code);
}

void show_created(Event& event, const SmbReply& said) noexcept {
  if (!said.created) return;
  event.number("created", *said.created);
  event.number("accessed", *said.accessed);
  event.number("modified", *said.modified);
  event.number("changed", *said.changed);
  event.number("size", *said.size);
  event.text("fuid", said.fuid);
}

}  // namespace

void SmbConversation::on_message(const Flow& flow, const Chunk& chunk, Bytes message) noexcept {
  constexpr unsigned kMaxCompound = 16;
  for (unsigned i = 0; i < kMaxCompound; ++i) {
    const std::optional<SmbHeader> header = parse_smb_header(message);
    if (!header) return;
    const size_t len = header->next == 0 ? message.size() : header->next;
    const Bytes one = message.first(std::min(len, message.size()));
    if (header->is_reply)
      on_reply(flow, chunk, *header, one);
    else
      on_request(flow, chunk, *header, one);
    if (header->next == 0 || header->next >= message.size()) return;
    message = message.subspan(header->next);
  }
}

void SmbConversation::on_request(const Flow& flow, const Chunk& chunk, const SmbHeader& header,
                                 Bytes message) noexcept {
  if (is_data(header)) return;
  if (pending_.size() == kMaxPending) {
    show(flow, chunk.ts_ns, pending_.front(), nullptr, {});
    pending_.erase(pending_.begin());
  }
  pending_.push_back({header, parse_smb_request(header, message), chunk.direction});
}

void SmbConversation::on_reply(const Flow& flow, const Chunk& chunk, const SmbHeader& header,
                               Bytes message) noexcept {
  if (is_data(header) || (header.has_nt_status && header.status == kPendingStatus)) return;
  const SmbReply said = parse_smb_reply(header, message);
  auto asked = std::find_if(pending_.begin(), pending_.end(),
                            [&](const Pending& one) { return answers(header, one.header); });
  if (asked == pending_.end()) {  // picked up in the middle: the answer alone
    const Pending none{header, {}, other(chunk.direction)};
    return show(flow, chunk.ts_ns, none, &header, said);
  }
  if (!said.dialect.empty()) dialect_ = said.dialect;
  if (said.dialect_index && *said.dialect_index < asked->request.dialects.size())
    dialect_ = asked->request.dialects[*said.dialect_index];
  show(flow, chunk.ts_ns, *asked, &header, said);
  pending_.erase(asked);
}

void SmbConversation::on_end(const Flow& flow, int64_t ts_ns) noexcept {
  for (const Pending& asked : pending_)
    show(flow, ts_ns, asked, nullptr, {});
  pending_.clear();
}

void SmbConversation::show(const Flow& flow, int64_t ts_ns, const Pending& asked,
                           const SmbHeader* reply, const SmbReply& said) noexcept {
  Event event = flow.event(kEvent, asked.direction, ts_ns);
  event.number_beside("tx_id", shown_);
  event.number("id", ++shown_);
  event.text("dialect", dialect_);
  event.text("command", smb_command_text(asked.header));
  if (reply != nullptr) show_status(event, *reply);
  // The server assigns both: its answer to the request that asks for them has them first.
  const SmbHeader& ids = reply != nullptr ? *reply : asked.header;
  event.number("session_id", ids.session_id);
  event.number("tree_id", ids.tree_id);
  show_request(event, asked, said);
}

void SmbConversation::show_request(Event& event, const Pending& asked,
                                   const SmbReply& said) const noexcept {
  const SmbRequest& request = asked.request;
  if (is_negotiation(asked.header)) {
    Array dialects = event.array("client_dialects");
    for (const std::string& dialect : request.dialects)
      dialects.add(dialect);
  }
  event.text_if("client_guid", request.client_guid);
  if (is_negotiation(asked.header)) event.text("server_guid", said.server_guid);
  if (said.max_read_size) event.number("max_read_size", *said.max_read_size);
  if (said.max_write_size) event.number("max_write_size", *said.max_write_size);
  if (is_session_setup(asked.header) && request.ntlmssp) {
    Object ntlmssp = event.object("ntlmssp");
    ntlmssp.text("domain", request.ntlmssp->domain);
    ntlmssp.text("user", request.ntlmssp->user);
    ntlmssp.text("host", request.ntlmssp->host);
    ntlmssp.text_if("version", request.ntlmssp->version);
  }
  if (!request.native_os.empty() || !request.native_lm.empty()) {
    Object from = event.object("request");
    from.text("native_os", request.native_os);
    from.text("native_lm", request.native_lm);
  }
  if (is_tree_connect(asked.header) && !request.path.empty()) {
    event.text(said.share_type == "PIPE" ? "named_pipe" : "share", request.path);
    event.text_if("share_type", said.share_type);
  }
  if (is_create(asked.header) && !request.path.empty()) {
    event.text("filename", request.path);
    event.text_if("disposition", smb_disposition_text(request.disposition.value_or(~0u)));
    event.text("access", request.deletes_on_close ? "delete on close" : "normal");
    show_created(event, said);
  }
}

}  // namespace pktana::app::enterprise
