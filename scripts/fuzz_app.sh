#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fuzzes the dissectors of the application layer, one after the other: scripts/fuzz_app.sh RUNS [NAME...]
# RUNS is how many inputs each gets, a twentieth of them up to 8 KiB long, the rest up to 1 KiB (which is three times
# as fast); without names all get them. Builds with clang-14 in build-fuzz, begins with our own seeds, the payloads of
# ../shared/captures, if it is there, and what earlier runs found in build-fuzz/corpus. A finding stays in
# build-fuzz/findings, and the exit status is 1. About 3 minutes of a core for a million runs of two dissectors.
set -euo pipefail
cd "$(dirname "$0")/.."

[[ ${1:-} =~ ^[0-9]+$ ]] || { echo "usage: scripts/fuzz_app.sh RUNS [NAME...]" >&2; exit 2; }
runs=$1
shift
build_dir=build-fuzz
corpus=$build_dir/corpus
findings=$build_dir/findings

if [[ ! -f $build_dir/build.ninja ]]; then
  CXX=clang++-14 CC=clang-14 meson setup "$build_dir" -Dfuzz=enabled -Dbench=disabled \
    -Db_sanitize=address,undefined -Db_lundef=false -Doptimization=2 -Ddebug=false \
    -Dcpp_args=-gline-tables-only
fi
ninja -C "$build_dir" tests/fuzz/fuzz_app tests/fuzz/write_app_seeds tests/fuzz/write_capture_payloads
mkdir -p "$corpus/own" "$corpus/captures" "$findings"
"$build_dir/tests/fuzz/write_app_seeds" "$corpus/own"
if [[ -d ../shared/captures ]]; then
  find ../shared/captures \( -name '*.pcap' -o -name '*.pcapng' -o -name '*.cap' \) -print0 |
    xargs -0 "$build_dir/tests/fuzz/write_capture_payloads" "$corpus/captures" 2>"$build_dir/payloads.log"
fi

names=("$@")
if ((${#names[@]} == 0)); then
  mapfile -t names < <(find "$corpus/own" -type f -exec head -qn 1 {} + | LC_ALL=C sort -u)
fi
# libFuzzer's entropic schedule takes more time than the dissectors do; stack traces of allocations, too.
export ASAN_OPTIONS=malloc_context_size=2:quarantine_size_mb=32
fuzz() {
  local name=$1 count=$2 length=$3
  PKTANA_FUZZ_DISSECTOR=$name "$build_dir/tests/fuzz/fuzz_app" -runs="$count" -max_len="$length" -entropic=0 \
    -timeout=10 -rss_limit_mb=1024 -artifact_prefix="$findings/$name-" "$corpus/$name" >>"$build_dir/$name.log" 2>&1
}

status=0
for name in "${names[@]}"; do
  folder=$corpus/$name
  mkdir -p "$folder"
  find "$corpus/own" -type f -name "$name[0-9]*" -exec cp -t "$folder" {} +
  [[ ! -d $corpus/captures/$name ]] || find "$corpus/captures/$name" -type f -exec cp -t "$folder" {} +
  started=$SECONDS
  if fuzz "$name" $((runs / 20)) 8192 && fuzz "$name" $((runs - runs / 20)) 1024; then
    echo "PASS $name: $runs runs, $((SECONDS - started)) s"
  else
    echo "FAIL $name: see $build_dir/$name.log"
    status=1
  fi
done
exit "$status"
