"""`make run`: prepare the home, start the supervisor, and wait until it ends.

This process does what must happen before the supervisor and after it: take the home for itself,
clear what a crash left, choose ports, pass a Ctrl-C on, and see that nothing stays behind. Keeping
processes running is supervisord's work.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

import psutil

from pim.devservices.application import application_programs, boot_program
from pim.devservices.home import CHECKOUT, Home, is_free, number, write_private
from pim.devservices.leftovers import MARKER, end_leftovers
from pim.devservices.services import Services
from pim.devservices.supervise import supervisor_command, write_config

_POLL_SECONDS = 0.1


class Stop(Exception):
    """A sentence that says why it can't start."""


def run(home: Home, *, watched: int | None = None, only_services: bool = False) -> int:
    """Run until Ctrl-C, SIGTERM, or the end of the process `watched`. Returns the exit code.

    The home is locked by the caller. `only_services` is for tests: no application, and a home
    that is removed in the end.
    """
    try:
        services = _prepare(home, only_services)
        programs = [*services.programs(), boot_program(only_services)]
        if not only_services:
            programs += application_programs()
    except (Stop, RuntimeError, OSError, ValueError) as reason:
        print(reason, file=sys.stderr, flush=True)
        return 1
    owner = psutil.Process(watched) if watched is not None else None
    supervisor = subprocess.Popen(
        supervisor_command(write_config(home, programs)), start_new_session=True, cwd=CHECKOUT
    )
    try:
        return _wait(home, supervisor, owner)
    finally:
        _clear(home)
        if only_services:
            home.forget()


def _prepare(home: Home, only_services: bool) -> Services:
    (home.run / "failed").unlink(missing_ok=True)
    (home.logs / "boot.log").unlink(missing_ok=True)
    end_leftovers(home)
    home.remove_socket()
    if not only_services:
        _claim_port()
    services = Services.choose(home, forgetful=only_services)
    services.prepare()
    _set_environment(home, services)
    return services


def _claim_port() -> None:
    port = number("PORT", 8000)
    os.environ["PORT"] = str(port)
    if port < 1024 and os.geteuid() != 0:
        raise Stop(f"Port {port} is for root alone. Choose one from 1024 on: PORT=8000 make run")
    if not is_free(port):
        raise Stop(
            f"Port {port} is taken by another program. Stop that, or choose another port:"
            f" PORT={port + 1} make run"
        )


def _set_environment(home: Home, services: Services) -> None:
    """What every process of this home finds in its environment, and `pim` on the command line in
    the file `environment`."""
    values = services.addresses()
    values["PIM_HOME"] = str(home.path)
    values["SECRET_KEY"] = os.environ.get("SECRET_KEY") or home.secret("secret_key", 48)
    values["PUBLIC_URL"] = (
        os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{number('PORT', 8000)}"
    )
    write_private(home.environment_file, "".join(f"{k}={v}\n" for k, v in values.items()))
    os.environ.update(values)
    os.environ[MARKER] = str(home.path)
    folders = [str(CHECKOUT), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, folders))


def _wait(home: Home, supervisor: subprocess.Popen[bytes], owner: psutil.Process | None) -> int:
    """Show what the boot says; end the supervisor when asked to; say how it went."""
    asked = False

    def stop(*_: int | FrameType | None) -> None:
        nonlocal asked
        if not asked:
            _say("\nStopping …\n")
            supervisor.terminate()
        asked = True

    for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(wish, stop)
    shown = 0
    while supervisor.poll() is None:
        shown = _show(home.logs / "boot.log", shown)
        if asked or not home.ready.exists():
            _wake(home)
        if owner is not None and not _lives(owner):
            stop()
        time.sleep(_POLL_SECONDS)
    _show(home.logs / "boot.log", shown)
    if asked:
        return 0
    if not (home.run / "failed").exists():
        _say("The supervisor ended unexpectedly; everything else is being stopped.\n")
    return 1


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _wake(home: Home) -> None:
    """Make supervisord look at its processes now; left alone it does so once a second."""
    with socket.socket(socket.AF_UNIX) as caller, suppress(OSError):
        caller.connect(str(home.socket()))


def _show(log: Path, shown: int) -> int:
    """Copy what is new in the boot's log to the terminal."""
    if not log.exists():
        return shown
    with log.open("rb") as file:
        file.seek(shown)
        if new := file.read():
            _say(new.decode(errors="replace"))
    return shown + len(new)


def _clear(home: Home) -> None:
    home.ready.unlink(missing_ok=True)
    end_leftovers(home)
    home.remove_socket()
    _say("Stopped.\n")


def _say(text: str) -> None:
    """Print; that nobody is there any more to read it is no reason to end."""
    with suppress(OSError):
        sys.stdout.write(text)
        sys.stdout.flush()
