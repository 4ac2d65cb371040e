// SPDX-License-Identifier: Apache-2.0
// Sums over the final records of a run, for --show summary: who talked, what, how well.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

#include "engine/record_watcher.h"
#include "filter/address.h"

namespace pktana::cli {

struct Share {
  uint64_t flows = 0;
  uint64_t packets = 0;
  uint64_t bytes = 0;
};

struct TcpHealth {
  uint64_t flows = 0;
  uint64_t completed = 0;   ///< with a SYN and an answer, ended by FIN both ways
  uint64_t unanswered = 0;  ///< SYN, no reply
  uint64_t refused = 0;     ///< SYN, then RST
  uint64_t reset = 0;       ///< established, then reset
  uint64_t segments = 0;
  uint64_t retransmits = 0;
  uint64_t out_of_order = 0;
  uint64_t zero_windows = 0;
  uint64_t lost_bytes = 0;
  uint64_t handshakes = 0;
  uint64_t handshake_us = 0;  ///< sum
  uint32_t slowest_us = 0;
  uint64_t incomplete = 0;  ///< flows of which less was counted than there was
};

/// Any thread may show it records.
class FlowSums final : public engine::RecordWatcher {
 public:
  static constexpr size_t kMaxHosts = 1'000'000;  ///< further ones are together

  void see(std::span<const flow::FlowRecord> records) noexcept override;

  // After the run.
  [[nodiscard]] const Share& all() const noexcept { return all_; }
  [[nodiscard]] const std::map<std::string, Share>& protocols() const noexcept {
    return protocols_;
  }
  [[nodiscard]] const std::map<std::string, Share>& applications() const noexcept {
    return applications_;
  }
  /// Of responders, as "TCP/443".
  [[nodiscard]] const std::map<std::string, Share>& ports() const noexcept { return ports_; }
  /// By address: what a host sent and got.
  [[nodiscard]] std::map<std::string, Share> hosts() const;
  [[nodiscard]] uint64_t hosts_left_out() const noexcept { return hosts_left_out_; }
  [[nodiscard]] const TcpHealth& tcp() const noexcept { return tcp_; }

 private:
  struct AddressHash {
    size_t operator()(const filter::Address& address) const noexcept {
      return address.high * 31 + address.low;
    }
  };
  void add(const flow::FlowRecord& record);
  void add_host(const filter::Address& address, const Share& share);
  void add_tcp(const flow::FlowRecord& record);

  std::mutex mutex_;
  Share all_;
  std::map<std::string, Share> protocols_;
  std::map<std::string, Share> applications_;
  std::map<std::string, Share> ports_;
  std::unordered_map<filter::Address, Share, AddressHash> hosts_;
  uint64_t hosts_left_out_ = 0;
  TcpHealth tcp_;
};

}  // namespace pktana::cli
