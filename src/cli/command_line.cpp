// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.h"

#include <algorithm>
#include <optional>

#include <unistd.h>

#include "base/units.h"
#include "cli/filter_file.h"
#include "cli/help_text.h"
#include "cli/option_values.h"
#include "cli/query_options.h"
#include "cli/save_options.h"
#include "cli/top_options.h"
#include "cli/typed_words.h"
#include "cli/words.h"

namespace pktana::cli {
namespace {

base::Unexpected usage_error(std::string message) {
  return base::fail_input("", std::move(message));
}

Command command_of(const TypedWords& typed) {
  if (typed.help || typed.help_all) return Command::Help;
  if (typed.version) return Command::Version;
  if (typed.list_interfaces) return Command::Interfaces;
  if (typed.command == "check-config") return Command::CheckConfig;
  if (typed.command == "daemon") return Command::Daemon;
  if (typed.command == "hold") return Command::Hold;
  if (typed.command == "capture") return Command::Capture;
  if (typed.command == "fields") return Command::Fields;
  if (typed.command == "read") return Command::Read;
  if (typed.command == "inspect") return Command::Inspect;
  if (typed.command == "query") return Command::Query;
  if (typed.command == "verify") return Command::Verify;
  if (typed.command == "ctl") return Command::Ctl;
  if (typed.command == "top") return Command::Top;
  return typed.command == "doctor" ? Command::Doctor : Command::Interfaces;
}

base::Result<void> take_capture_words(const TypedWords& typed, Options& options) {
  options.filter = join_words(typed.words);
  if (!options.interfaces.empty()) return {};
  std::string mend = "; 'pktana interfaces' lists them";
  if (!typed.words.empty()) mend = ", as in: pktana capture -i " + typed.words[0] + mend;
  return usage_error("capture needs an interface: -i IFACE" + mend);
}

base::Result<void> take_read_words(const TypedWords& typed, Options& options) {
  ReadWords split = split_read_words(typed.words);
  options.files = std::move(split.files);
  options.filter = std::move(split.filter);
  if (!options.files.empty()) return {};
  if (typed.words.empty())
    return usage_error("read needs a capture file: pktana read FILE... ('-' = standard input)");
  return usage_error("read needs a capture file first: there is no file '" + typed.words[0] + "'");
}

base::Result<void> take_inspect_words(const TypedWords& typed, Options& options) {
  if (options.inspect.hex) {
    options.filter = join_words(typed.words);
    return {};
  }
  ReadWords split = split_read_words(typed.words);
  options.files = std::move(split.files);
  options.filter = std::move(split.filter);
  if (options.files.size() == 1) return {};
  if (options.files.empty())
    return usage_error("inspect needs a capture file, '-' (standard input) or --hex HEX");
  return usage_error("inspect takes one file, not " + std::to_string(options.files.size()));
}

base::Result<void> take_top_words(const TypedWords& typed, Options& options) {
  options.filter = join_words(typed.words);
  if (auto read = read_top_options(typed, options); !read) return read;
  const bool filters =
      !typed.words.empty() || !typed.words_behind.empty() || typed.filter_file.has_value();
  if (!options.top.socket.empty() && filters)
    return usage_error("a packet filter is for a capture of top's own: with --connect use --where");
  return {};
}

base::Result<void> take_words_of(const TypedWords& typed, Options& options) {
  if (options.command == Command::Capture) return take_capture_words(typed, options);
  if (options.command == Command::Inspect) return take_inspect_words(typed, options);
  if (options.command == Command::Top) return take_top_words(typed, options);
  return take_read_words(typed, options);
}

base::Result<void> take_verify_words(const TypedWords& typed, Options& options) {
  options.files = typed.words;
  options.files.insert(options.files.end(), typed.words_behind.begin(), typed.words_behind.end());
  if (!options.files.empty()) return {};
  return usage_error("verify needs a log: pktana verify PATH... ('-' = standard input)");
}

base::Result<void> take_ctl(const TypedWords& typed, Options& options) {
  CtlChoice& choice = options.ctl;
  if (typed.words.empty())
    return usage_error("ctl needs a command: pktana ctl status; 'pktana ctl help' lists them");
  choice.command = typed.words[0];
  const bool takes_level = choice.command == "log-level";
  if (takes_level && typed.words.size() == 2) choice.level = typed.words[1];
  if (typed.words.size() > (takes_level ? 2 : 1))
    return usage_error("unexpected word '" + typed.words.back() + "'");
  choice.socket = typed.ctl.socket.value_or(choice.socket);
  choice.where = typed.where.value_or("");
  choice.sort = typed.ctl.sort.value_or("");
  choice.by = typed.ctl.by.value_or("");
  if (!typed.ctl.limit) return {};
  const auto limit = base::parse_count(*typed.ctl.limit, 1, engine::ListingOptions::kMaxFlows);
  if (!limit) return usage_error("--limit: " + limit.error().detail);
  choice.limit = *limit;
  return {};
}

base::Result<void> take_configuration(const TypedWords& typed, Options& options) {
  daemon::ConfigRequest& request = options.config.request;
  request.interfaces = typed.interfaces;
  request.instance = typed.instance.value_or("");
  request.sandbox = typed.sandbox.value_or("");
  options.config.effective = typed.effective;
  options.config.sample = typed.sample;
  if (request.instance.find('/') != std::string::npos || request.instance.starts_with('.'))
    return usage_error("--instance: a plain name, without '/'");
  if (typed.config) request.path = *typed.config;
  const bool daemon = options.command == Command::Daemon;
  if (typed.words.size() > (daemon ? 0 : 1))
    return usage_error("unexpected word '" + typed.words.back() + "'");
  if (!daemon && typed.words.size() == 1) request.path = typed.words[0];
  if (!request.path.empty() || typed.sample) return {};
  return usage_error(daemon ? "daemon needs a configuration: pktana daemon --config FILE"
                            : "check-config needs a configuration: pktana check-config FILE");
}

/// As tcpdump has it: the file's filter stands in for that of the words.
base::Result<void> take_filter_file(const std::string& path, Options& options) {
  auto filter = read_filter_file(path);
  if (!filter) return base::Unexpected(filter.error());
  if (!options.filter.empty())
    options.warnings.push_back("the filter is that of -F " + path + ": '" + options.filter +
                               "' is ignored");
  options.filter = std::move(*filter);
  return {};
}

base::Result<void> take_words(const TypedWords& typed, Options& options) {
  auto taken = take_words_of(typed, options);
  if (!taken) return taken;
  if (!typed.words_behind.empty())
    options.filter += (options.filter.empty() ? "" : " ") + join_words(typed.words_behind);
  return typed.filter_file ? take_filter_file(*typed.filter_file, options) : taken;
}

/// With --follow nothing else is shown.
base::Result<void> settle_follow(const TypedWords& typed, Options& options) {
  const bool else_shown = typed.show || typed.json || typed.events || typed.sort ||
                          typed.update_interval || typed.where || !typed.geoip_files.empty();
  if (else_shown || options.save)
    return usage_error(
        "--follow shows the payload of a flow and nothing else: leave --show, --json, "
        "--events, --sort, --where, --geoip and -w away");
  options.show = Show::Nothing;
  const bool raw = options.follow->format == FollowFormat::Raw;
  if (raw && options.output == "-" && is_terminal(STDOUT_FILENO))
    return usage_error("--format raw would harm the terminal: give -o FILE, or pipe it");
  return {};
}

base::Result<void> settle_split(const TypedWords& typed, Options& options) {
  const bool else_shown = typed.show || typed.json || typed.format || typed.events || typed.sort ||
                          typed.update_interval;
  if (else_shown || options.save)
    return usage_error(
        "--split writes files and shows nothing: leave --show, --format, --json, "
        "--events, --sort and -w away");
  options.show = Show::Nothing;
  const bool has_stdin =
      std::find(options.files.begin(), options.files.end(), "-") != options.files.end();
  if (options.split->by == SplitOptions::By::App && has_stdin)
    return usage_error(
        "--by app reads its files twice, which standard input can't be: give a file");
  if (options.split->by == SplitOptions::By::App && !options.app_layer)
    return usage_error("--by app needs the application layer: leave --no-app away");
  return {};
}

/// What is shown, and in which form, where nothing was said. Flows go as a table to a terminal, as
/// EVE anywhere else.
base::Result<void> settle_output(const TypedWords& typed, Options& options) {
  if (options.follow) return settle_follow(typed, options);
  if (options.split) return settle_split(typed, options);
  const bool has_notes = !typed.geoip_files.empty() || typed.process;
  const bool about_flows = typed.format || typed.events || typed.json || typed.sort ||
                           typed.update_interval || has_notes;
  const bool selects = typed.where && !options.save;  // else it says which packets are written
  if (!typed.show && options.save && !about_flows)
    options.show = Show::Nothing;
  else if (!typed.show)
    options.show = options.command == Command::Capture && !about_flows && !selects ? Show::Packets
                                                                                   : Show::Flows;
  const bool sums = options.show == Show::Summary && !about_flows;
  if (options.show != Show::Flows && !sums && (about_flows || selects))
    return usage_error(
        "--format, --json, --events, --sort, --update-interval and --where are about flows: use "
        "them with --show flows");
  if (typed.json && typed.format && options.format != sink::Format::Eve)
    return usage_error("--json means --format eve: leave one of the two away");
  if (has_notes && typed.format && options.format != sink::Format::Eve)
    return usage_error("--geoip and --process add to eve records only: use --json");
  if (options.save && options.save->path == "-" && options.output == "-" &&
      options.show != Show::Nothing)
    return usage_error("-w - and what is shown both want standard output: give -o FILE too");
  if (typed.format || typed.json || has_notes) return {};
  const bool on_terminal = options.output == "-" && is_terminal(STDOUT_FILENO);
  options.format = on_terminal ? sink::Format::Table : sink::Format::Eve;
  return {};
}

/// What the shells' completion scripts call: `complete -- WORDS`, where any word may follow, and
/// `completions SHELL`. No help speaks of them.
std::optional<Options> hidden_command(const std::vector<std::string>& words) {
  const bool asks = words.size() >= 2 && words[0] == "complete" && words[1] == "--";
  if (!asks && (words.empty() || words[0] != "completions")) return std::nullopt;
  Options options;
  options.command = asks ? Command::Complete : Command::Completions;
  options.completion_words.assign(words.begin() + (asks ? 2 : 1), words.end());
  return options;
}

}  // namespace

base::Result<Options> parse_command_line(const std::vector<std::string>& words) {
  if (auto hidden = hidden_command(words)) return std::move(*hidden);
  auto typed = sort_words(words);
  if (!typed) return base::Unexpected(typed.error());
  Options options;
  options.command = command_of(*typed);
  options.json = typed->json;
  options.help_text = typed->help_all ? help_text(typed->command) : short_help_text(typed->command);
  if (options.command == Command::Help || options.command == Command::Version) return options;
  if (typed->command.empty() && !typed->list_interfaces)
    return usage_error("a command is missing: capture, read or interfaces; see pktana --help");
  if (auto read = read_values(*typed, options); !read) return base::Unexpected(read.error());
  options.interfaces = typed->interfaces;
  if (options.command == Command::Fields) return options;
  if (options.command == Command::Interfaces || options.command == Command::Doctor) return options;
  if (options.command == Command::Hold) {
    options.held_command = typed->words_behind;
    if (options.held_command.empty())
      return usage_error("hold needs a command: pktana hold -- pktana daemon --config FILE");
    return options;
  }
  if (options.command == Command::CheckConfig || options.command == Command::Daemon) {
    if (auto taken = take_configuration(*typed, options); !taken)
      return base::Unexpected(taken.error());
    return options;
  }
  if (options.command == Command::Ctl) {
    if (auto taken = take_ctl(*typed, options); !taken) return base::Unexpected(taken.error());
    return options;
  }
  if (options.command == Command::Verify) {
    if (auto taken = take_verify_words(*typed, options); !taken)
      return base::Unexpected(taken.error());
    return options;
  }
  if (options.command == Command::Query) {
    if (auto read = read_query_options(*typed, options); !read)
      return base::Unexpected(read.error());
    return options;
  }
  if (auto taken = take_words(*typed, options); !taken) return base::Unexpected(taken.error());
  if (options.command == Command::Inspect || options.command == Command::Top) return options;
  if (auto read = read_save_options(*typed, options); !read) return base::Unexpected(read.error());
  if (auto settled = settle_output(*typed, options); !settled)
    return base::Unexpected(settled.error());
  return options;
}

}  // namespace pktana::cli
