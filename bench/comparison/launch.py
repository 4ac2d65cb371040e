# SPDX-License-Identifier: Apache-2.0
"""Runs a command as the child of a small process and writes what it used to a file descriptor, as JSON.

    launch.py DESCRIPTOR COMMAND...

The kernel counts the memory of a process before exec(2) to the peak of what it becomes: started by a large process
itself, every command would seem to be as large as that."""

import json
import os
import sys
import time


def main():
    answer, command = int(sys.argv[1]), sys.argv[2:]
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(answer)
        try:
            os.execvp(command[0], command)
        except OSError as error:
            print(f"{command[0]}: {error.strerror}", file=sys.stderr)
            os._exit(127)
    _, status, used = os.wait4(child, 0)
    wall = time.monotonic() - began
    figures = [os.waitstatus_to_exitcode(status), wall, used.ru_utime, used.ru_stime, used.ru_maxrss]
    os.write(answer, json.dumps(figures).encode())


main()
