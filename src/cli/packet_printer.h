// SPDX-License-Identifier: Apache-2.0
// Prints one line for each packet (--show packets), with -v a second one with the IP header's
// fields.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "cli/clock_text.h"
#include "cli/line_output.h"
#include "engine/packet_observer.h"

namespace pktana::cli {

class PacketPrinter final : public engine::PacketObserver {
 public:
  struct Options {
    sink::TimeZone time_zone = sink::TimeZone::Utc;
    bool details = false;
    /// Names by PacketRef::source_id, shown in front; empty = not shown.
    std::vector<std::string> sources;
  };

  /// @param stop set when the output is gone, so that the run ends. Both must outlive the printer.
  PacketPrinter(const Options& options, LineOutput& output, std::atomic<bool>& stop);

  void on_packet(const ring::PacketRef& ref, const parse::Packet& packet) override;
  void on_idle() override;

 private:
  void put_source(Line& line, uint16_t source_id) const noexcept;
  void flush();

  ClockText clock_;
  bool details_;
  std::vector<std::string> sources_;  ///< escaped, cut to kMaxSourceBytes, a blank behind each
  LineOutput& output_;
  std::atomic<bool>& stop_;
};

}  // namespace pktana::cli
