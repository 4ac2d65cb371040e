#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the Debian package of the commit that is checked out. Usage: build-deb.sh OUTPUT_DIRECTORY
# PKTANA_BUILD=DIR packs what is built there (meson setup --prefix=/usr) instead of building anew.
set -euo pipefail

out=$(realpath "${1:?usage: ${0##*/} OUTPUT_DIRECTORY}")
root=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/pktana"
git -C "$root" archive HEAD | tar -x -C "$work/pktana"
cp -r "$work/pktana/packaging/debian" "$work/pktana/debian"
cd "$work/pktana"
dpkg-buildpackage --build=binary --no-sign ${PKTANA_BUILD:+--no-check-builddeps}
mkdir -p "$out"
cp "$work"/pktana_*.deb "$out"
