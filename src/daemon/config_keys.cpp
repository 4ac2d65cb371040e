// SPDX-License-Identifier: Apache-2.0
#include "daemon/config_keys.h"

#include <limits>
#include <string>

#include "base/units.h"
#include "daemon/config_lists.h"
#include "filter/expression.h"
#include "filter/filter_set.h"

namespace pktana::daemon {
namespace {

using Value = const ConfigValue&;
using Target = ConfigTarget;
using Done = base::Result<void>;

constexpr int64_t kMaxThreads = 256;
constexpr int64_t kMaxSnaplen = 262144;
constexpr int64_t kMaxFlows = 1'000'000'000;
constexpr int64_t kMaxScanThreshold = 500;
constexpr int64_t kMaxClients = 10'000;

Done read_threads(Value value, Target target) {
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return read_count(value, 1, kMaxThreads, target.config.capture.threads);
  if (*text != "auto") return base::fail_input("", "write \"auto\" or a number from 1 to 256");
  target.config.capture.threads = 0;
  return {};
}

Done read_filter(Value value, Target target) {
  std::string& filter = target.config.capture.filter;
  if (auto read = read_text(value, filter); !read || filter.empty()) return read;
  const auto compiled = filter::FilterSet::create(filter);
  if (!compiled) return base::Unexpected(compiled.error());
  return {};
}

Done read_where(Value value, Target target) {
  std::string& where = target.output->where;
  if (auto read = read_text(value, where); !read || where.empty()) return read;
  const auto compiled = filter::Expression::compile(where, filter::ExpressionUse::Records);
  if (!compiled) return base::Unexpected(compiled.error());
  return {};
}

Done read_secret(Value value, Target target) {
  std::string text;
  if (auto read = read_text(value, text); !read) return read;
  target.config.flow.hash_secret.reset();
  if (text.empty()) return {};
  const auto secret = base::HashSecret::from_hex(text);
  if (!secret) return base::Unexpected(secret.error());
  target.config.flow.hash_secret = *secret;
  return {};
}

Done read_interfaces(Value value, Target target) {
  std::vector<std::string> names;
  if (auto read = read_list(value, names); !read) return read;
  if (auto good = check_interfaces(names); !good) return good;
  target.config.capture.interfaces = std::move(names);
  return {};
}

Done read_tunnels(Value value, Target target) {
  using engine::TunnelFlows;
  return read_choice<TunnelFlows>(
      value,
      {{"inner", TunnelFlows::Inner}, {"outer", TunnelFlows::Outer}, {"both", TunnelFlows::Both}},
      target.config.flow.tunnels);
}

Done read_format(Value value, Target target) {
  using sink::Format;
  return read_choice<Format>(value,
                             {{"eve", Format::Eve},
                              {"zeek", Format::Zeek},
                              {"ecs", Format::Ecs},
                              {"ocsf", Format::Ocsf},
                              {"csv", Format::Csv}},
                             target.output->format);
}

Done read_type(Value value, Target target) {
  return read_choice<OutputType>(
      value,
      {{"file", OutputType::File}, {"stdout", OutputType::Stdout}, {"unix", OutputType::Unix}},
      target.output->type);
}

Done read_compress(Value value, Target target) {
  return read_choice<Compression>(value, {{"zstd", Compression::Zstd}, {"none", Compression::None}},
                                  target.output->compress);
}

Done read_level(Value value, Target target) {
  return read_choice<LogLevel>(value,
                               {{"debug", LogLevel::Debug},
                                {"info", LogLevel::Info},
                                {"warning", LogLevel::Warning},
                                {"error", LogLevel::Error}},
                               target.config.log.level);
}

Done read_sandbox(Value value, Target target) {
  return read_choice<SandboxMode>(
      value, {{"strict", SandboxMode::Strict}, {"on", SandboxMode::On}, {"off", SandboxMode::Off}},
      target.config.sandbox);
}

/// Of each [[output]] the default too is read with its target, so `output` is never null here.
#define PKTANA_READ(reader, field) [](Value v, Target t) -> Done { return reader(v, t.field); }
#define PKTANA_COUNT(low, high, field) \
  [](Value v, Target t) -> Done { return read_count(v, low, high, t.field); }

constexpr ConfigTable kTables[] = {
    {"sensor", "who we are"},
    {"capture", "where packets come from"},
    {"flow", "how packets become flows"},
    {"flow.timeouts", "a flow ends so long after its last packet, by protocol and state"},
    {"app", "what flows speak: TLS, DNS, HTTP and so on"},
    {"plugins", "dissectors from shared objects (docs/plugins.md)"},
    {"scans", "scan events, told from many short flows of one source"},
    {"enrich", "what eve records say beyond the packets"},
    {"output", "where records go; one [[output]] each, as many as you like"},
    {"stats", "stats events: counters and the ledger"},
    {"api", "the control socket that `pktana ctl` talks to"},
    {"metrics", "metrics for Prometheus"},
    {"log", "the daemon's own log"},
    {"sandbox", "rights that are given up at start"},
    {"state", "what outlives a restart: live flows, the secret of flow ids"},
};

constexpr ConfigKey kKeys[] = {
    {"sensor", "name", "\"\"", "host of each record; empty: the machine's name", false,
     PKTANA_READ(read_text, config.sensor_name)},

    {"capture", "interfaces", "[\"any\"]",
     "as `pktana interfaces` lists them, one ring per worker each; \"any\" alone = all", false,
     read_interfaces},
    {"capture", "threads", "\"auto\"", "workers; auto = one per core", false, read_threads},
    {"capture", "ring_size", "\"64MiB\"", "per worker and interface", false,
     PKTANA_READ(read_size, config.capture.ring_bytes)},
    {"capture", "filter", "\"\"", "packet filter (man pcap-filter), run in the kernel", false,
     read_filter},
    {"capture", "snaplen", "262144", "bytes kept of a packet", false,
     PKTANA_COUNT(64, kMaxSnaplen, config.capture.snaplen)},
    {"capture", "promiscuous", "true", "also what is not meant for this machine", false,
     PKTANA_READ(read_bool, config.capture.promiscuous)},
    {"capture", "ignore_outgoing", "false", "leave out what this machine sends", false,
     PKTANA_READ(read_bool, config.capture.ignore_outgoing)},
    {"capture", "pin", "false", "each worker stays on one of the CPUs that the service may use",
     false, PKTANA_READ(read_bool, config.capture.pin_workers)},
    {"capture", "format_threads", "1", "threads that turn records into EVE lines", false,
     PKTANA_COUNT(1, kMaxThreads, config.capture.format_threads)},

    {"flow", "max_flows", "1_000_000", "flows at a time; the oldest without a reply go first",
     false, PKTANA_COUNT(1, kMaxFlows, config.flow.max_flows)},
    {"flow", "active_timeout", "\"0s\"", "split flows that last longer; 0s = never", false,
     PKTANA_READ(read_duration, config.flow.active_timeout_ns)},
    {"flow", "update_interval", "\"60s\"", "a flow_update event of each live flow; 0s = none",
     false, PKTANA_READ(read_duration, config.flow.update_interval_ns)},
    {"flow", "tunnels", "\"inner\"", "flows within tunnels: inner, outer or both", false,
     read_tunnels},
    {"flow", "tunnel_ports", "[]", "other UDP ports of a tunnel, as in \"vxlan=4789,8472\"", false,
     PKTANA_READ(read_tunnel_ports, config.flow.tunnel_ports)},
    {"flow", "key_ignore", "[]", "what does not part flows: \"vlan\", \"tunnel\"", false,
     PKTANA_READ(read_key_ignore, config.flow.key)},
    {"flow", "hash_secret", "\"\"", "hex; empty: random, kept in the state directory", false,
     read_secret},
    {"flow", "community_id_seed", "0", "seed of community_id", false,
     PKTANA_COUNT(0, 65535, config.flow.community_id_seed)},

    {"flow.timeouts.tcp", "new", "\"60s\"", "SYN, no answer", false,
     PKTANA_READ(read_timeout, config.flow.timeouts.tcp.new_ns)},
    {"flow.timeouts.tcp", "established", "\"600s\"", "open connections", false,
     PKTANA_READ(read_timeout, config.flow.timeouts.tcp.established_ns)},
    {"flow.timeouts.tcp", "closed", "\"60s\"", "behind FIN or RST", false,
     PKTANA_READ(read_timeout, config.flow.timeouts.tcp.closed_ns)},
    {"flow.timeouts.udp", "new", "\"30s\"", "one direction only", false,
     PKTANA_READ(read_timeout, config.flow.timeouts.udp.new_ns)},
    {"flow.timeouts.udp", "established", "\"300s\"", "both directions", false,
     PKTANA_READ(read_timeout, config.flow.timeouts.udp.established_ns)},
    {"flow.timeouts.icmp", "new", "\"30s\"", "one direction only", false,
     PKTANA_READ(read_timeout, config.flow.timeouts.icmp.new_ns)},
    {"flow.timeouts.icmp", "established", "\"300s\"", "both directions", false,
     PKTANA_READ(read_timeout, config.flow.timeouts.icmp.established_ns)},
    {"flow.timeouts.other", "new", "\"30s\"", "one direction only", false,
     PKTANA_READ(read_timeout, config.flow.timeouts.other.new_ns)},
    {"flow.timeouts.other", "established", "\"300s\"", "both directions", false,
     PKTANA_READ(read_timeout, config.flow.timeouts.other.established_ns)},

    {"app", "enabled", "true", "look into packets; false: no app_proto and no events of it", false,
     PKTANA_READ(read_bool, config.app.enabled)},

    {"plugins", "directory", "\"\"", "every *.so in it is loaded; empty = none", false,
     PKTANA_READ(read_text, config.plugins.directory)},
    {"plugins", "files", "[]", "and these", false, PKTANA_READ(read_list, config.plugins.files)},
    {"plugins", "time_budget", "\"5ms\"",
     "of a call; 20 times as long, it is broken off; 10 such calls, the plugin is off", false,
     PKTANA_READ(read_duration, config.plugins.time_budget_ns)},

    {"scans", "enabled", "true", "look for scans", false,
     PKTANA_READ(read_bool, config.scans.enabled)},
    {"scans", "threshold", "25", "a scan has tried so many ports or targets", false,
     PKTANA_COUNT(2, kMaxScanThreshold, config.scans.threshold)},
    {"scans", "fold", "false", "scans leave their summary, not their flows", false,
     PKTANA_READ(read_bool, config.scans.fold)},

    {"enrich", "geoip", "[]", "databases (.mmdb) for country, city, ASN", false,
     PKTANA_READ(read_list, config.enrich.geoip)},
    {"enrich", "process", "false", "whose socket it was; needs root and sandbox.mode = \"off\"",
     false, PKTANA_READ(read_bool, config.enrich.process)},

    {"output", "type", "\"file\"", "file, stdout or unix (a stream socket we connect to)", false,
     read_type},
    {"output", "format", "\"eve\"", "eve, zeek, ecs, ocsf or csv", false, read_format},
    {"output", "path", "\"/var/log/pktana/eve.json\"", "of the file or socket", false,
     PKTANA_READ(read_text, output->path)},
    {"output", "events", "[\"flow\", \"flow_update\", \"app\", \"scan\", \"stats\"]",
     "of these; app = all of [app], or their names (dns, tls, ...)", false,
     [](Value v, Target t) -> Done { return read_events(v, *t.output); }},
    {"output", "where", "\"\"", "flow expression: only flows that match (docs/filters.md)", false,
     read_where},
    {"output", "flush", "\"1s\"", "longest time that a record waits in memory", false,
     PKTANA_READ(read_duration, output->flush_ns)},
    {"output", "sync", "false", "have each closed file on the disk (fdatasync)", false,
     PKTANA_READ(read_bool, output->sync)},
    {"output", "io_uring", "true", "write by io_uring where the system has it", false,
     PKTANA_READ(read_bool, output->io_uring)},
    {"output", "rotate_size", "\"1GiB\"", "a new file after so much; 0 = not by size", false,
     PKTANA_READ(read_size, output->rotate_size_bytes)},
    {"output", "rotate_interval", "\"1h\"", "a new file after such time; 0s = not by time", false,
     PKTANA_READ(read_duration, output->rotate_interval_ns)},
    {"output", "keep_size", "\"20GiB\"", "rotated files go, oldest first, beyond; 0 = no limit",
     false, PKTANA_READ(read_size, output->keep_size_bytes)},
    {"output", "keep_age", "\"0s\"", "rotated files older than this go; 0s = no limit", false,
     PKTANA_READ(read_duration, output->keep_age_ns)},
    {"output", "keep_free", "\"0\"", "rotated files go until so much of the disk is free", false,
     PKTANA_READ(read_size, output->keep_free_bytes)},
    {"output", "compress", "\"zstd\"", "rotated files: zstd or none", false, read_compress},
    {"output", "compress_delay", "\"10m\"", "leave a rotated file to its readers for so long",
     false, PKTANA_READ(read_duration, output->compress_delay_ns)},

    {"stats", "interval", "\"10s\"", "0s = one event, at the end", true,
     PKTANA_READ(read_duration, config.stats_interval_ns)},

    {"api", "socket", "\"/run/pktana/api.sock\"", "path; empty = none", false,
     PKTANA_READ(read_text, config.api.socket)},
    {"api", "max_clients", "256", "at a time", false,
     PKTANA_COUNT(1, kMaxClients, config.api.max_clients)},

    {"metrics", "listen", "\"\"", "as in \"127.0.0.1:9477\"; empty = none", false,
     PKTANA_READ(read_listen, config.metrics.listen)},
    {"metrics", "allow_remote", "false", "let that be no loopback address: there is no password",
     false, PKTANA_READ(read_bool, config.metrics.allow_remote)},

    {"log", "level", "\"info\"", "debug, info, warning or error", true, read_level},
    {"log", "file", "\"\"", "empty = stderr (with systemd: the journal)", true,
     PKTANA_READ(read_text, config.log.file)},

    {"sandbox", "mode", "\"on\"", "on, off, or strict: don't start unless all of it works", false,
     read_sandbox},

    {"state", "directory", "\"/var/lib/pktana\"", "empty = nothing is kept", false,
     PKTANA_READ(read_text, config.state.directory)},
    {"state", "checkpoint_interval", "\"10s\"", "live flows are saved so often; 0s = at the end",
     true, PKTANA_READ(read_duration, config.state.checkpoint_interval_ns)},
};

#undef PKTANA_READ
#undef PKTANA_COUNT

}  // namespace

std::span<const ConfigKey> config_keys() noexcept { return kKeys; }

std::span<const ConfigTable> config_tables() noexcept { return kTables; }

std::string path_of(const ConfigKey& key) {
  return std::string(key.table) + '.' + std::string(key.name);
}

}  // namespace pktana::daemon
