// SPDX-License-Identifier: Apache-2.0
// What the command line asks for, checked and with defaults filled in. Made by command_line.h, read
// by the commands.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/keyed_hash.h"
#include "cli/follow/flow_choice.h"
#include "cli/follow/payload_text.h"
#include "cli/packet_ranges.h"
#include "cli/split/splitter.h"
#include "cli/terminal.h"
#include "daemon/config_file.h"
#include "engine/run.h"
#include "flow/timeouts.h"
#include "query/query.h"
#include "sink/output_options.h"
#include "sink/packet_file_options.h"
#include "top/state.h"

namespace pktana::cli {

enum class Command : uint8_t {
  Help,
  Version,
  Capture,
  CheckConfig,
  Daemon,
  Hold,
  Read,
  Fields,
  Interfaces,
  Doctor,
  Inspect,
  Query,
  Verify,
  Ctl,
  Top,
  Complete,
  Completions
};

enum class Show : uint8_t {
  Packets,
  Flows,
  Summary,
  Nothing,  ///< the packets go to a file (-w), and nothing else was asked for
};

/// Of the command read: whose payload is to be shown.
struct FollowOptions {
  FlowChoice flow;
  FollowFormat format = FollowFormat::Text;
};

/// Of the command inspect only.
struct InspectOptions {
  PacketRanges packets;               ///< empty = all
  std::optional<std::string> hex;     ///< instead of a file
  std::optional<uint16_t> link_type;  ///< LINKTYPE_ value; none = the file's, or guessed of hex
  bool hex_dump = false;
};

/// Of the command query only.
struct QueryChoice {
  enum class Format : uint8_t { Table, Json, Csv };

  query::QueryOptions what;  ///< without the expression
  Format format = Format::Json;
  uint64_t top = 0;         ///< groups, with time of each step of it; 0 = all
  bool with_count = false;  ///< a column of its own
  bool follow = false;      ///< go on with lines that come
};

/// Of the command top only.
struct TopChoice {
  std::string socket;  ///< empty: a capture of its own
  top::Wanted wanted;
  top::Page page = top::Page::Flows;
  int64_t interval_ns = 1'000'000'000;
  bool once = false;
  unsigned columns = 0;  ///< once: 0 = the terminal's
  unsigned rows = 0;
};

/// Of the commands daemon and check-config.
struct ConfigChoice {
  daemon::ConfigRequest request;
  bool effective = false;  ///< print what is in force
  bool sample = false;     ///< print the sample file
};

/// Of the command ctl only; empty texts were not given.
struct CtlChoice {
  std::string socket = "/run/pktana/api.sock";
  std::string command;
  std::string where;
  std::string sort;
  std::string by;
  std::string level;
  uint64_t limit = 0;  ///< 0 = the daemon's
};

struct Options {
  Command command = Command::Help;
  bool json = false;      ///< Version, Interfaces, Doctor; Capture and Read have it in `format`
  std::string help_text;  ///< Help: what to print
  std::vector<std::string> completion_words;  ///< Complete: those typed; Completions: the shell

  std::vector<std::string> interfaces;  ///< Capture, Doctor
  int64_t rates_interval_ns = 0;        ///< Interfaces: measure so long; 0 = no rates
  std::vector<std::string> files;       ///< Read; "-" = stdin
  std::string filter;                   ///< pcap syntax, empty = none
  std::vector<std::string> warnings;    ///< of the command line, to be told of
  std::string where;                    ///< flow expression, empty = none
  uint64_t packet_limit = 0;            ///< 0 = none
  uint32_t snaplen = 262144;

  std::optional<sink::PacketFileOptions> save;  ///< -w
  uint64_t hold_bytes = engine::PacketHoldOptions::kUsualBytes;
  int64_t hold_ns = 0;  ///< 0 = as long as it takes

  Show show = Show::Flows;
  std::optional<SplitOptions> split;    ///< Read: likewise
  std::optional<FollowOptions> follow;  ///< Read: instead of what `show` says
  std::string output = "-";
  sink::Format format = sink::Format::Eve;  ///< of flows
  bool flow_events = true;
  bool update_events = false;
  bool stats_events = true;
  bool app_layer = true;                  ///< --no-app: none
  std::vector<std::string> plugin_files;  ///< --plugin, in order
  bool all_app_events = true;
  std::vector<std::string> app_event_names;  ///< unless all
  bool scan_events = true;
  uint32_t scan_threshold = 25;
  bool fold_scans = false;
  std::vector<std::string> geoip_files;
  bool process = false;  ///< Capture: whose sockets the flows are
  sink::TimeZone time_zone = sink::TimeZone::Utc;

  bool merge = false;  ///< Read: the files are one stream in time order
  bool sort = false;   ///< Read: records in the order of start time and key
  unsigned threads = 1;
  unsigned format_threads = 1;     ///< Capture, Read
  int64_t idle_timeout_ns = 0;     ///< 0 = those of the protocols
  flow::Timeouts timeouts{};       ///< with idle_timeout_ns in them
  int64_t active_timeout_ns = 0;   ///< 0 = never split
  int64_t update_interval_ns = 0;  ///< 0 = no updates
  uint32_t max_flows = 1'000'000;
  engine::TunnelFlows tunnels = engine::TunnelFlows::Inner;
  parse::TunnelPorts tunnel_ports;
  flow::KeyOptions key;
  std::optional<base::HashSecret> hash_secret;  ///< none = random

  bool promiscuous = true;
  bool pin_workers = false;
  uint64_t ring_bytes = 64U << 20;
  int64_t stats_interval_ns = 0;  ///< 0 = one stats event, at the end

  InspectOptions inspect;
  QueryChoice query;
  CtlChoice ctl;
  TopChoice top;
  ConfigChoice config;
  std::vector<std::string> held_command;  ///< Hold: what to run

  bool quiet = false;
  bool verbose = false;
  ColorChoice color = ColorChoice::Auto;
};

}  // namespace pktana::cli
