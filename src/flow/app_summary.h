// SPDX-License-Identifier: Apache-2.0
// What the application layer found out about a flow, and the events it emits: shared,
// reference-counted belongings of flow records, made by a worker, read by the sink, given back by
// whoever lets the last record go.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pktana::flow {

/// Base of what records hold a reference to. Threads: references may be taken and given back
/// anywhere; the rest is const once a record has it.
class RecordBelonging {
 public:
  RecordBelonging() noexcept = default;
  /// A copy is somebody else's: it begins with one reference.
  RecordBelonging(const RecordBelonging&) noexcept {}
  RecordBelonging& operator=(const RecordBelonging&) = delete;

  void take_reference() const noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  /// True if that was the last one: the caller deletes.
  [[nodiscard]] bool drop_reference() const noexcept {
    // Release: what this thread read is read before another deletes; acquire: the deleter sees
    // that.
    return references_.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }
  /// Whether others hold references beside the caller's.
  [[nodiscard]] bool is_shared() const noexcept {
    return references_.load(std::memory_order_acquire) > 1;
  }

 protected:
  ~RecordBelonging() = default;
  /// It is used again: one reference, the caller's.
  void restart_references() noexcept { references_.store(1, std::memory_order_relaxed); }

 private:
  mutable std::atomic<uint32_t> references_{1};
};

/// Where a flow's name comes from.
enum class NameSource : uint8_t { None, TlsSni, QuicSni, HttpHost, Plugin, DnsAnswer };
[[nodiscard]] std::string_view to_string(
    NameSource source) noexcept;  ///< "tls_sni", ... "dns_answer"

/// How the application protocol is known.
enum class AppBasis : uint8_t {
  None,
  Content,   ///< the bytes prove it
  Expected,  ///< another flow announced it (FTP data)
  Port,      ///< nothing but the port speaks for it: a guess
};
[[nodiscard]] std::string_view to_string(
    AppBasis basis) noexcept;  ///< "content", "expected", "port"

/// E.g. {"ja3", "d41d8..."}; the kind is a literal.
struct Fingerprint {
  const char* kind;
  std::string text;
};

/// Of a flow about which there is more to say than its app_proto.
struct AppSummary final : RecordBelonging {
  const char* app_proto_before =
      nullptr;  ///< the protocol changed: what it was first (EVE's app_proto_orig)
  const char* app_proto_guess = nullptr;  ///< by port, where the content told nothing
  std::string name;                       ///< raw bytes of the packet: any value
  NameSource name_source = NameSource::None;
  uint32_t name_age_s = 0;      ///< DnsAnswer: from the answer to the flow's beginning
  bool name_ambiguous = false;  ///< DnsAnswer: the client was told other names of the address too
  std::vector<Fingerprint> fingerprints;
};

/// An address has this name: the flow's client was told so (a DNS answer).
struct LearnedName {
  uint8_t ip_version = 4;
  std::array<uint8_t, 16> address{};  ///< network order; IPv4 in the first four bytes
  std::string_view name;              ///< raw bytes of the packet. Lifetime: the event's
  uint32_t ttl_s = 0;
};

/// One application event: the name, and its fields as a tape (app_tape.h).
struct AppEvent final : RecordBelonging {
  const char* name = nullptr;   ///< "dns", "tls"; a literal
  std::vector<uint8_t> tape;    ///< the fields of the object `name`
  std::vector<uint8_t> beside;  ///< fields at the top level of the record
  bool cut = false;             ///< it was longer than is kept
  bool to_client = false;       ///< the flow's responder is the sender
  /// Set: nothing to write, but something for the records to come; name is null, the tape is the
  /// text of the name that was learned.
  std::optional<LearnedName> learned = {};
  AppEvent* next_unused = nullptr;  ///< EventPool's

  /// As it was when it was made, but with the memory of its tapes.
  void make_new() noexcept {
    restart_references();
    name = nullptr;
    tape.clear();
    beside.clear();
    cut = to_client = false;
    learned.reset();
    next_unused = nullptr;
  }
};

}  // namespace pktana::flow
