// SPDX-License-Identifier: Apache-2.0
#include "cli/complete.h"

#include <algorithm>
#include <optional>

#include "cli/command_line.h"
#include "cli/help_text.h"
#include "cli/log.h"
#include "cli/option_help.h"
#include "cli/print_text.h"
#include "cli/typed_words.h"
#include "ring/interfaces.h"

namespace pktana::cli {
namespace {

/// No option takes it.
constexpr const char* kNoValue = "\x01";

bool contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::optional<OptionHelp> find_option(const std::vector<OptionHelp>& options,
                                      const std::string& name) {
  for (const OptionHelp& option : options)
    if (contains(option.names, name)) return option;
  return std::nullopt;
}

/// The first word that is a command; "" when there is none yet.
std::string command_in(const std::vector<std::string>& words, size_t count) {
  const auto commands = commands_in(help_text(""));
  for (size_t i = 0; i < count; ++i)
    for (const CommandHelp& command : commands)
      if (command.name == words[i]) return words[i];
  return {};
}

void offer(Completion& completion, const std::string& typed, const std::string& word,
           const std::string& description = {}) {
  if (word.starts_with(typed)) completion.candidates.push_back({word, description});
}

/// bash takes "--format=eve" apart at the "=".
std::vector<std::string> without_equals(std::vector<std::string> words) {
  if (!words.empty() && words.back() == "=") words.back().clear();
  words.erase(std::remove(words.begin(), words.end(), "="), words.end());
  return words;
}

void offer_value(Completion& completion, const std::string& command, const OptionHelp& option,
                 const std::string& typed) {
  if (option.value == "FILE" || option.value == "PATH" || option.value == "DIR" ||
      option.value == "SOCKET") {
    completion.files = true;
    return;
  }
  if (option.value == "IFACE") {
    offer(completion, typed, std::string(ring::kAnyInterface), "all interfaces");
    if (const auto interfaces = ring::list_interfaces())
      for (const ring::Interface& one : *interfaces)
        offer(completion, typed, one.name, one.addresses.empty() ? "" : one.addresses[0]);
    return;
  }
  // A list goes on behind its last comma.
  const size_t comma = typed.rfind(',');
  const std::string before = comma == std::string::npos ? "" : typed.substr(0, comma + 1);
  for (const std::string& choice : choices_of(command, option.names.back()))
    offer(completion, typed, before + choice);
}

void offer_options(Completion& completion, const std::vector<OptionHelp>& options,
                   const std::string& typed) {
  for (const OptionHelp& option : options)
    for (const std::string& name : option.names)
      offer(completion, typed, name, option.description);
}

}  // namespace

std::vector<std::string> choices_of(const std::string& command, const std::string& option) {
  constexpr std::string_view kBegin = " is not one of ";
  std::vector<std::string> choices;
  const auto refused = parse_command_line({command, option, kNoValue});
  if (refused) return choices;
  const std::string& message = refused.error().detail;
  size_t begin = message.find(kBegin);
  if (begin == std::string::npos || !message.starts_with(option + ":")) return choices;
  const std::string list =
      message.substr(begin + kBegin.size(), message.find(';', begin) - begin - kBegin.size());
  for (begin = 0; begin < list.size();) {
    const size_t end = std::min(list.find(", ", begin), list.size());
    choices.push_back(list.substr(begin, end - begin));
    begin = end + 2;
  }
  return choices;
}

Completion complete(const std::vector<std::string>& typed_words) {
  Completion completion;
  const std::vector<std::string> words = without_equals(typed_words);
  if (words.empty()) return completion;
  const std::string& typed = words.back();
  const std::string command = command_in(words, words.size() - 1);
  const std::vector<OptionHelp> options = options_in(help_text(command));
  const auto before = words.size() > 1 ? find_option(options, words[words.size() - 2])
                                       : std::optional<OptionHelp>();
  if (before && !before->value.empty()) {
    offer_value(completion, command, *before, typed);
    return completion;
  }
  const size_t equals = typed.find('=');
  if (typed.starts_with("--") && equals != std::string::npos) {
    const std::string name = typed.substr(0, equals);
    if (const auto option = find_option(options, name))
      offer_value(completion, command, *option, typed.substr(equals + 1));
    for (Candidate& candidate : completion.candidates)
      candidate.word.insert(0, name + "=");
    return completion;
  }
  if (typed.starts_with('-')) {
    offer_options(completion, options, typed);
    if (command.empty())
      for (const std::string& name : option_names(command))
        offer(completion, typed, name);
    return completion;
  }
  if (command.empty())
    for (const CommandHelp& one : commands_in(help_text("")))
      offer(completion, typed, one.name, one.description);
  completion.files = help_text(command).find("FILE") != std::string::npos && !command.empty();
  return completion;
}

ExitStatus run_complete(const Options& options) {
  const Completion completion = complete(options.completion_words);
  std::string text;
  for (const Candidate& candidate : completion.candidates)
    text += candidate.word + "\t" + candidate.description + "\n";
  return print_text(completion.files ? text + ":files\n" : text);
}

ExitStatus run_completions(const Options& options) {
  const auto& words = options.completion_words;
  const std::string script = words.size() == 1 ? completion_script(words[0]) : std::string();
  if (!script.empty()) return print_text(script);
  log_error("completions needs a shell: pktana completions bash|zsh|fish");
  return kUsage;
}

}  // namespace pktana::cli
