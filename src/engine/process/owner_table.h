// SPDX-License-Identifier: Apache-2.0
// Who has owned which socket lately: filled by the process watch, asked by the sink when a record
// is written, which may be minutes after the socket has gone.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/process/proc_files.h"
#include "engine/process/socket_tuple.h"

namespace pktana::engine {

/// How sure an answer is.
enum class ProcessMatch : uint8_t {
  Exact,      ///< the socket with these two ends was this process's
  Listener,   ///< this process listens at, or is bound to, the local port
  Recent,     ///< the socket was never seen; this process talked to the same remote port lately
  Ambiguous,  ///< more than one process comes into question; the one told is the first of them
};
[[nodiscard]] std::string_view to_string(ProcessMatch match) noexcept;

struct SocketOwner {
  /// Shared: many sockets of one process, all of which outlive it here.
  std::shared_ptr<const ProcessInfo> process;
  uint32_t uid = 0;
  bool is_shared = false;  ///< other processes hold the socket, too
};

struct OwnerAnswer {
  SocketOwner owner;
  ProcessMatch match = ProcessMatch::Exact;
};

/// Any thread. Times are wall clock, ns.
class OwnerTable {
 public:
  static constexpr size_t kMaxSockets = 65536;
  /// Records of flows come up to their idle timeout after the last packet.
  static constexpr int64_t kKeepNs = 700'000'000'000;

  /// A socket that is there now. `tuple.remote` zero: it listens, or is not connected.
  void note(const SocketTuple& tuple, const SocketOwner& owner, int64_t now_ns);

  /// The owner of these ends, or of the local port, was noted a moment ago.
  [[nodiscard]] bool knows(const SocketTuple& tuple, int64_t now_ns) const;

  /// Forgets what has not been noted for kKeepNs; when there are still too many, the oldest.
  void forget_old(int64_t now_ns);

  /// Addresses of this machine: what has none of them as its local end belongs to nobody here.
  void set_local_addresses(std::vector<SocketEnd> addresses);

  /// @param start_ns, end_ns the flow's: a socket that lived at another time is not its own.
  [[nodiscard]] std::optional<OwnerAnswer> find(const SocketTuple& tuple, int64_t start_ns,
                                                int64_t end_ns) const;

  [[nodiscard]] size_t size() const;

 private:
  struct Entry {
    SocketOwner owner;
    int64_t first_ns = 0;
    int64_t last_ns = 0;
    bool is_contested = false;  ///< a remote end: several processes talked to it lately
  };
  using Map = std::unordered_map<SocketTuple, Entry, SocketTupleHash>;

  static void note_in(Map& map, const SocketTuple& key, const SocketOwner& owner, int64_t now_ns);
  static void forget_in(Map& map, int64_t before_ns);
  [[nodiscard]] bool is_local(const SocketTuple& tuple) const;
  [[nodiscard]] const Entry* find_listener(const SocketTuple& tuple) const;

  mutable std::mutex mutex_;
  Map sockets_;    ///< both ends
  Map listeners_;  ///< the local end
  Map remotes_;    ///< the remote end
  std::vector<SocketEnd> local_addresses_;
};

}  // namespace pktana::engine
