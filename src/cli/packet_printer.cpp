// SPDX-License-Identifier: Apache-2.0
#include "cli/packet_printer.h"

#include "cli/packet_line.h"
#include "cli/terminal.h"

namespace pktana::cli {
namespace {

constexpr size_t kMaxSourceBytes = 256;

ClockText::Style clock_style(bool details) noexcept {
  return details ? ClockText::Style::DateAndNanos : ClockText::Style::TimeOfDay;
}

}  // namespace

PacketPrinter::PacketPrinter(const Options& options, LineOutput& output, std::atomic<bool>& stop)
    : clock_(options.time_zone, clock_style(options.details)),
      details_(options.details),
      output_(output),
      stop_(stop) {
  for (const std::string& source : options.sources)
    sources_.push_back(printable(source).substr(0, kMaxSourceBytes) + " ");
}

void PacketPrinter::on_packet(const ring::PacketRef& ref, const parse::Packet& packet) {
  Line line(output_.room(Line::kMaxLineBytes));
  clock_.put(line, ref.ts_ns);
  line.text(" ");
  put_source(line, ref.source_id);
  put_packet(line, ref, packet);
  line.text("\n");
  if (details_ && packet.verdict == parse::Verdict::Ip) {
    put_ip_details(line.text("    "), packet);
    line.text("\n");
  }
  output_.commit(line.end());
  if (output_.is_terminal()) flush();
}

void PacketPrinter::on_idle() { flush(); }

void PacketPrinter::put_source(Line& line, uint16_t source_id) const noexcept {
  if (source_id < sources_.size()) line.text(sources_[source_id]);
}

void PacketPrinter::flush() {
  output_.flush();
  if (output_.error()) stop_ = true;
}

}  // namespace pktana::cli
