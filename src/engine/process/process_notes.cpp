// SPDX-License-Identifier: Apache-2.0
#include "engine/process/process_notes.h"

#include <utility>

#include "sink/escape.h"
#include "sink/text.h"

namespace pktana::engine {
namespace {

constexpr size_t kMaxName = 96;  ///< comm is 15 bytes, of which each may become six
constexpr size_t kMaxExe = 512;
constexpr size_t kMaxContainer = 64;

char* put_string(char* out, std::string_view name, std::string_view value, size_t limit) noexcept {
  if (value.empty()) return out;
  out = sink::put_text(sink::put_text(sink::put_literal(out, ",\""), name), "\":\"");
  return sink::put_literal(sink::put_escaped(out, value, sink::QuoteStyle::Json, limit), "\"");
}

char* put_owner(char* out, const OwnerAnswer& answer, std::string_view side) noexcept {
  const ProcessInfo& process = *answer.owner.process;
  out = sink::put_text(sink::put_literal(out, R"({"side":")"), side);
  out = sink::put_text(sink::put_literal(out, R"(","process_match":")"), to_string(answer.match));
  out = sink::put_decimal(sink::put_literal(out, R"(","pid":)"), process.pid);
  out = put_string(out, "name", process.name, kMaxName);
  out = put_string(out, "exe", process.exe, kMaxExe);
  out = sink::put_decimal(sink::put_literal(out, R"(,"uid":)"), answer.owner.uid);
  out = put_string(out, "container", process.container, kMaxContainer);
  return sink::put_literal(out, "}");
}

SocketTuple tuple_of(const flow::FlowRecord& record, bool src_is_local) noexcept {
  constexpr uint8_t kIpv4 = 4;
  const SocketEnd src{record.src, record.src_port};
  const SocketEnd dest{record.dst, record.dst_port};
  return {.protocol = record.protocol,
          .is_ipv4 = record.ip_version == kIpv4,
          .local = src_is_local ? src : dest,
          .remote = src_is_local ? dest : src};
}

}  // namespace

ProcessNotes::ProcessNotes(std::unique_ptr<ProcessWatch> watch) noexcept
    : watch_(std::move(watch)) {}

base::Result<std::unique_ptr<ProcessNotes>> ProcessNotes::start() {
  auto watch = ProcessWatch::start();
  if (!watch) return base::Unexpected(watch.error());
  return std::unique_ptr<ProcessNotes>(new ProcessNotes(std::move(*watch)));
}

char* ProcessNotes::put(char* out, const flow::FlowRecord& record) noexcept {
  if (record.src_port == 0 && record.dst_port == 0) return out;
  const OwnerTable& owners = watch_->owners();
  const auto src = owners.find(tuple_of(record, true), record.start_ns, record.end_ns);
  const auto dest = owners.find(tuple_of(record, false), record.start_ns, record.end_ns);
  if (src) out = put_owner(sink::put_literal(out, R"(,"process":)"), *src, "src");
  if (!dest) return out;
  out = sink::put_text(out, src ? R"(,"peer_process":)" : R"(,"process":)");
  return put_owner(out, *dest, "dest");
}

}  // namespace pktana::engine
