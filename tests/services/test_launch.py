"""A process started through launch.py does not outlive the one that started it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from pim.devservices import launch
from tests.faults.installation import wait_for

LAUNCH = str(Path(launch.__file__))
# A parent that starts a child through launch.py, says the child's number, and waits.
PARENT = """
import subprocess, sys
subprocess.Popen(sys.argv[1:], stdout=sys.stdout)
sys.stdin.read()
"""
CHILD = "import os, time; print(os.getpid(), os.getuid(), flush=True); time.sleep(600)"


def start(*options: str) -> tuple[subprocess.Popen[str], psutil.Process, int]:
    """The parent, its child, and the child's user."""
    child = [sys.executable, "-I", "-S", LAUNCH, *options, "--", "/usr/bin/env", "python3"]
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *child, "-c", CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    process, user = parent.stdout.readline().split()
    return parent, psutil.Process(int(process)), int(user)


def gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("options", [[], ["--watch"]], ids=["by the kernel", "by watching"])
def test_a_child_ends_when_its_parent_is_killed(options: list[str]) -> None:
    if not options and not sys.platform.startswith("linux"):
        pytest.skip("only Linux can do this")
    parent, child, _ = start(*options)
    parent.kill()
    parent.wait()
    wait_for(lambda: gone(child), "the end of the child", 10)


def test_a_watching_launcher_passes_signals_and_the_exit_code_on() -> None:
    script = (
        "import signal, sys; signal.signal(15, lambda *_: sys.exit(7));"
        "print('up', flush=True); signal.pause()"
    )
    process = subprocess.Popen(
        [sys.executable, LAUNCH, "--watch", "--", sys.executable, "-c", script],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.terminate()
    assert process.wait(10) == 7


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_root_becomes_somebody_else_and_the_child_still_ends() -> None:
    parent, child, user = start("--user", "nobody")
    assert user not in (0, os.getuid())
    parent.kill()
    parent.wait()
    wait_for(lambda: gone(child), "the end of the child", 10)
