// SPDX-License-Identifier: Apache-2.0
// The command line as it was typed: which option has which text, not yet what the texts mean.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace pktana::cli {

using OptionText = std::optional<std::string>;

/// Of the command query only.
struct TypedQuery {
  std::vector<std::string> by;
  std::vector<std::string> sum;
  std::vector<std::string> average;
  std::vector<std::string> min;
  std::vector<std::string> max;
  std::vector<std::string> p95;
  bool count = false;
  bool follow = false;
  OptionText top;
  OptionText every;
  OptionText from;
  OptionText to;
};

/// Of the command ctl only.
struct TypedCtl {
  OptionText socket;
  OptionText limit;
  OptionText sort;
  OptionText by;
};

/// Of the command top only.
struct TypedTop {
  OptionText connect;
  OptionText sort;
  OptionText page;
  OptionText interval;
  OptionText size;
  bool once = false;
};

struct TypedWords {
  std::string command;  ///< "capture", "read", "interfaces", ...; empty = none
  bool help = false;
  bool help_all = false;
  bool version = false;
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool no_promiscuous = false;
  bool pin_workers = false;
  bool list_interfaces = false;  ///< -D, tcpdump's word for the command
  OptionText follow;
  OptionText split;
  OptionText split_by;
  bool overwrite = false;
  bool sort = false;
  bool merge = false;
  bool no_app = false;

  std::vector<std::string> interfaces;
  std::vector<std::string> tunnel_ports;
  std::vector<std::string> geoip_files;
  std::vector<std::string> plugin_files;
  bool process = false;
  std::vector<std::string> words;         ///< those that belong to no option
  std::vector<std::string> words_behind;  ///< those behind "--"

  OptionText count;
  OptionText where;
  OptionText filter_file;
  OptionText write;
  OptionText file_format;
  OptionText hold;
  OptionText rotate_size;
  OptionText rotate_interval;
  OptionText rotate_count;
  bool packet_buffered = false;
  OptionText snaplen;
  OptionText output;
  OptionText format;
  OptionText events;
  OptionText show;
  OptionText threads;
  OptionText format_threads;
  OptionText idle_timeout;
  OptionText active_timeout;
  std::vector<std::string> timeouts;
  OptionText update_interval;
  OptionText max_flows;
  OptionText hash_secret;
  OptionText tunnels;
  OptionText key_ignore;
  OptionText color;
  OptionText time_zone;
  OptionText ring_size;
  OptionText stats_interval;
  OptionText rates;
  OptionText scan_threshold;
  bool fold_scans = false;
  OptionText packet;
  OptionText hex;
  OptionText link_type;
  bool hex_dump = false;
  TypedQuery query;
  TypedCtl ctl;
  TypedTop top;
  OptionText config;
  OptionText instance;
  OptionText sandbox;
  bool effective = false;
  bool sample = false;
};

/// Sorts the words by option. Unknown options and commands are errors that name the nearest known
/// one.
[[nodiscard]] base::Result<TypedWords> sort_words(const std::vector<std::string>& words);

/// Names of all options of a command ("--format", "-c"); of the program itself, when it is empty.
[[nodiscard]] std::vector<std::string> option_names(const std::string& command);

}  // namespace pktana::cli
