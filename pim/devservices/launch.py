"""Start one process so that it can't outlive the process that started it.

Run as a file, by `python -I -S launch.py [--user NAME] [--signal NAME] -- COMMAND…`, so it imports
nothing but the standard library and takes a few milliseconds. Where the kernel can promise it
(Linux), the command replaces this process and gets the signal when its parent dies, kill -9
included. Elsewhere this process stays, watches its parent and passes signals on.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from types import FrameType

_PR_SET_PDEATHSIG = 1
_WATCH_SECONDS = 0.5


def main() -> None:
    """Parse, drop rights, bind the command's life to the parent's, run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--user", help="run as this user (only root can)")
    parser.add_argument("--signal", default="SIGTERM", help="what ends the command")
    parser.add_argument("--watch", action="store_true", help="watch, even if the kernel can do it")
    parser.add_argument("command", nargs="+")
    given = parser.parse_args()
    parent = os.getppid()
    death_signal = signal.Signals[given.signal]
    if given.user:
        become(given.user)
    if given.watch or not sys.platform.startswith("linux"):
        sys.exit(watch(given.command, parent, death_signal))
    # After the change of user: that would clear it.
    if ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0) != 0:
        sys.exit("The kernel does not support PR_SET_PDEATHSIG.")
    if os.getppid() != parent:
        sys.exit("The parent is gone already.")
    os.execvp(given.command[0], given.command)  # noqa: S606  # no shell is the point


def become(name: str) -> None:
    """Give up being root, for good."""
    user = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.environ["HOME"] = user.pw_dir


def watch(command: list[str], parent: int, death_signal: signal.Signals) -> int:
    """Run the command as a child until it ends; end it when the parent is gone."""
    process = subprocess.Popen(command)

    def pass_on(number: int, _: FrameType | None) -> None:
        process.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, pass_on)
    orphaned = False
    while process.poll() is None:
        if os.getppid() != parent and not orphaned:
            orphaned = True
            process.send_signal(death_signal)
        time.sleep(_WATCH_SECONDS)
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


if __name__ == "__main__":
    main()
