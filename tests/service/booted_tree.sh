#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The package on a Debian 12 that really boots: installs the .deb in a tree of debootstrap, boots it by systemd-nspawn
# with a network of its own, has pktana@host0 capture what is sent into its veth, and rsyslog follow the log. Then:
# a real capture replayed; `systemctl restart` and `kill -9` in the middle of 50,000 packets a second; a rotation each
# 100 ms for a minute; purge. What must hold is checked by booted_checks.py.
#
#   sudo tests/service/booted_tree.sh PKTANA.deb CAPTURE.pcap
#
# Needs root, debootstrap, systemd-container, overlayfs, the Debian mirror ($PKTANA_MIRROR; the tree is kept in
# $PKTANA_TREE, /var/tmp/pktana_booted), and a built tree (build/, or $PKTANA_BUILD_ROOT) for the sender and
# `pktana read`. Takes five minutes. Exit status 0: all of it holds.
set -euo pipefail

deb=$(realpath "${1:?usage: ${0##*/} PKTANA.deb CAPTURE.pcap}")
capture=$(realpath "${2:?usage: ${0##*/} PKTANA.deb CAPTURE.pcap}")
here=$(realpath "$(dirname "$0")")
cache=${PKTANA_TREE:-/var/tmp/pktana_booted}
mirror=${PKTANA_MIRROR:-http://deb.debian.org/debian}
export PKTANA_BUILD_ROOT=${PKTANA_BUILD_ROOT:-$here/../../build}
packages=systemd,systemd-sysv,dbus,rsyslog,iproute2,procps,ca-certificates
machine=pktanatest

say() { echo "== $*"; }

make_base() {
  [[ ! -f $cache/base.done ]] || return 0
  say "debootstrap, once"
  rm -rf "$cache/base"
  mkdir -p "$cache"
  debootstrap --variant=minbase --include="$packages" bookworm "$cache/base" "$mirror" > "$cache/debootstrap.log"
  touch "$cache/base.done"
}

# A fresh tree over the kept one.
mount_tree() {
  work=$(mktemp -d "$cache/run.XXXXXX")
  mkdir "$work/upper" "$work/work" "$work/tree"
  mount --make-rprivate /
  mount -t overlay overlay -o "lowerdir=$cache/base,upperdir=$work/upper,workdir=$work/work" "$work/tree"
  tree=$work/tree
}

inside_unbooted() {
  systemd-nspawn --quiet -D "$tree" --as-pid2 --register=no --keep-unit --console=pipe \
    --bind-ro="$deb:/root/pktana.deb" "$@" < /dev/null
}

install_package() {
  say "apt-get install $(basename "$deb")"
  inside_unbooted apt-get -qq update
  inside_unbooted env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 install --no-install-recommends \
    /root/pktana.deb > "$work/apt.log" 2>&1 || { cat "$work/apt.log"; return 1; }
}

# Short timeouts, so that flows end while we look; packets of ours only.
configure() {
  sed -i -e 's/^rotate_interval = .*/rotate_interval = "0s"/' -e 's/^compress = .*/compress = "none"/' \
    -e 's/^update_interval = .*/update_interval = "0s"/' -e 's/^\(tcp\|udp\|icmp\|other\)\.\(new\|established\|closed\) = "[0-9]*s"/\1.\2 = "3s"/' \
    "$tree/etc/pktana/pktana.toml"
  cat > "$tree/etc/sysctl.d/90-pktana-test.conf" <<< 'net.ipv6.conf.all.disable_ipv6=1
net.ipv6.conf.default.disable_ipv6=1'
  cat > "$tree/etc/systemd/system/host0-up.service" <<< '[Service]
Type=oneshot
ExecStart=/bin/sh -c "ip link set host0 mtu 65535 && ip link set host0 up arp off"
[Install]
WantedBy=multi-user.target'
  cat > "$tree/etc/rsyslog.conf" <<< 'global(workDirectory="/var/spool/rsyslog" maxMessageSize="64k")
module(load="imfile" mode="inotify")
template(name="line" type="string" string="%msg%\n")
input(type="imfile" file="/var/log/pktana/host0/eve.json" tag="pktana" reopenOnTruncate="off" ruleset="shipped")
ruleset(name="shipped" queue.type="linkedList" queue.size="1000000") { action(type="omfile" file="/var/log/shipped.json" template="line") }'
  inside_unbooted systemctl enable --quiet pktana@host0 host0-up rsyslog
}

boot() {
  say "boot"
  sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  # nspawn's own filter of system calls is older than Landlock.
  systemd-nspawn --quiet -b -D "$tree" --machine="$machine" --network-veth --register=no --keep-unit --console=pipe \
    --system-call-filter='landlock_create_ruleset landlock_add_rule landlock_restrict_self' \
    < /dev/null > "$work/boot.log" 2>&1 &
  nspawn=$!
  for _ in $(seq 300); do
    leader=$(pgrep -P "$nspawn" 2> /dev/null | tail -n 1 || true)
    [[ -z $leader ]] || ! inside systemctl is-active --quiet pktana@host0 2> /dev/null || break
    ip link set "ve-$machine" mtu 65535 up arp off 2> /dev/null || true
    sleep 0.2
  done
  inside systemctl is-active --quiet pktana@host0 || { echo "FAIL pktana@host0 is not active"; return 1; }
  inside systemctl is-active --quiet rsyslog || { echo "FAIL rsyslog is not active"; return 1; }
}

inside() { nsenter -t "$leader" -a "$@"; }

stop_tree() {
  local status=$?
  [[ -n ${leader:-} ]] || return 0
  if ((status != 0)); then inside journalctl --no-pager -u pktana@host0 | tail -n 60 || true; fi
  inside systemctl poweroff 2> /dev/null || true
  wait "$nspawn" || true
}

clean_up() {
  umount "$work/tree" || true
  [[ -n ${PKTANA_KEEP:-} ]] || rm -rf "$work"
}

show_rights() {
  say "rights"
  local pid
  pid=$(inside systemctl show -P MainPID pktana@host0)
  inside grep -E '^(CapEff|CapPrm|CapAmb|NoNewPrivs|Seccomp):' "/proc/$pid/status" | tee "$work/status"
  grep -Pq '^CapEff:\t0{16}$' "$work/status" && grep -Pq '^Seccomp:\t2$' "$work/status"
  inside systemd-analyze --no-pager security pktana@host0 | tail -n 1
  inside ls -ld /var/log/pktana /var/log/pktana/host0
}

purge() {
  say "purge"
  inside systemctl stop pktana@host0
  inside apt-get -qq -y -o Dpkg::Use-Pty=0 purge pktana > "$work/purge.log" 2>&1 || { cat "$work/purge.log"; return 1; }
  inside find / -xdev -ipath '*pktana*' -not -path '/proc/*' -not -path '/root/*' -not -path '/etc/sysctl.d/*' -not -path '/sys/*' \
    -not -path '/var/log/pktana*' -not -path '/var/log/journal/*' > "$work/left" || true
  if [[ -s $work/left ]]; then
    echo "FAIL purge left:"
    cat "$work/left"
    return 1
  fi
  echo "PASS purge leaves $(inside find /var/log/pktana -type f | wc -l) files in /var/log/pktana and nothing else"
}

# In a network namespace of its own, where the host's end of the veth lies.
booted_half() {
  trap stop_tree EXIT
  boot
  show_rights
  python3 "$here/booted_checks.py" --leader "$leader" --tree "$tree" --interface "ve-$machine" --capture "$capture"
  purge
  say "all of it holds"
}

case ${PKTANA_BOOTED_STEP:-} in
  '')
    ((EUID == 0)) || { echo "${0##*/}: needs root" >&2; exit 2; }
    make_base
    PKTANA_BOOTED_STEP=install exec unshare --mount "$0" "$deb" "$capture"
    ;;
  install)
    trap clean_up EXIT
    mount_tree
    install_package
    configure
    PKTANA_BOOTED_STEP=boot PKTANA_BOOTED_WORK=$work unshare --net "$0" "$deb" "$capture"
    ;;
  boot)
    work=$PKTANA_BOOTED_WORK
    tree=$work/tree
    booted_half
    ;;
esac
