// SPDX-License-Identifier: Apache-2.0
// The C++ face of the plugin interface, for the built-in dissectors: a class with a few on_
// functions and a probe become a pktana_dissector. Everything goes through the C table, as a
// plugin's calls do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string_view>

#include "pktana/plugin.h"

namespace pktana::app {

using Bytes = std::span<const uint8_t>;

[[nodiscard]] inline std::string_view text_of(Bytes bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class Object;
class Array;

/// Fields of the innermost open object or array of an event; in arrays keys are null.
class Fields {
 public:
  explicit Fields(pktana_flow* flow) noexcept : flow_(flow) {}
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  void text(const char* key, std::string_view value) noexcept {
    flow_->host->put_text(flow_, key, value.data(), value.size());
  }
  /// Nothing if the value is empty.
  void text_if(const char* key, std::string_view value) noexcept {
    if (!value.empty()) text(key, value);
  }
  void number(const char* key, uint64_t value) noexcept {
    flow_->host->put_uint(flow_, key, value);
  }
  void signed_number(const char* key, int64_t value) noexcept {
    flow_->host->put_int(flow_, key, value);
  }
  void real(const char* key, double value) noexcept { flow_->host->put_real(flow_, key, value); }
  void flag(const char* key, bool value) noexcept { flow_->host->put_bool(flow_, key, value); }
  /// The flag where it is set, else nothing.
  void flag_if(const char* key, bool value) noexcept {
    if (value) flag(key, true);
  }
  /// They end when what is returned goes out of scope.
  [[nodiscard]] Object object(const char* key) noexcept;
  [[nodiscard]] Array array(const char* key) noexcept;

 protected:
  ~Fields() = default;
  pktana_flow* flow_;
};

class Object final : public Fields {
 public:
  enum class Place : uint8_t { Within, Beside };

  Object(pktana_flow* flow, const char* key, Place place = Place::Within) noexcept : Fields(flow) {
    if (place == Place::Within)
      flow_->host->object_begin(flow_, key);
    else
      flow_->host->object_beside_begin(flow_, key);
  }
  ~Object() { flow_->host->object_end(flow_); }
};

class Array final : public Fields {
 public:
  Array(pktana_flow* flow, const char* key) noexcept : Fields(flow) {
    flow_->host->array_begin(flow_, key);
  }
  ~Array() { flow_->host->array_end(flow_); }
  void add(std::string_view value) noexcept { text(nullptr, value); }
  void add_number(uint64_t value) noexcept { number(nullptr, value); }
};

inline Object Fields::object(const char* key) noexcept { return {flow_, key}; }
inline Array Fields::array(const char* key) noexcept { return {flow_, key}; }

/// One event; handed over when it goes out of scope.
class Event final : public Fields {
 public:
  /// @param direction whose sender is the event's src_ip.
  Event(pktana_flow* flow, const char* name, uint8_t direction, int64_t ts_ns) noexcept
      : Fields(flow) {
    flow_->host->event_begin(flow_, name, direction, ts_ns);
  }
  ~Event() { flow_->host->event_end(flow_); }
  /// At the top level of the record, beside the event's object.
  void number_beside(const char* key, uint64_t value) noexcept {
    flow_->host->put_uint_beside(flow_, key, value);
  }
  /// The same for an object; not while another one is open.
  [[nodiscard]] Object object_beside(const char* key) noexcept {
    return {flow_, key, Object::Place::Beside};
  }
};

/// A flow during a call.
class Flow {
 public:
  explicit Flow(pktana_flow* flow) noexcept : flow_(flow) {}

  [[nodiscard]] bool wants(const char* event) const noexcept {
    return flow_->host->wants(flow_, event) != 0;
  }
  [[nodiscard]] pktana_flow_info info() const noexcept {
    pktana_flow_info info{};
    info.size = sizeof info;
    flow_->host->info(flow_, &info);
    return info;
  }
  [[nodiscard]] Event event(const char* name, uint8_t direction, int64_t ts_ns) const noexcept {
    return {flow_, name, direction, ts_ns};
  }
  void set_app_proto(const char* name) const noexcept { flow_->host->set_app_proto(flow_, name); }
  void set_name(std::string_view name, pktana_name_source source) const noexcept {
    flow_->host->set_name(flow_, name.data(), name.size(), source);
  }
  void set_fingerprint(const char* kind, std::string_view text) const noexcept {
    flow_->host->set_fingerprint(flow_, kind, text.data(), text.size());
  }
  /// @param address 4 or 16 bytes, network order.
  void learn_name(Bytes address, std::string_view name, uint32_t ttl_s) const noexcept {
    flow_->host->learn_name(flow_, address.size() == 4 ? 4 : 6, address.data(), name.data(),
                            name.size(), ttl_s);
  }
  void expect(uint8_t protocol, bool from_server, uint16_t port,
              const char* dissector) const noexcept {
    flow_->host->expect(flow_, protocol, from_server, port, dissector);
  }
  /// The same for a flow of TCP, with what is known of it.
  void expect_with_note(bool from_server, uint16_t port, const char* dissector,
                        std::string_view note) const noexcept {
    flow_->host->expect_with_note(flow_, PKTANA_TCP, from_server, port, dissector, note.data(),
                                  note.size());
  }
  /// Lifetime: the call's.
  [[nodiscard]] std::string_view note() const noexcept {
    const pktana_bytes note = flow_->host->note(flow_);
    return text_of({note.data, note.len});
  }
  void change_protocol(const char* dissector) const noexcept {
    flow_->host->change_protocol(flow_, dissector);
  }

 private:
  pktana_flow* flow_;
};

/// pktana_chunk with a span.
struct Chunk {
  Bytes bytes;
  uint8_t direction = PKTANA_TO_SERVER;
  bool ended = false;
  bool cut = false;
  uint64_t offset = 0;
  int64_t ts_ns = 0;
};

/// pktana_probe with spans. Lifetime: the call's.
class Probe {
 public:
  explicit Probe(const pktana_probe& raw) noexcept : raw_(raw) {}

  [[nodiscard]] Bytes first(uint8_t direction) const noexcept {
    return {raw_.first[direction].data, raw_.first[direction].len};
  }
  [[nodiscard]] Bytes to_server() const noexcept { return first(PKTANA_TO_SERVER); }
  [[nodiscard]] Bytes to_client() const noexcept { return first(PKTANA_TO_CLIENT); }
  /// Of the direction that brought something last.
  [[nodiscard]] Bytes latest() const noexcept { return first(raw_.direction); }
  [[nodiscard]] uint8_t direction() const noexcept { return raw_.direction; }
  [[nodiscard]] bool is_tcp() const noexcept { return raw_.protocol == PKTANA_TCP; }
  [[nodiscard]] bool hinted() const noexcept { return raw_.hinted != 0; }
  [[nodiscard]] uint16_t server_port() const noexcept { return raw_.port[PKTANA_TO_SERVER]; }
  [[nodiscard]] uint16_t client_port() const noexcept { return raw_.port[PKTANA_TO_CLIENT]; }

 private:
  const pktana_probe& raw_;
};

[[nodiscard]] constexpr pktana_step more(uint64_t consumed, uint64_t need = 0) noexcept {
  return {PKTANA_MORE, consumed, need};
}
[[nodiscard]] constexpr pktana_step change(uint64_t consumed) noexcept {
  return {PKTANA_CHANGE, consumed, 0};
}
/// A message is not all there: waits for `need` bytes. At the end of the direction what is there of
/// it is passed over; the other direction goes on.
[[nodiscard]] inline pktana_step wait_for(const Chunk& chunk, uint64_t need = 0) noexcept {
  return chunk.ended ? more(chunk.bytes.size()) : more(0, need);
}
inline constexpr pktana_step kDone{PKTANA_DONE, 0, 0};
inline constexpr pktana_step kReject{PKTANA_REJECT, 0, 0};

/// What a dissector says of itself; see pktana_dissector.
struct Identity {
  const char* name;
  const char* const* events = nullptr;
  const uint16_t* tcp_ports = nullptr;
  const uint16_t* udp_ports = nullptr;
  uint32_t protocols = PKTANA_ON_TCP;
  uint32_t flags = 0;
  uint32_t priority = 100;
};

/// Recognition only.
[[nodiscard]] constexpr pktana_dissector recogniser(
    const Identity& identity, pktana_match (*probe)(const pktana_probe*)) noexcept {
  return {.size = sizeof(pktana_dissector),
          .flags = identity.flags,
          .name = identity.name,
          .events = identity.events,
          .tcp_ports = identity.tcp_ports,
          .udp_ports = identity.udp_ports,
          .protocols = identity.protocols,
          .priority = identity.priority,
          .state_bytes = 0,
          .probe = probe,
          .on_begin = nullptr,
          .on_chunk = nullptr,
          .on_gap = nullptr,
          .on_end = nullptr};
}

template <typename T>
struct DissectorCalls {
  static_assert(alignof(T) <= 16);

  static T& state(void* memory) noexcept { return *std::launder(static_cast<T*>(memory)); }

  static int on_begin(void* memory, pktana_flow*) {
    new (memory) T();
    return 1;
  }
  static pktana_step on_chunk(void* memory, pktana_flow* flow, const pktana_chunk* chunk) {
    return state(memory).on_chunk(Flow(flow), Chunk{.bytes = {chunk->data, chunk->len},
                                                    .direction = chunk->direction,
                                                    .ended = chunk->ended != 0,
                                                    .cut = chunk->cut != 0,
                                                    .offset = chunk->offset,
                                                    .ts_ns = chunk->ts_ns});
  }
  static pktana_step on_gap(void* memory, pktana_flow* flow, uint8_t direction, uint64_t missing) {
    if constexpr (requires(T & t) { t.on_gap(Flow(flow), direction, missing); })
      return state(memory).on_gap(Flow(flow), direction, missing);
    else
      return kDone;
  }
  static void on_end(void* memory, pktana_flow* flow, [[maybe_unused]] int64_t ts_ns) {
    if constexpr (requires(T & t) { t.on_end(Flow(flow), ts_ns); })
      state(memory).on_end(Flow(flow), ts_ns);
    state(memory).~T();
  }
};

/// T is the state of one flow: default-constructible, with `pktana_step on_chunk(Flow, const
/// Chunk&)`, and if it likes `pktana_step on_gap(Flow, uint8_t direction, uint64_t missing)` and
/// `void on_end(Flow, int64_t ts_ns)`; all noexcept.
template <typename T>
[[nodiscard]] constexpr pktana_dissector dissector_of(
    const Identity& identity, pktana_match (*probe)(const pktana_probe*)) noexcept {
  pktana_dissector made = recogniser(identity, probe);
  made.state_bytes = sizeof(T);
  made.on_begin = DissectorCalls<T>::on_begin;
  made.on_chunk = DissectorCalls<T>::on_chunk;
  made.on_gap = DissectorCalls<T>::on_gap;
  made.on_end = DissectorCalls<T>::on_end;
  return made;
}

}  // namespace pktana::app
