// SPDX-License-Identifier: Apache-2.0
// What the daemon is told by its configuration file, as plain values. The defaults are those of the
// key table (config_keys.h); default_config() has them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/keyed_hash.h"
#include "engine/run.h"
#include "flow/timeouts.h"
#include "sink/output_options.h"

namespace pktana::daemon {

struct CaptureConfig {
  std::vector<std::string> interfaces;  ///< names, or "any" alone
  unsigned threads = 0;                 ///< 0 = one per usable core
  uint64_t ring_bytes = 0;              ///< per worker and interface
  std::string filter;                   ///< pcap syntax, empty = none
  uint32_t snaplen = 0;
  bool promiscuous = false;
  bool ignore_outgoing = false;
  bool pin_workers = false;
  unsigned format_threads = 1;  ///< the sink's own included
};

struct FlowConfig {
  uint32_t max_flows = 0;
  int64_t active_timeout_ns = 0;   ///< 0 = never split
  int64_t update_interval_ns = 0;  ///< 0 = no updates
  flow::Timeouts timeouts;
  engine::TunnelFlows tunnels = engine::TunnelFlows::Inner;
  parse::TunnelPorts tunnel_ports;
  flow::KeyOptions key;
  std::optional<base::HashSecret> hash_secret;  ///< none = drawn once, kept with the state
  uint16_t community_id_seed = 0;
};

struct AppConfig {
  bool enabled = false;
};

struct PluginsConfig {
  std::string directory;           ///< all *.so in it; empty = none
  std::vector<std::string> files;  ///< and these
  int64_t time_budget_ns = 0;      ///< of a call

  [[nodiscard]] bool any() const noexcept { return !directory.empty() || !files.empty(); }
};

struct ScanConfig {
  bool enabled = false;
  uint32_t threshold = 0;
  bool fold = false;
};

struct EnrichConfig {
  std::vector<std::string> geoip;  ///< databases
  bool process = false;
};

enum class OutputType : uint8_t { File, Stdout, Unix };
enum class Compression : uint8_t { None, Zstd };

/// One [[output]].
struct OutputConfig {
  OutputType type = OutputType::File;
  sink::Format format = sink::Format::Eve;
  std::string path;  ///< of the file or the socket
  bool flow_events = false;
  bool update_events = false;
  bool scan_events = false;
  bool stats_events = false;
  bool app_events = false;                   ///< of the application layer
  std::vector<std::string> app_event_names;  ///< of these only; empty = all
  std::vector<std::string> plugin_events;    ///< those among them that no dissector of ours has
  std::string where;                         ///< flow expression, empty = all
  int64_t flush_ns = 0;
  bool sync = false;
  bool io_uring = false;
  uint64_t rotate_size_bytes = 0;  ///< 0 = not by size; the same for those below
  int64_t rotate_interval_ns = 0;
  uint64_t keep_size_bytes = 0;
  int64_t keep_age_ns = 0;
  uint64_t keep_free_bytes = 0;
  Compression compress = Compression::None;
  int64_t compress_delay_ns = 0;
};

struct ApiConfig {
  std::string socket;  ///< empty = none
  uint32_t max_clients = 0;
};

struct MetricsConfig {
  std::string listen;  ///< ADDRESS:PORT; empty = none
  bool allow_remote = false;
};

enum class LogLevel : uint8_t { Debug, Info, Warning, Error };

struct LogConfig {
  LogLevel level = LogLevel::Info;
  std::string file;  ///< empty = stderr
};

enum class SandboxMode : uint8_t { Off, On, Strict };

struct StateConfig {
  std::string directory;  ///< empty = nothing is kept
  int64_t checkpoint_interval_ns = 0;
};

struct Config {
  std::string sensor_name;  ///< empty = the host's
  CaptureConfig capture;
  FlowConfig flow;
  AppConfig app;
  PluginsConfig plugins;
  ScanConfig scans;
  EnrichConfig enrich;
  std::vector<OutputConfig> outputs;
  int64_t stats_interval_ns = 0;
  ApiConfig api;
  MetricsConfig metrics;
  LogConfig log;
  SandboxMode sandbox = SandboxMode::On;
  StateConfig state;
};

}  // namespace pktana::daemon
