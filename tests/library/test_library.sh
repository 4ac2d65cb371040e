#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# libpktana as its users meet it: the example built in the tree, and built from the installed header with pkg-config,
# against the shared and the static library, must print the flows of a capture that this script makes itself.
set -euo pipefail

example=$1
build=$2
root=${PKTANA_SOURCE_ROOT:?}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source "$root/tests/support/verdict.sh"

# Two UDP packets there and back, and one of another flow, 60 bytes each.
python3 - "$work/three.pcap" <<'PY'
import struct, sys

def frame(src, dst, sport, dport):
    udp = struct.pack("!HHHH", sport, dport, 8, 0)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28, 0, 0, 64, 17, 0, bytes(src), bytes(dst))
    return (b"\2" * 6 + b"\1" * 6 + b"\x08\x00" + ip + udp).ljust(60, b"\0")

client, server = (198, 18, 0, 1), (198, 18, 0, 2)
frames = [frame(client, server, 40000, 53), frame(server, client, 53, 40000), frame(client, server, 40001, 53)]
with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    for i, data in enumerate(frames):
        out.write(struct.pack("<IIII", 1700000000 + i, 0, len(data), len(data)) + data)
PY
cat >"$work/expected" <<'EOF'
 17 198.18.0.1:40000 -> 198.18.0.2:53  2 packets, 120 bytes, shutdown
 17 198.18.0.1:40001 -> 198.18.0.2:53  1 packets, 60 bytes, shutdown
EOF

same() { # PROGRAM
  LD_LIBRARY_PATH=${libdir:-} "$1" "$work/three.pcap" >"$work/got" && diff "$work/expected" "$work/got"
}

same "$example" && status=0 || status=1
verdict "library: the example prints both flows" $status

[ "$(LD_LIBRARY_PATH='' "$example" "$work/three.pcap" 'port 40001' | wc -l)" = 1 ] && status=0 || status=1
verdict "library: the example takes a filter" $status

LD_LIBRARY_PATH='' "$example" "$work/absent.pcap" 2>"$work/err" && status=1 || status=0
grep -q absent.pcap "$work/err" || status=1
verdict "library: a missing file is named and is a failure" $status

# A sanitized library can only be linked by a sanitized program: the installed one is tried in ordinary builds.
# Not grep -q: it leaves at once, nm dies of the closed pipe, and pipefail makes that a library without sanitizer.
if ! nm -D "$build/lib/libpktana.so" | grep -E '__(asan|tsan)_init' >/dev/null; then
  DESTDIR=$work/root meson install -C "$build" --no-rebuild --quiet
  pc=$(find "$work/root" -name pktana.pc)
  libdir=$(dirname "$(dirname "$pc")")
  export PKG_CONFIG_PATH=${pc%/*} PKG_CONFIG_SYSROOT_DIR=$work/root
  read -ra flags <<<"$(pkg-config --cflags --libs pktana)"
  c++ -std=c++20 "$root/examples/flows.cpp" "${flags[@]}" -o "$work/shared_example" && same "$work/shared_example" &&
    status=0 || status=1
  verdict "library: the example builds from the installed header against the shared library" $status

  undefined=$(nm -DC --defined-only "$libdir/libpktana.so" | grep -c ' T pktana::' || true)
  others=$(nm -DC --defined-only "$libdir/libpktana.so" | grep -E ' T pktana::(base|parse|ring|flow|filter|sink|engine)::' || true)
  [ "$undefined" -ge 2 ] && [ -z "$others" ] && status=0 || status=1
  verdict "library: only the public names are exported" $status

  # The library itself static, what it stands on as the system has it.
  cflags=$(pkg-config --cflags pktana)
  mapfile -t requires < <(pkg-config --print-requires-private pktana | cut -d' ' -f1)
  read -ra libs <<<"$(PKG_CONFIG_SYSROOT_DIR='' pkg-config --libs "${requires[@]}")"
  # shellcheck disable=SC2086
  c++ -std=c++20 "$root/examples/flows.cpp" $cflags "$libdir/libpktana.a" "${libs[@]}" -pthread -o "$work/static_example" &&
    same "$work/static_example" && status=0 || status=1
  verdict "library: the example builds against the static library" $status
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
