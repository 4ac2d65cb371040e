// SPDX-License-Identifier: Apache-2.0
#include "cli/option_values.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <utility>

#include <strings.h>

#include "app/registry.h"
#include "base/clock.h"
#include "base/cpu_affinity.h"
#include "base/nearest.h"
#include "base/units.h"
#include "cli/timeout_option.h"
#include "engine/tunnel_values.h"
#include "parse/link_type.h"

namespace pktana::cli {
namespace {

constexpr uint32_t kMaxSnaplen = 262144;
constexpr unsigned kMaxThreads = 256;
constexpr uint64_t kMaxScanThreshold = 500;  ///< targets are counted exactly up to about there
constexpr int64_t kDefaultUpdateNs = 60 * base::kNsPerSecond;
constexpr uint64_t kMaxFlowsLimit = 1'000'000'000;

template <typename T>
using Choices = std::initializer_list<std::pair<const char*, T>>;

/// Reads one text after another and keeps the first error, so that the list of options reads as
/// one.
class ValueReader {
 public:
  void duration(const OptionText& text, const char* option, int64_t& target) {
    if (text) keep(base::parse_duration_ns(*text), option, target);
  }
  void size(const OptionText& text, const char* option, uint64_t& target) {
    if (text) keep(base::parse_size_bytes(*text), option, target);
  }
  template <typename T>
  void count(const OptionText& text, const char* option, uint64_t low, uint64_t high, T& target) {
    if (text) keep(base::parse_count(*text, low, high), option, target);
  }
  template <typename T>
  void choice(const OptionText& text, const char* option, Choices<T> choices, T& target) {
    if (!text) return;
    std::vector<std::string> names;
    for (const auto& [name, value] : choices) {
      if (*text == name) target = value;
      if (*text == name) return;
      names.emplace_back(name);
    }
    refuse(option, *text, names);
  }
  void result(const base::Result<void>& read, const char* option) {
    if (!read) fail(option, read.error().detail);
  }
  void refuse(const char* option, const std::string& text, const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names)
      list += (list.empty() ? "" : ", ") + name;
    fail(option, "'" + text + "' is not one of " + list + base::suggestion(text, names));
  }
  void fail(const char* option, const std::string& message) {
    if (result_) result_ = base::fail_input("", std::string(option) + ": " + message);
  }

  [[nodiscard]] const base::Result<void>& result() const noexcept { return result_; }

 private:
  template <typename From, typename To>
  void keep(const base::Result<From>& value, const char* option, To& target) {
    if (value)
      target = static_cast<To>(*value);
    else
      fail(option, value.error().detail);
  }

