#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the Debian package of the commit that is checked out, and has lintian look at it.
#   packaging/build-deb.sh OUTPUT_DIRECTORY
# The version is meson.build's; between releases with ~gitDATE.COMMIT, so that the release is newer than all of them.
# PKTANA_BUILD=DIR packs what is built there (meson setup --prefix=/usr) instead of building anew: a test of the
# packaging, not a package to give away.
set -euo pipefail

out=$(realpath -m "${1:?usage: ${0##*/} OUTPUT_DIRECTORY}")
root=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
built=${PKTANA_BUILD:+$(realpath "$PKTANA_BUILD")}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

version=$(sed -nE "s/^  version: '([^']+)',/\1/p" "$root/meson.build" | head -n 1)
if ! git -C "$root" tag --points-at HEAD | grep -qx "v$version"; then
  version+=$(TZ=UTC git -C "$root" log -1 --date=format-local:%Y%m%d%H%M%S --format=~git%cd.%h)
fi

mkdir "$work/pktana"
git -C "$root" archive HEAD | tar -x -C "$work/pktana"
cp -r "$work/pktana/packaging/debian" "$work/pktana/debian"
cd "$work/pktana"
sed -i "1s/(.*)/($version)/; s/^ -- .*/ -- pktana maintainers <pktana@example.invalid>  $(git -C "$root" log -1 --format=%cD)/" debian/changelog

options=(--build=binary --no-sign)
if [[ -n ${PKTANA_BUILD:-} ]]; then
  PKTANA_BUILD=$built
  export PKTANA_BUILD
  options+=(--no-check-builddeps)
fi
dpkg-buildpackage "${options[@]}"

mkdir -p "$out"
cp "$work"/pktana_*.deb "$out"
ls -l "$out"/pktana_"${version}"_*.deb
if command -v lintian > /dev/null; then
  lintian --allow-root --fail-on error --tag-display-limit 0 "$work"/pktana_*.deb
else
  echo "NOTE: lintian is not here, and has not looked at the package"
fi
