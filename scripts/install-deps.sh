#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what pktana needs on Debian 12 and its kin. Does nothing where all of it is there.
# Usage: install-deps.sh [build|test|all]
#   build  compiler and libraries; test  what the tests run besides; all  both, and the second compiler and
#   the formatter that .ci/run uses
set -euo pipefail

build_packages=(
  g++ meson ninja-build pkg-config git ca-certificates
  libexpected-dev libfmt-dev libspdlog-dev libsimdjson-dev libconcurrentqueue-dev liburing-dev libcli11-dev
  libpcap-dev libmaxminddb-dev scdoc libtomlplusplus-dev libzstd-dev zlib1g-dev libssl-dev catch2 libbenchmark-dev
  libnghttp2-dev libndpi-dev libseccomp-dev libcap-ng-dev libmicrohttpd-dev libncurses-dev
)
test_packages=(
  python3 python3-jsonschema jq openssl curl zstd gzip
  iproute2 iputils-ping ethtool tcpdump bind9-dnsutils dnsmasq-base util-linux procps
  man-db zsh fish tshark mmdb-bin systemd debhelper tmux valgrind strace
)
ci_packages=(
  clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev llvm-14
)

case "${1:-build}" in
  build) packages=("${build_packages[@]}") ;;
  test) packages=("${test_packages[@]}") ;;
  all) packages=("${build_packages[@]}" "${test_packages[@]}" "${ci_packages[@]}") ;;
  *)
    echo "usage: ${0##*/} [build|test|all]" >&2
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  echo "${0##*/}: not a Debian-like system: install the equivalents of these by hand:" >&2
  printf '  %s\n' "${packages[@]}" >&2
  exit 1
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [[ $status == installed ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  exit 0
fi

if ((EUID != 0)); then
  echo "${0##*/}: not root, and these packages are missing. Run: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
echo "installing: ${missing[*]}"
# The lock timeout lets two checkouts on one machine install at the same time.
apt-get -qq -o DPkg::Lock::Timeout=300 update
apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install --no-install-recommends "${missing[@]}"
