// SPDX-License-Identifier: Apache-2.0
#include "cli/typed_words.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include <CLI/CLI.hpp>

#include "base/nearest.h"

namespace pktana::cli {
namespace {

constexpr const char* kEndOfOptions = "--";

/// Those that every command has. The help texts are ours (help_text.h), so none is declared here.
void add_common(CLI::App& command, TypedWords& typed) {
  command.set_help_flag();
  command.add_flag("-h,--help", typed.help);
  command.add_flag("--json", typed.json);
  command.add_option("--color", typed.color)->take_last();
  // Extras are words beginning with '-' that no option knows; they are told of by
  // complain_of_unknown().
  command.allow_extras();
}

using OptionTexts = std::initializer_list<std::pair<const char*, OptionText&>>;

/// Each takes a value; the last one counts.
void add_texts(CLI::App& command, OptionTexts options) {
  for (const auto& [names, text] : options)
    command.add_option(names, text)->take_last();
}

void add_save(CLI::App& command, TypedWords& typed) {
  command.add_option("-w,--write", typed.write)->take_last();
  command.add_option("--hold", typed.hold)->take_last();
  command.add_option("--file-format", typed.file_format)->take_last();
  command.add_option("-C,--rotate-size", typed.rotate_size)->take_last();
  command.add_option("-G,--rotate-interval", typed.rotate_interval)->take_last();
  command.add_option("-W,--rotate-count", typed.rotate_count)->take_last();
  command.add_flag("-U,--packet-buffered", typed.packet_buffered);
}

void add_shared(CLI::App& command, TypedWords& typed) {
  add_common(command, typed);
  command.add_flag("--help-all", typed.help_all);
  add_texts(command, {{"-c,--count", typed.count},
                      {"--where", typed.where},
                      {"-F,--filter-file", typed.filter_file},
                      {"-s,--snaplen", typed.snaplen},
                      {"-o,--output", typed.output},
                      {"--format", typed.format},
                      {"--events", typed.events},
                      {"--show", typed.show},
                      {"--threads", typed.threads},
                      {"--format-threads", typed.format_threads},
                      {"--idle-timeout", typed.idle_timeout},
                      {"--active-timeout", typed.active_timeout},
                      {"--update-interval", typed.update_interval},
                      {"--max-flows", typed.max_flows},
                      {"--hash-secret", typed.hash_secret},
                      {"--tunnels", typed.tunnels},
                      {"--key-ignore", typed.key_ignore},
                      {"--time-zone", typed.time_zone}});
  command.add_option("--timeout", typed.timeouts)->allow_extra_args(false);
  command.add_option("--geoip", typed.geoip_files)->allow_extra_args(false);
  command.add_option("--scan-threshold", typed.scan_threshold)->take_last();
  command.add_flag("--fold-scans", typed.fold_scans);
  command.add_flag("--no-app", typed.no_app);
  command.add_option("--plugin", typed.plugin_files)->allow_extra_args(false);
  command.add_option("--tunnel-port", typed.tunnel_ports)->allow_extra_args(false);
  command.add_flag("-q,--quiet", typed.quiet);
  command.add_flag("-v,--verbose", typed.verbose);
  add_save(command, typed);
  command.add_option("words", typed.words);
}

/// One value each, so that `-i eth0 tcp port 80` leaves the filter alone.
void add_interfaces(CLI::App& command, TypedWords& typed) {
  command.add_option("-i,--interface", typed.interfaces)->allow_extra_args(false)->delimiter(',');
}

void add_capture(CLI::App& app, TypedWords& typed) {
  CLI::App& command = *app.add_subcommand("capture");
  add_shared(command, typed);
  add_interfaces(command, typed);
  command.add_flag("--process", typed.process);
  command.add_flag("-D,--list-interfaces", typed.list_interfaces);
  command.add_flag("-p,--no-promiscuous-mode", typed.no_promiscuous);
  command.add_flag("--pin", typed.pin_workers);
  command.add_option("--ring-size", typed.ring_size)->take_last();
  command.add_option("--stats-interval", typed.stats_interval)->take_last();
}

/// The options of the capture that is planned, by the names that they have there.
void add_doctor(CLI::App& app, TypedWords& typed) {
  CLI::App& command = *app.add_subcommand("doctor");
  add_common(command, typed);
  add_interfaces(command, typed);
  command.add_option("--ring-size", typed.ring_size)->take_last();
  command.add_option("--threads", typed.threads)->take_last();
  command.add_option("-o,--output", typed.output)->take_last();
}

void add_inspect(CLI::App& app, TypedWords& typed) {
  CLI::App& command = *app.add_subcommand("inspect");
  add_common(command, typed);
  command.add_option("-n,--packet", typed.packet)->take_last();
  command.add_option("--hex", typed.hex)->take_last();
  command.add_option("--link-type", typed.link_type)->take_last();
  command.add_option("-c,--count", typed.count)->take_last();
  command.add_option("-F,--filter-file", typed.filter_file)->take_last();
  command.add_flag("--hexdump", typed.hex_dump);
  command.add_flag("-v,--verbose", typed.verbose);
  command.add_option("words", typed.words);
}

void add_query(CLI::App& app, TypedWords& typed) {
  CLI::App& command = *app.add_subcommand("query");
  add_common(command, typed);
  TypedQuery& query = typed.query;
  const std::pair<const char*, std::vector<std::string>&> lists[] = {
      {"--by", query.by},   {"--sum", query.sum}, {"--avg", query.average},
      {"--min", query.min}, {"--max", query.max}, {"--p95", query.p95}};
  for (const auto& [name, fields] : lists)
    command.add_option(name, fields)->allow_extra_args(false)->delimiter(',');
  add_texts(command, {{"--where", typed.where},
                      {"--top", query.top},
                      {"--every", query.every},
                      {"--from", query.from},
                      {"--to", query.to},
                      {"--format", typed.format},
                      {"--threads", typed.threads},
                      {"-o,--output", typed.output}});
  command.add_flag("--count", query.count);
  command.add_flag("--follow", query.follow);
  command.add_flag("-q,--quiet", typed.quiet);
  command.add_option("words", typed.words);
}

void add_verify(CLI::App& app, TypedWords& typed) {
  CLI::App& command = *app.add_subcommand("verify");
  add_common(command, typed);
  command.add_option("--threads", typed.threads)->take_last();
  command.add_flag("-q,--quiet", typed.quiet);
  command.add_option("words", typed.words);
}

void add_ctl(CLI::App& app, TypedWords& typed) {
  CLI::App& command = *app.add_subcommand("ctl");
  add_common(command, typed);
  add_texts(command, {{"--socket", typed.ctl.socket},
                      {"--where", typed.where},
                      {"--limit", typed.ctl.limit},
                      {"--sort", typed.ctl.sort},
                      {"--by", typed.ctl.by}});
  command.add_option("words", typed.words);
}

void add_top(CLI::App& app, TypedWords& typed) {
  CLI::App& command = *app.add_subcommand("top");
  add_common(command, typed);
  add_interfaces(command, typed);
  add_texts(command, {{"--connect", typed.top.connect},
                      {"--where", typed.where},
                      {"--sort", typed.top.sort},
                      {"--page", typed.top.page},
                      {"--interval", typed.top.interval},
                      {"--size", typed.top.size},
                      {"-F,--filter-file", typed.filter_file},
                      {"--max-flows", typed.max_flows},
                      {"--threads", typed.threads},
                      {"--ring-size", typed.ring_size}});
  command.add_flag("--once", typed.top.once);
  command.add_flag("-p,--no-promiscuous-mode", typed.no_promiscuous);
  command.add_option("words", typed.words);
}

/// What the daemon, and who checks its file, take besides that file.
void add_configuration(CLI::App& command, TypedWords& typed) {
  add_interfaces(command, typed);
  command.add_option("--instance", typed.instance)->take_last();
  command.add_option("--sandbox", typed.sandbox)->take_last();
}

void add_daemon(CLI::App& app, TypedWords& typed) {
  CLI::App& command = *app.add_subcommand("daemon");
  add_common(command, typed);
  add_configuration(command, typed);
  command.add_option("-c,--config", typed.config)->take_last();
  command.add_option("words", typed.words);
}

/// Its command stands behind "--".
void add_hold(CLI::App& app, TypedWords& typed) { add_common(*app.add_subcommand("hold"), typed); }

void add_check_config(CLI::App& app, TypedWords& typed) {
  CLI::App& command = *app.add_subcommand("check-config");
  add_common(command, typed);
  add_configuration(command, typed);
  command.add_flag("--effective", typed.effective);
  command.add_flag("--sample", typed.sample);
  command.add_option("words", typed.words);
}

void add_list_of_interfaces(CLI::App& app, TypedWords& typed) {
  CLI::App& command = *app.add_subcommand("interfaces");
  add_common(command, typed);
  command.add_option("--rates", typed.rates)->take_last();
}

void add_read(CLI::App& app, TypedWords& typed) {
  CLI::App& command = *app.add_subcommand("read");
  add_shared(command, typed);
  add_texts(command,
            {{"--follow", typed.follow}, {"--split", typed.split}, {"--by", typed.split_by}});
  command.add_flag("--overwrite", typed.overwrite);
  command.add_flag("--merge", typed.merge);
  command.add_flag("--sort", typed.sort);
}

void declare(CLI::App& app, TypedWords& typed) {
  add_common(app, typed);
  app.add_flag("-V,--version", typed.version);
  app.add_flag("-D,--list-interfaces", typed.list_interfaces);
  app.require_subcommand(0, 1);  // at most one: `read x.pcap capture` has a word "capture"
  add_capture(app, typed);
  add_read(app, typed);
  add_common(*app.add_subcommand("fields"), typed);
  add_list_of_interfaces(app, typed);
  add_doctor(app, typed);
  add_inspect(app, typed);
  add_query(app, typed);
  add_verify(app, typed);
  add_ctl(app, typed);
  add_top(app, typed);
  add_check_config(app, typed);
  add_daemon(app, typed);
  add_hold(app, typed);
}

std::vector<std::string> names_in(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames())
      names.push_back("--" + name);
    for (const std::string& name : option->get_snames())
      names.push_back("-" + name);
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({}))
    names.push_back(command->get_name());
  return names;
}

