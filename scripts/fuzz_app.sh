#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Fuzzes the dissectors of the application layer, one after the other:
#   scripts/fuzz_app.sh PARSER_RUNS RECOGNISER_RUNS [NAME...]
# PARSER_RUNS is how many inputs each dissector gets that reads fields, RECOGNISER_RUNS each that recognises only;
# without names all get them. Builds with clang-14 in build-fuzz, begins with our own seeds, the payloads of
# ../shared/captures, if it is there, and what earlier runs found in build-fuzz/corpus. A hundredth of the inputs has up
# to 8 KiB, a twentieth up to 1 KiB, and the rest the length of the longest of our own seeds: those are the many. The
# long ones are steered by how often each edge of the code is passed, the many by whether it is. At the end all that was
# found runs once more with the check for leaks. A finding stays in build-fuzz/findings, and the exit status is 1.
# build-fuzz/runs.tsv has a line for each dissector: revision, runs, seconds, outcome. A million takes a dissector 10 to
# 60 seconds of a core.
set -euo pipefail
cd "$(dirname "$0")/.."

[[ ${1:-} =~ ^[0-9]+$ && ${2:-} =~ ^[0-9]+$ ]] || {
  echo "usage: scripts/fuzz_app.sh PARSER_RUNS RECOGNISER_RUNS [NAME...]" >&2
  exit 2
}
declare -A runs_of=([parser]=$1 [recogniser]=$2)
shift 2
build_dir=build-fuzz
programs=$build_dir/tests/fuzz
corpus=$build_dir/corpus
findings=$build_dir/findings

if [[ ! -f $build_dir/build.ninja ]]; then
  CXX=clang++-14 CC=clang-14 meson setup "$build_dir" -Dfuzz=enabled -Dbench=disabled \
    -Db_sanitize=address,undefined -Db_lundef=false -Doptimization=3 -Ddebug=false \
    "-Dcpp_args=['-gline-tables-only','-fsanitize-coverage-allowlist=$PWD/tests/fuzz/app_coverage.txt']"
fi
ninja -C "$build_dir" tests/fuzz/fuzz_app tests/fuzz/write_app_seeds tests/fuzz/write_capture_payloads
revision=$(git describe --always --dirty)
mkdir -p "$corpus/own" "$corpus/captures" "$findings"
"$programs/write_app_seeds" "$corpus/own"
if [[ -d ../shared/captures ]]; then
  find ../shared/captures \( -name '*.pcap' -o -name '*.pcapng' -o -name '*.cap' \) -print0 |
    xargs -0 "$programs/write_capture_payloads" "$corpus/captures" 2>"$build_dir/payloads.log"
fi
declare -A kind_of
while read -r name kind; do
  kind_of[$name]=$kind
done < <("$programs/write_app_seeds" --list)
names=("$@")
((${#names[@]} > 0)) || mapfile -t names < <(printf '%s\n' "${!kind_of[@]}" | LC_ALL=C sort)

# libFuzzer writes and deletes an input for each thing it learns.
work=$(mktemp -d --tmpdir=/dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$work"' EXIT
# A fault is reported where it is met; for more of its story run the finding again without these. Leaks: see above.
export ASAN_OPTIONS=malloc_context_size=1:quarantine_size_mb=1:thread_local_quarantine_size_kb=64:allocator_release_to_os_interval_ms=-1

# fuzz NAME RUNS OPTION...
fuzz() {
  local name=$1 count=$2
  shift 2
  PKTANA_FUZZ_DISSECTOR=$name "$programs/fuzz_app" -runs="$count" -timeout=10 -rss_limit_mb=1024 \
    -artifact_prefix="$findings/$name-" "$@" "$work/$name" >>"$build_dir/$name.log" 2>&1
}

# fuzz_all NAME RUNS LENGTH_OF_THE_MANY
fuzz_all() {
  local name=$1 long=$(($2 / 100)) middle=$(($2 / 20)) options=(-entropic=0 -reload=0 -detect_leaks=0)
  fuzz "$name" "$long" -max_len=8192 "${options[@]}" && fuzz "$name" "$middle" -max_len=1024 "${options[@]}" &&
    fuzz "$name" $(($2 - long - middle)) -max_len="$3" -use_counters=0 "${options[@]}" && fuzz "$name" 0
}

status=0
for name in "${names[@]}"; do
  runs=${runs_of[${kind_of[$name]:?no dissector of that name has seeds: $name}]}
  mkdir -p "$corpus/$name" "$work/$name"
  for folder in "$corpus/$name" "$corpus/captures/$name"; do
    [[ ! -d $folder ]] || find "$folder" -type f -exec cp -t "$work/$name" {} +
  done
  find "$corpus/own" -type f -name "$name[0-9]*" -exec cp -t "$work/$name" {} +
  longest=$(find "$corpus/own" -type f -name "$name[0-9]*" -printf '%s\n' | sort -n | tail -n 1)
  started=$SECONDS
  outcome=PASS
  fuzz_all "$name" "$runs" $((longest < 128 ? 128 : longest)) || outcome=FAIL
  find "$work/$name" -type f -exec cp -t "$corpus/$name" {} +
  rm -r "${work:?}/$name"
  echo "$outcome $name: $runs runs, $((SECONDS - started)) s"
  printf '%s\t%s\t%s\t%s\t%s\n' "$revision" "$name" "$runs" "$((SECONDS - started))" "$outcome" >>"$build_dir/runs.tsv"
  [[ $outcome == PASS ]] || { echo "  see $build_dir/$name.log" && status=1; }
done
exit "$status"
