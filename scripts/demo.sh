#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The main job on real traffic, from nothing: installs what is missing, builds pktana, makes two network namespaces with
# a veth pair, lets real clients and servers talk across it (HTTP, TLS, DNS, ping; IPv4 and IPv6), captures live on the
# server's end, and reads the same traffic, saved by tcpdump beside it, back as a file.
# Needs Debian 12 (or the like), root and the package mirror. No packet leaves the two namespaces.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
build=${PKTANA_BUILD:-$here/build}
pktana=$build/src/cli/pktana
id=$$
client=pktana-c$id
server=pktana-s$id
work=$(mktemp -d /tmp/pktana-demo.XXXXXX)
jobs_started=()

say() { printf '\n\033[1m== %s\033[0m\n' "$*" >&2; }

clean_up() {
  for pid in "${jobs_started[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  ip netns del "$client" 2>/dev/null || true
  ip netns del "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT

build_it() {
  [ -z "${PKTANA_DEMO_BINARY:-}" ] || { pktana=$PKTANA_DEMO_BINARY; return; }
  "$here/scripts/install-deps.sh" build
  "$here/scripts/install-deps.sh" test
  [ -f "$build/build.ninja" ] ||
    meson setup "$build" "$here" --buildtype=debugoptimized -Dtests=disabled -Dbench=disabled >"$work/setup.log" 2>&1 ||
    { cat "$work/setup.log" >&2; exit 1; }
  ninja -C "$build" src/cli/pktana >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }
}

in_client() { ip netns exec "$client" "$@"; }
in_server() { ip netns exec "$server" "$@"; }

# Starts a command in the background in the server's namespace; clean_up ends it.
serve() {
  ip netns exec "$server" "$@" >>"$work/servers.log" 2>&1 &
  jobs_started+=($!)
}

make_network() {
  ip netns add "$client"
  ip netns add "$server"
  ip -n "$client" link add veth0 type veth peer name veth0 netns "$server"
  for side in "$client" "$server"; do
    # Nothing speaks by itself: both captures are to see the same packets.
    ip netns exec "$side" sysctl -qw net.ipv6.conf.veth0.accept_dad=0 net.ipv6.conf.veth0.router_solicitations=0
    # A tap sees what the other end sent in one piece: without offloads these are packets as on a wire.
    ip netns exec "$side" ethtool -K veth0 tso off gso off gro off >/dev/null 2>&1 || true
    ip -n "$side" link set lo up
    ip -n "$side" link set veth0 up
  done
  ip -n "$client" addr add 198.18.0.1/24 dev veth0
  ip -n "$server" addr add 198.18.0.2/24 dev veth0
  ip -n "$client" addr add fd00:198:18::1/64 dev veth0 nodad
  ip -n "$server" addr add fd00:198:18::2/64 dev veth0 nodad
}

start_servers() {
  mkdir "$work/www"
  head -c 300000 /dev/zero | tr '\0' 'p' >"$work/www/page.html"
  (cd "$work/www" && exec ip netns exec "$server" python3 -m http.server 80 --bind ::) >>"$work/servers.log" 2>&1 &
  jobs_started+=($!)
  openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 2 \
    -subj /CN=demo.pktana.test >/dev/null 2>&1
  serve openssl s_server -4 -accept 198.18.0.2:443 -cert "$work/cert.pem" -key "$work/key.pem" -www -quiet
  serve openssl s_server -6 -accept '[fd00:198:18::2]:443' -cert "$work/cert.pem" -key "$work/key.pem" -www -quiet
  serve dnsmasq --no-daemon --no-resolv --no-hosts --conf-file=/dev/null --user=root --pid-file= \
    --address=/pktana.test/198.18.0.2 --address=/pktana.test/fd00:198:18::2
  for _ in $(seq 100); do
    listening=$(in_server ss -Hltn)
    [ "$(grep -c ':443 ' <<<"$listening")" = 2 ] && grep -q ':80 ' <<<"$listening" && grep -q ':53 ' <<<"$listening" && return
    sleep 0.1
  done
  echo "the servers did not come up:" >&2
  cat "$work/servers.log" >&2
  exit 1
}