base::Unexpected usage_error(std::string message) {
  return base::fail_input("", std::move(message));
}

/// The words that nothing took: a mistyped option, or a mistyped command.
base::Result<void> complain_of_unknown(const CLI::App& app, const TypedWords& typed) {
  const CLI::App& command = typed.command.empty() ? app : *app.get_subcommand(typed.command);
  for (const CLI::App* one : {&app, &command}) {
    if (one->remaining().empty()) continue;
    const std::string word = one->remaining().front();
    if (!word.starts_with('-') && typed.command.empty())
      return usage_error("unknown command '" + word + "'" +
                         base::suggestion(word, command_names(app)));
    if (!word.starts_with('-')) return usage_error("unexpected word '" + word + "'");
    const std::string name = word.substr(0, word.find('='));
    return usage_error("unknown option '" + name + "'" + base::suggestion(name, names_in(command)));
  }
  return {};
}

base::Result<void> sort_with_cli11(CLI::App& app, std::vector<std::string> words,
                                   TypedWords& typed) {
  std::reverse(words.begin(), words.end());  // as CLI11 wants them
  try {
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    return usage_error(error.what());
  }
  for (const CLI::App* command : app.get_subcommands())
    typed.command = command->get_name();
  return complain_of_unknown(app, typed);
}

}  // namespace

base::Result<TypedWords> sort_words(const std::vector<std::string>& words) {
  TypedWords typed;
  const auto end = std::find(words.begin(), words.end(), kEndOfOptions);
  if (end != words.end()) typed.words_behind.assign(std::next(end), words.end());
  CLI::App app;
  declare(app, typed);
  if (auto sorted = sort_with_cli11(app, {words.begin(), end}, typed); !sorted)
    return base::Unexpected(sorted.error());
  return typed;
}

std::vector<std::string> option_names(const std::string& command) {
  TypedWords typed;
  CLI::App app;
  declare(app, typed);
  return names_in(command.empty() ? app : *app.get_subcommand(command));
}

}  // namespace pktana::cli
