#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Debian package, packed of what is built: what is in it, and what its scripts do. booted_tree.sh installs and
purges it.

Usage: check_package.py SOURCE_ROOT BUILD_ROOT PREFIX
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

MUST_HAVE = {
    "usr/bin/pktana", "etc/pktana/pktana.toml", "lib/systemd/system/pktana.service", "lib/systemd/system/pktana@.service",
    "usr/lib/sysusers.d/pktana.conf", "usr/lib/tmpfiles.d/pktana.conf", "usr/share/man/man1/pktana.1.gz",
    "usr/share/man/man1/pktana-daemon.1.gz", "usr/share/man/man1/pktana-ctl.1.gz",
    "usr/share/bash-completion/completions/pktana", "usr/share/zsh/site-functions/_pktana",
    "usr/share/fish/vendor_completions.d/pktana.fish", "usr/share/doc/pktana/copyright", "usr/share/doc/pktana/changelog.gz",
}
MAY_BEGIN = ("usr/share/man/man1/pktana-", "usr/share/doc/pktana/")
LEFT_OUT = {"libndpi-dev"}
SAID = {
    "postinst": ["systemd-sysusers ", "systemd-tmpfiles ", "try-restart pktana.service 'pktana@*.service'"],
    "prerm": ["stop pktana.service 'pktana@*.service'"],
    "postrm": ["rm -rf /var/lib/pktana /run/pktana", "pktana@*.service", "-type d -empty"],
}


def skip(reason):
    print(f"SKIP package: {reason}")
    sys.exit(77)


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, check=True, **more).stdout


def pack(source, build, out):
    environment = os.environ | {"PKTANA_BUILD": str(build)}
    done = subprocess.run([source / "packaging" / "build-deb.sh", out], env=environment, capture_output=True, text=True,
                          check=False)
    print(done.stdout[-3000:] if done.returncode else "", done.stderr[-3000:] if done.returncode else "", sep="")
    for line in done.stdout.splitlines():
        if line.startswith("NOTE"):
            print(line)
    if done.returncode != 0:
        raise SystemExit(f"FAIL build-deb.sh: status {done.returncode}")
    return next(pathlib.Path(out).glob("*.deb"))


def undeclared(source):
    """Libraries that scripts/install-deps.sh installs for a build and debian/control does not ask for."""
    listed = re.search(r"build_packages=\((.*?)\)", (source / "scripts/install-deps.sh").read_text(), re.DOTALL)[1].split()
    control = (source / "packaging/debian/control").read_text().split()
    missing = {name for name in listed if name.endswith("-dev")} - {name.rstrip(",") for name in control} - LEFT_OUT
    return [f"Build-Depends lack {name}" for name in sorted(missing)]


def faults_of(package, work):
    run("dpkg-deb", "-R", package, work)
    files = {str(path.relative_to(work)) for path in work.rglob("*") if not path.is_dir()}
    control = {name for name in files if name.startswith("DEBIAN/")}
    files -= control
    faults = [f"{name} is not in the package" for name in sorted(MUST_HAVE - files)]
    faults += [f"{name} is in the package" for name in sorted(files - MUST_HAVE) if not name.startswith(MAY_BEGIN)]
    if (work / "DEBIAN" / "conffiles").read_text().split() != ["/etc/pktana/pktana.toml"]:
        faults.append("conffiles are not /etc/pktana/pktana.toml alone")
    for unit in ("pktana.service", "pktana@.service"):
        if "ExecStart=/usr/bin/pktana daemon " not in (work / "lib/systemd/system" / unit).read_text():
            faults.append(f"{unit} starts another program")
    for script, words in SAID.items():
        text = (work / "DEBIAN" / script).read_text()
        faults += [f"{script} does not say: {word}" for word in words if word not in text]
    checked = subprocess.run([work / "usr/bin/pktana", "check-config", work / "etc/pktana/pktana.toml"], check=False)
    return faults + (["pktana finds faults in the configuration"] if checked.returncode else [])


def main():
    source, build, prefix = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    if prefix != "/usr":
        skip(f"this build is for {prefix}: meson configure -Dprefix=/usr {build}")
    for program in ("dh", "dpkg-buildpackage"):
        if shutil.which(program) is None:
            skip(f"{program} is not here (Debian: package debhelper)")
    with tempfile.TemporaryDirectory() as work:
        package = pack(source, build, os.path.join(work, "out"))
        version = run("dpkg-deb", "-f", package, "Version").strip()
        faults = undeclared(source) + faults_of(package, pathlib.Path(work) / "tree")
        print(f"{package.name}: {package.stat().st_size} bytes, version {version}")
    for fault in faults:
        print(f"FAIL {fault}")
    print("FAIL" if faults else "PASS")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