talk() {
  for address in 198.18.0.2 '[fd00:198:18::2]'; do
    in_client curl -sS -o /dev/null "http://$address/page.html"
    in_client curl -sS -o /dev/null "http://$address/missing" || true
    in_client curl -sSk -o /dev/null --resolve "demo.pktana.test:443:${address//[\[\]]/}" https://demo.pktana.test/
  done
  for server_address in 198.18.0.2 fd00:198:18::2; do
    in_client dig +short +tries=1 @"$server_address" www.pktana.test A >/dev/null
    in_client dig +short +tries=1 +tcp @"$server_address" www.pktana.test AAAA >/dev/null
    in_client ping -q -c 3 -i 0.2 "$server_address" >/dev/null
  done
  in_client curl -sS -o /dev/null --max-time 2 http://198.18.0.2:81/ 2>/dev/null || true # refused: a reset flow
}

# $1: log to wait for a line in; $2: what that line holds.
wait_for_line() {
  for _ in $(seq 100); do
    grep -q "$2" "$1" 2>/dev/null && return
    sleep 0.1
  done
  cat "$1" >&2
  echo "gave up waiting for '$2'" >&2
  exit 1
}

stop_and_wait() { # PID LOG
  kill -INT "$1"
  wait "$1" || { cat "$2" >&2; echo "capture ended with status $?" >&2; exit 1; }
}

capture_live() {
  # Not through in_server: $! must be the program itself, which `ip netns exec` becomes.
  ip netns exec "$server" tcpdump -i veth0 --immediate-mode -U -w "$work/saved.pcap" 2>"$work/tcpdump.log" &
  local tcpdump=$!
  jobs_started+=("$tcpdump")
  wait_for_line "$work/tcpdump.log" 'listening on'
  ip netns exec "$server" "$pktana" capture -i veth0 --show flows --json --threads 2 -v >"$work/live.json" 2>"$work/live.log" &
  local live=$!
  jobs_started+=("$live")
  wait_for_line "$work/live.log" 'capturing on'
  talk
  sleep 0.3
  stop_and_wait "$live" "$work/live.log"
  stop_and_wait "$tcpdump" "$work/tcpdump.log"
}

check() {
  python3 - "$work/live.json" "$work/file.json" <<'PY'
import json, sys

def load(path):
    flows, stats = [], None
    for line in open(path):
        event = json.loads(line)
        if event["event_type"] == "flow":
            flows.append(event)
        else:
            stats = event
    return flows, stats

def sums(flows):
    table = {}
    for e in flows:
        # What the kernel tells groups when an interface comes up may be over before both captures have begun.
        if e["dest_ip"].startswith("ff02:"):
            continue
        key = (e["proto"], e["src_ip"], e.get("src_port"), e["dest_ip"], e.get("dest_port"), e.get("icmp_type"))
        was = table.setdefault(key, [0, 0, 0, 0])
        for i, name in enumerate(("pkts_toserver", "pkts_toclient", "bytes_toserver", "bytes_toclient")):
            was[i] += e["flow"][name]
    return table

(live, live_stats), (read, read_stats) = load(sys.argv[1]), load(sys.argv[2])
both = sums(live).keys() & sums(read).keys()
same = [key for key in both if sums(live)[key] == sums(read)[key]]
for name, stats in (("live", live_stats), ("file", read_stats)):
    ledger = stats["pktana"]["ledger"]
    bad = [line for line, value in ledger.items() if isinstance(value, dict) and value.get("balanced") is False]
    print(f"{name}: the ledger {'balances' if not bad else 'DOES NOT BALANCE: ' + ', '.join(bad)}")
    if bad:
        sys.exit(1)
print(f"{len(live)} flow records live, {len(read)} from the file; {len(same)} of {len(both)} flows in both are equal "
      "in packets and bytes of both directions")
protocols = sorted({(e["proto"], e["ip_v"]) for e in live})
print("seen live:", ", ".join(f"{proto} over IPv{version}" for proto, version in protocols))
if len(same) < len(both) or len(both) < 12:
    sys.exit("the live run and the file disagree")
PY
}

say "Installing what is missing and building"
build_it
say "Two namespaces, a veth pair, servers"
make_network
start_servers
say "Capturing live while clients fetch over HTTP and TLS, ask DNS and ping, over IPv4 and IPv6"
capture_live
cat "$work/live.json"
cat "$work/live.log" >&2
say "The same traffic, saved by tcpdump, read back as a file"
"$pktana" read "$work/saved.pcap" --json >"$work/file.json" 2>"$work/file.log"
cat "$work/file.json"
cat "$work/file.log" >&2
say "Both compared"
check
