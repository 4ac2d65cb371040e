#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A directory on a disk that fails when told to: while the file SWITCH is there, every write gets EIO.

Usage: failing_disk.py BACKING MOUNT_POINT SWITCH     (until it is unmounted; needs FUSE, python3-fusepy)
"""

import errno
import os
import sys

sys.path.append("/usr/lib/python3/dist-packages")  # Debian's, whichever Python runs us
import fusepy as fuse  # noqa: E402


class FailingDisk(fuse.Operations):
    def __init__(self, backing, switch):
        self.backing = backing
        self.switch = switch

    def real(self, path):
        return self.backing + path

    def getattr(self, path, fh=None):
        found = os.lstat(self.real(path))
        return {name: getattr(found, name) for name in ("st_atime", "st_ctime", "st_gid", "st_mode", "st_mtime", "st_nlink",
                                                        "st_size", "st_uid", "st_blocks")}

    def readdir(self, path, fh):
        return [".", "..", *os.listdir(self.real(path))]

    def mkdir(self, path, mode):
        os.mkdir(self.real(path), mode)

    def rmdir(self, path):
        os.rmdir(self.real(path))

    def unlink(self, path):
        os.unlink(self.real(path))

    def rename(self, old, new):
        os.rename(self.real(old), self.real(new))

    def chmod(self, path, mode):
        os.chmod(self.real(path), mode)

    def open(self, path, flags):
        return os.open(self.real(path), flags)

    def create(self, path, mode, fi=None):
        return os.open(self.real(path), os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)

    def read(self, path, length, offset, fh):
        return os.pread(fh, length, offset)

    def write(self, path, data, offset, fh):
        if os.path.exists(self.switch):
            raise fuse.FuseOSError(errno.EIO)
        return os.pwrite(fh, data, offset)

    def truncate(self, path, length, fh=None):
        os.truncate(self.real(path), length)

    def statfs(self, path):
        found = os.statvfs(self.real(path))
        return {name: getattr(found, name) for name in ("f_bavail", "f_bfree", "f_blocks", "f_bsize", "f_frsize")}

    def utimens(self, path, times=None):
        os.utime(self.real(path), times)

    def release(self, path, fh):
        os.close(fh)


def main():
    backing, mount_point, switch = sys.argv[1:]
    fuse.FUSE(FailingDisk(backing, switch), mount_point, foreground=True, nothreads=True)


if __name__ == "__main__":
    main()
