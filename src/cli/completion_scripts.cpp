// SPDX-License-Identifier: Apache-2.0
#include "cli/complete.h"

namespace pktana::cli {
namespace {

constexpr std::string_view kBash =
    R"(# bash completion for pktana: asks the program itself. Made by `pktana completions bash`.
_pktana() {
  local word rest
  COMPREPLY=()
  while IFS=$'\t' read -r word rest; do
    if [[ $word == :files ]]; then
      compopt -o default 2>/dev/null
    else
      COMPREPLY+=("$word")
    fi
  done < <("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _pktana pktana
)";

constexpr std::string_view kZsh =
    R"(#compdef pktana
# zsh completion for pktana: asks the program itself. Made by `pktana completions zsh`.
_pktana() {
  local line word files=0
  local -a found
  for line in "${(@f)$(${words[1]} complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ $line == :files ]]; then
      files=1
    elif [[ -n $line ]]; then
      word=${line%%$'\t'*}
      found+=("${word//:/\\:}:${line#*$'\t'}")
    fi
  done
  local code=1
  (( $#found )) && _describe -t words pktana found && code=0
  (( files )) && _files && code=0
  return code
}
if [[ $funcstack[1] == _pktana ]]; then
  _pktana "$@"
else
  compdef _pktana pktana
fi
)";

constexpr std::string_view kFish =
    R"fish(# fish completion for pktana: asks the program itself. Made by `pktana completions fish`.
function __pktana_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    test (count $typed) -eq 0; and set typed ""
    for line in (command $words[1] complete -- $words[2..-1] $typed 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path $typed
        else
            echo $line
        end
    end
end
complete -c pktana -f -a "(__pktana_complete)"
)fish";

}  // namespace

std::string completion_script(std::string_view shell) {
  if (shell == "bash") return std::string(kBash);
  if (shell == "zsh") return std::string(kZsh);
  return std::string(shell == "fish" ? kFish : "");
}

}  // namespace pktana::cli