  base::Result<void> result_;
};

/// What a plugin may call its events; which ones it has is known when it is loaded.
bool is_event_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

void read_events(const OptionText& text, ValueReader& reader, Options& options) {
  if (!text) return;
  options.flow_events = false;
  options.update_events = false;
  options.stats_events = false;
  options.scan_events = false;
  options.all_app_events = false;
  const app::Registry dissectors = app::Registry::with_builtin();
  std::vector<std::string> names{"flow", "flow_update", "scan", "stats"};
  for (const std::string_view event : dissectors.event_names())
    names.emplace_back(event);
  for (size_t begin = 0; begin <= text->size();) {
    const size_t end = std::min(text->find(',', begin), text->size());
    const std::string name = text->substr(begin, end - begin);
    begin = end + 1;
    if (name == "flow")
      options.flow_events = true;
    else if (name == "flow_update")
      options.update_events = true;
    else if (name == "stats")
      options.stats_events = true;
    else if (name == "scan")
      options.scan_events = true;
    else if (std::find(names.begin(), names.end(), name) != names.end() ||
             (!options.plugin_files.empty() && is_event_name(name)))
      options.app_event_names.push_back(name);
    else
      reader.refuse("--events", name, names);
  }
}

/// After the events.
void read_app(const TypedWords& typed, ValueReader& reader, Options& options) {
  options.app_layer = !typed.no_app;
  if (typed.no_app && !typed.plugin_files.empty())
    reader.fail("--no-app",
                "with it no plugin has anything to do: leave --no-app or --plugin away");
  if (typed.no_app && !options.app_event_names.empty())
    reader.fail("--no-app", "'" + options.app_event_names.front() +
                                "' in --events comes from the application layer: leave one of "
                                "the two away");
}

void read_threads(const OptionText& text, ValueReader& reader, Options& options) {
  const bool every_cpu =
      text ? *text == "auto"
           : options.command == Command::Capture || options.command == Command::Doctor ||
                 options.command == Command::Top || options.command == Command::Query;
  if (every_cpu)
    options.threads = std::clamp(base::usable_cpu_count(), 1U, kMaxThreads);
  else
    reader.count(text, "--threads", 1, kMaxThreads, options.threads);
}

void read_timeouts(const TypedWords& typed, ValueReader& reader, Options& options) {
  reader.duration(typed.idle_timeout, "--idle-timeout", options.idle_timeout_ns);
  if (typed.idle_timeout && options.idle_timeout_ns == 0)
    reader.fail("--idle-timeout", "must be above 0; without the option each protocol has its own");
  if (options.idle_timeout_ns > 0)
    options.timeouts = flow::Timeouts::uniform(options.idle_timeout_ns);
  for (const std::string& list : typed.timeouts)
    if (auto read = read_timeout_list(list, options.timeouts); !read)
      reader.fail("--timeout", read.error().detail);
  reader.duration(typed.active_timeout, "--active-timeout", options.active_timeout_ns);
}

/// After the events and the format.
void read_updates(const TypedWords& typed, ValueReader& reader, Options& options) {
  if (typed.update_interval && !typed.events) options.update_events = true;
  if (options.update_events) options.update_interval_ns = kDefaultUpdateNs;
  reader.duration(typed.update_interval, "--update-interval", options.update_interval_ns);
  if (options.update_interval_ns == 0) {
    if (typed.update_interval) reader.fail("--update-interval", "must be above 0");
    return;
  }
  if (!options.update_events)
    reader.fail("--update-interval", "goes with flow_update in --events");
  else if (typed.format && !sink::tells_updates(options.format))
    reader.fail("--events", "flow_update is written with --format eve, ecs and ocsf only");
}

/// A number, or a name as `capinfos` and tcpdump.org have it, in any case.
void read_link_type(const OptionText& text, ValueReader& reader, Options& options) {
  constexpr uint16_t kLastKnown = 300;
  if (!text) return;
  if (const auto number = base::parse_count(*text, 0, 65535); number) {
    options.inspect.link_type = static_cast<uint16_t>(*number);
    return;
  }
  std::vector<std::string> names;
  for (uint16_t type = 0; type < kLastKnown; ++type) {
    std::string name(to_string(static_cast<parse::LinkType>(type)));
    if (name == "unknown") continue;
    std::transform(name.begin(), name.end(), name.begin(), ::tolower);
    if (::strcasecmp(text->c_str(), name.c_str()) == 0) options.inspect.link_type = type;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  if (!options.inspect.link_type) reader.refuse("--link-type", *text, names);
}

void read_inspect(const TypedWords& typed, ValueReader& reader, Options& options) {
  if (typed.packet) {
    auto ranges = PacketRanges::parse(*typed.packet);
    if (ranges)
      options.inspect.packets = std::move(*ranges);
    else
      reader.fail("--packet", ranges.error().detail);
  }
  read_link_type(typed.link_type, reader, options);
  options.inspect.hex = typed.hex;
  options.inspect.hex_dump = typed.hex_dump;
}

void read_hash_secret(const OptionText& text, ValueReader& reader, Options& options) {
  if (!text) return;
  const auto secret = base::HashSecret::from_hex(*text);
  if (secret)
    options.hash_secret = *secret;
  else
    reader.fail("--hash-secret", secret.error().detail);
}

void read_tunnels(const TypedWords& typed, ValueReader& reader, Options& options) {
  using engine::TunnelFlows;
  reader.choice<TunnelFlows>(
      typed.tunnels, "--tunnels",
      {{"inner", TunnelFlows::Inner}, {"outer", TunnelFlows::Outer}, {"both", TunnelFlows::Both}},
      options.tunnels);
  for (const std::string& text : typed.tunnel_ports)
    reader.result(engine::read_tunnel_port(text, options.tunnel_ports), "--tunnel-port");
  if (typed.key_ignore)
    reader.result(engine::read_key_ignore(*typed.key_ignore, options.key), "--key-ignore");
}

void read_follow(const TypedWords& typed, ValueReader& reader, Options& options) {
  if (!typed.follow) return;
  auto flow = FlowChoice::parse(*typed.follow);
  if (!flow) return reader.result(base::Unexpected(flow.error()), "--follow");
  options.follow = FollowOptions{.flow = std::move(*flow)};
  reader.choice<FollowFormat>(
      typed.format, "--format",
      {{"text", FollowFormat::Text}, {"hex", FollowFormat::Hex}, {"raw", FollowFormat::Raw}},
      options.follow->format);
}

void read_split(const TypedWords& typed, ValueReader& reader, Options& options) {
  using By = SplitOptions::By;
  const bool split = typed.split.has_value();
  if (!split && (typed.split_by || typed.overwrite))
    reader.fail(typed.split_by ? "--by" : "--overwrite", "is about --split DIR: give that too");
  if (!split || options.command != Command::Read) return;
  options.split = SplitOptions{.directory = *typed.split};
  if (typed.split->empty()) reader.fail("--split", "needs the name of a directory");
  if (!typed.split_by) reader.fail("--split", "what by? --by flow, src or app");
  reader.choice<By>(typed.split_by, "--by",
                    {{"flow", By::Flow}, {"src", By::Src}, {"app", By::App}}, options.split->by);
  reader.choice<sink::FileFormat>(
      typed.file_format, "--file-format",
      {{"pcap", sink::FileFormat::Pcap}, {"pcapng", sink::FileFormat::Pcapng}},
      options.split->format);
  options.split->overwrite = typed.overwrite;
}

}  // namespace

base::Result<void> read_values(const TypedWords& typed, Options& options) {
  constexpr uint64_t kNoLimit = std::numeric_limits<uint64_t>::max();
  ValueReader reader;
  reader.count(typed.count, "--count", 1, kNoLimit, options.packet_limit);
  reader.count(typed.snaplen, "--snaplen", 0, kMaxSnaplen, options.snaplen);
  if (options.snaplen == 0) options.snaplen = kMaxSnaplen;  // as tcpdump has it
  options.output = typed.output.value_or("-");
  options.where = typed.where.value_or("");
  if (typed.where && options.where.empty()) reader.fail("--where", "the expression is empty");
  reader.choice<Show>(
      typed.show, "--show",
      {{"packets", Show::Packets}, {"flows", Show::Flows}, {"summary", Show::Summary}},
      options.show);
  read_follow(typed, reader, options);
  read_split(typed, reader, options);
  const bool of_records = options.command != Command::Query && !options.follow;
  reader.choice<sink::Format>(of_records ? typed.format : OptionText(), "--format",
                              {{"eve", sink::Format::Eve},
                               {"zeek", sink::Format::Zeek},
                               {"ecs", sink::Format::Ecs},
                               {"ocsf", sink::Format::Ocsf},
                               {"csv", sink::Format::Csv},
                               {"table", sink::Format::Table}},
                              options.format);
  options.plugin_files = typed.plugin_files;
  read_events(typed.events, reader, options);
  read_app(typed, reader, options);
  read_threads(typed.threads, reader, options);
  reader.count(typed.format_threads, "--format-threads", 1, kMaxThreads, options.format_threads);
  read_timeouts(typed, reader, options);
  read_updates(typed, reader, options);
  reader.count(typed.max_flows, "--max-flows", 1, kMaxFlowsLimit, options.max_flows);
  read_tunnels(typed, reader, options);
  read_hash_secret(typed.hash_secret, reader, options);
  reader.choice<ColorChoice>(
      typed.color, "--color",
      {{"auto", ColorChoice::Auto}, {"always", ColorChoice::Always}, {"never", ColorChoice::Never}},
      options.color);
  reader.choice<sink::TimeZone>(typed.time_zone, "--time-zone",
                                {{"utc", sink::TimeZone::Utc}, {"local", sink::TimeZone::Local}},
                                options.time_zone);
  reader.size(typed.ring_size, "--ring-size", options.ring_bytes);
  reader.duration(typed.rates, "--rates", options.rates_interval_ns);
  reader.duration(typed.stats_interval, "--stats-interval", options.stats_interval_ns);
  reader.count(typed.scan_threshold, "--scan-threshold", 2, kMaxScanThreshold,
               options.scan_threshold);
  read_inspect(typed, reader, options);
  options.fold_scans = typed.fold_scans;
  options.geoip_files = typed.geoip_files;
  options.process = typed.process;
  options.promiscuous = !typed.no_promiscuous;
  options.pin_workers = typed.pin_workers;
  options.merge = typed.merge;
  options.sort = typed.sort;
  options.quiet = typed.quiet;
  options.verbose = typed.verbose;
  return reader.result();
}

}  // namespace pktana::cli
