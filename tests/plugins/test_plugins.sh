#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plugins as their authors and users meet them: the example of docs/plugins.md built with a C compiler against the
# installed header and loaded by the program; the nDPI plugin, where it was built; and files that are none.
# Usage: test_plugins.sh PKTANA BUILD_ROOT [NDPI_PLUGIN]
set -euo pipefail

pktana=$1
build=$2
ndpi=${3:-}
root=${PKTANA_SOURCE_ROOT:?}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source "$root/tests/support/verdict.sh"

python3 "$root/tests/plugins/make_capture.py" "$work/two.pcap"

DESTDIR="$work/root" meson install -C "$build" --no-rebuild --quiet --tags devel >"$work/install.log" 2>&1 || cat "$work/install.log"
header=$(find "$work/root" -path '*/pktana/plugin.h')
[ -n "$header" ] && status=0 || status=1
verdict "plugins: the interface is installed" $status

${CC:-cc} -std=c11 -Wall -Wextra -Werror -pedantic -shared -fPIC -O1 -I "$(dirname "$(dirname "$header")")" \
  -o "$work/git_plugin.so" "$root/examples/plugin/git_plugin.c" && status=0 || status=1
verdict "plugins: the example compiles against the installed header" $status

"$pktana" read -q --json --plugin "$work/git_plugin.so" "$work/two.pcap" >"$work/out" 2>"$work/err" && status=0 || status=1
cat "$work/err"
[ "$(jq -c 'select(.event_type == "git") | .git' "$work/out")" = \
  '{"id":1,"service":"git-upload-pack","repository":"/project.git","host":"example.org"}' ] || status=1
verdict "plugins: the example's event has its fields" $status

[ "$(jq -r 'select(.event_type == "flow" and .dest_port == 9418) | .app_proto + " " + .pktana.name' "$work/out")" = \
  "git example.org" ] && status=0 || status=1
verdict "plugins: the example names its flow" $status

"$pktana" read -q --json --events git --plugin "$work/git_plugin.so" "$work/two.pcap" >"$work/out" 2>"$work/err" && status=0 || status=1
[ "$(jq -r .event_type "$work/out")" = git ] || status=1
verdict "plugins: --events takes the plugin's event" $status

[ "$("$pktana" read -q --json "$work/two.pcap" 2>"$work/err" | jq -r 'select(.dest_port == 9418) | .app_proto')" = failed ] && status=0 || status=1
verdict "plugins: without it nobody knows the flow" $status

echo "no object" >"$work/none.so"
"$pktana" read -q --plugin "$work/none.so" "$work/two.pcap" >"$work/out" 2>"$work/err" && status=1 || status=0
grep -q none.so "$work/err" || status=1
verdict "plugins: a file that is none is refused by name" $status

"$pktana" read -q --no-app --plugin "$work/git_plugin.so" "$work/two.pcap" >"$work/out" 2>"$work/err" && status=1 || status=0
grep -q -- --no-app "$work/err" || status=1
verdict "plugins: --plugin and --no-app contradict each other" $status

if [ -n "$ndpi" ]; then
  "$pktana" read -q --json --plugin "$ndpi" "$work/two.pcap" >"$work/out" 2>"$work/err" && status=0 || status=1
  cat "$work/err"
  [ "$(jq -r 'select(.event_type == "flow" and .dest_port == 873) | .app_proto' "$work/out")" = rsync ] || status=1
  verdict "plugins: nDPI names what no dissector knows" $status
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
