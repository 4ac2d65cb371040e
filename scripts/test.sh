#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh clone to tested: installs what is missing, builds in build/, runs every test. The last line is
# "N passed, N failed"; exit status 0 only if nothing failed.
set -euo pipefail
cd "$(dirname "$0")/.."

build_dir=build

fail() {
  echo "FAIL $1"
  echo "0 passed, 1 failed"
  exit 1
}

{ scripts/install-deps.sh build && scripts/install-deps.sh test; } || fail "install: packages are missing"

if [[ ! -f $build_dir/build.ninja ]]; then
  options=(--prefix=/usr) # the package is packed of it
  # Neither debug information nor optimisation: half of the time goes into these.
  [[ -z ${CI:-} ]] || options+=(-Dwerror=true -Ddebug=false -Doptimization=0)
  meson setup "$build_dir" "${options[@]}" || fail "configure"
fi
ninja -C "$build_dir" || fail "build"

# Its exit status says no more than the report does.
meson test -C "$build_dir" --no-rebuild || true
python3 scripts/report_tests.py "$build_dir/meson-logs/testlog.json"
