// SPDX-License-Identifier: Apache-2.0
#include "daemon/prometheus_text.h"

#include <array>
#include <vector>

#include <sys/resource.h>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/version.h"

namespace pktana::daemon {
namespace {

/// A label's value: what would end it is escaped.
std::string label(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    text += c == '\n' ? ' ' : c;
  }
  return text;
}

/// Families of metrics: the lines of each stand together, under its help.
class Metrics {
 public:
  Metrics& family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_ += fmt::format("# HELP pktana_{} {}\n# TYPE pktana_{} {}\n", name, help, name, type);
    return *this;
  }
  Metrics& value(uint64_t number) {
    text_ += fmt::format("pktana_{} {}\n", name_, number);
    return *this;
  }
  Metrics& real(double number) {
    text_ += fmt::format("pktana_{} {:.3f}\n", name_, number);
    return *this;
  }
  Metrics& value(std::string_view labels, uint64_t number) {
    text_ += fmt::format("pktana_{}{{{}}} {}\n", name_, labels, number);
    return *this;
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string_view name_;
  std::string text_;
};

std::string interface_label(std::string_view name) {
  return fmt::format("interface=\"{}\"", label(name));
}

void add_capture(Metrics& metrics, const engine::Ledger& ledger, ControlTarget& target) {
  const auto each = [&](auto value_of) {
    for (const ring::SourceStatistics& source : ledger.sources)
      metrics.value(interface_label(target.source_name(source.source_id)), value_of(source.ring));
  };
  metrics.family("capture_packets_total", "counter",
                 "Packets that the kernel put into the rings or dropped there.");
  each([](const ring::RingStatistics& ring) { return ring.packets; });
  metrics.family("capture_drops_total", "counter",
                 "Packets dropped because a ring was full: raise capture.ring_size or threads.");
  each([](const ring::RingStatistics& ring) { return ring.drops; });
  metrics.family("capture_ring_freezes_total", "counter", "Times that a ring was full.");
  each([](const ring::RingStatistics& ring) { return ring.freezes; });
  if (ledger.ring_fill)
    metrics
        .family("capture_ring_fill_ratio", "gauge",
                "Share of the fullest ring that waits to be read: near 1, packets are lost.")
        .real(*ledger.ring_fill);
  metrics.family("capture_bytes_total", "counter", "Bytes of the packets that were looked at.")
      .value(ledger.packets.captured_bytes);
}

void add_interfaces(Metrics& metrics, const DaemonFacts& facts) {
  metrics.family("interface_attached", "gauge", "1 while the interface is captured from.");
  for (const InterfaceFacts& one : facts.interfaces)
    metrics.value(interface_label(one.name), one.attached ? 1 : 0);
  metrics.family("interface_up", "gauge", "1 while the interface is up.");
  for (const InterfaceFacts& one : facts.interfaces)
    metrics.value(interface_label(one.name), one.up ? 1 : 0);
  metrics.family("interface_rebinds_total", "counter",
                 "Times that the interface was gone and rings were made for it again.");
  for (const InterfaceFacts& one : facts.interfaces)
    metrics.value(interface_label(one.name), one.rebinds);
}

void add_flows(Metrics& metrics, const engine::Ledger& ledger) {
  metrics.family("decode_errors_total", "counter", "Packets that could not be decoded.")
      .value(ledger.packets.undecodable_sum());
  metrics.family("flows_active", "gauge", "Flows in the table.").value(ledger.live_flows);
  metrics.family("flows_created_total", "counter", "Flows that began.")
      .value(ledger.flows.flows_created);
  metrics.family("flows_ended_total", "counter", "Flows that ended, by reason.");
  for (size_t i = 0; i < ledger.flows.ended.size(); ++i)
    metrics.value(fmt::format("reason=\"{}\"", flow::to_string(static_cast<flow::EndReason>(i))),
                  ledger.flows.ended[i]);
  metrics.family("flow_table_room", "gauge", "Flows that the tables hold at a time.")
      .value(ledger.flows.room);
  metrics
      .family("flow_swept_slots_total", "counter", "Slots of the tables that the timer looked at.")
      .value(ledger.flows.swept_slots);
  metrics.family("flow_swept_flows_total", "counter", "Flows that the timer ended.")
      .value(ledger.flows.swept_flows);
}

void add_outputs(Metrics& metrics, const engine::Ledger& ledger) {
  const auto& outputs = ledger.sink.outputs;
  const auto sink_label = [](const sink::OutputTotals& output) {
    return fmt::format("sink=\"{}\"", label(output.path));
  };
  metrics.family("log_records_total", "counter", "Records written, by output.");
  for (const sink::OutputTotals& output : outputs)
    metrics.value(sink_label(output), output.written);
  metrics.family("log_bytes_total", "counter", "Bytes written, by output.");
  for (const sink::OutputTotals& output : outputs)
    metrics.value(sink_label(output), output.bytes_written);
  metrics.family("log_dropped_total", "counter", "Records lost on their way to an output.");
  for (const sink::OutputTotals& output : outputs) {
    const std::pair<const char*, uint64_t> reasons[] = {
        {"queue_full", ledger.sink.dropped_queue_full},
        {"disk_full", output.dropped_disk_full},
        {"output_slow", output.dropped_output_slow},
        {"output_down", output.dropped_sink_down}};
    for (const auto& [reason, count] : reasons)
      metrics.value(fmt::format("{},reason=\"{}\"", sink_label(output), reason), count);
  }
  metrics.family("log_rotations_total", "counter", "Log files rotated, by output.");
  for (const sink::OutputTotals& output : outputs)
    metrics.value(sink_label(output), output.health.rotations);
  metrics.family("log_torn_lines_total", "counter",
                 "Last lines of earlier processes that were not whole.");
  for (const sink::OutputTotals& output : outputs)
    metrics.value(sink_label(output), output.health.torn_lines);
  metrics.family("log_healthy", "gauge", "1 while the output takes what it is given.");
  for (const sink::OutputTotals& output : outputs)
    metrics.value(sink_label(output), output.health.trouble.empty() ? 1 : 0);
}

void add_plugins(Metrics& metrics, const DaemonFacts& facts) {
  if (facts.plugins.empty()) return;
  const auto each = [&](auto value_of) {
    for (const PluginFacts& one : facts.plugins)
      metrics.value(fmt::format("plugin=\"{}\"", label(one.name)), value_of(one));
  };
  metrics.family("plugin_calls_total", "counter", "Calls of a plugin.");
  each([](const PluginFacts& one) { return one.calls; });
  metrics.family("plugin_overruns_total", "counter",
                 "Calls of a plugin that took longer than plugins.time_budget.");
  each([](const PluginFacts& one) { return one.overruns; });
  metrics.family("plugin_faults_total", "counter", "Calls of a plugin that crashed.");
  each([](const PluginFacts& one) { return one.faults; });
  metrics.family("plugin_off", "gauge", "1 if the plugin was switched off.");
  each([](const PluginFacts& one) { return one.off ? uint64_t{1} : uint64_t{0}; });
}

void add_process(Metrics& metrics, const DaemonFacts& facts) {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const double cpu = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                     static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  metrics.family("build_info", "gauge", "1; the labels say what runs.")
      .value(fmt::format("version=\"{}\"", base::version()), 1);
  metrics.family("uptime_seconds", "gauge", "Since the daemon began.")
      .real(static_cast<double>(facts.uptime_ns) / base::kNsPerSecond);
  metrics.family("cpu_seconds_total", "counter", "Processor time used.").real(cpu);
  metrics.family("config_reloads_total", "counter", "Times that the configuration was read again.")
      .value(facts.reloads);
  metrics.family("config_last_reload_successful", "gauge", "0 if the new file had mistakes.")
      .value(facts.last_reload_good ? 1 : 0);
}

}  // namespace

std::string prometheus_text(const DaemonFacts& facts, const engine::Ledger& ledger,
                            ControlTarget& target) {
  Metrics metrics;
  add_capture(metrics, ledger, target);
  add_interfaces(metrics, facts);
  add_flows(metrics, ledger);
  add_outputs(metrics, ledger);
  add_plugins(metrics, facts);
  add_process(metrics, facts);
  return metrics.take();
}

}  // namespace pktana::daemon
