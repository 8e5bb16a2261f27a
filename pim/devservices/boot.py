"""What happens between "the services run" and "the product answers".

A process of its own under the supervisor, run once at each start: wait for the services, make the
roles and databases of the embedded ones, migrate, make the demo tenant at the first start, have
the supervisor start the product's processes, and say where it is. What it prints is what people
read on the terminal, so it speaks in sentences.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

from pim.devservices import probe
from pim.devservices.home import Home
from pim.devservices.services import Services, where
from pim.devservices.supervise import control

_SERVICE_SECONDS = 60.0
_GIVEN_SECONDS = 5.0
_PROCESS_SECONDS = 120.0
_LOG_LINES = 15
_APPLICATION = ("web", "worker", "scheduler")
# What the others can do without for a moment, so that people need not wait for it.
_AFTERWARDS = ("worker-quick",)


class Failed(Exception):
    """A sentence that says what does not work, and what it said itself."""


def main() -> None:
    """Boot; on failure say why and end the supervisor."""
    home = Home.from_environment()
    try:
        _boot(home, only_services=sys.argv[1] == "services")
    except Failed as reason:
        _give_up(home, str(reason))
    except Exception as error:
        _give_up(home, f"{type(error).__name__}: {error}\n{traceback.format_exc()}")


def _give_up(home: Home, reason: str) -> NoReturn:
    print(f"It did not start: {reason}", flush=True)
    (home.run / "failed").write_text(reason)
    control(home).supervisor.shutdown()
    sys.exit(1)


def _boot(home: Home, *, only_services: bool) -> None:
    services = Services.chosen(home)
    preparation = None if only_services else _run("pim.devservices.prepare")
    _wait_for_services(home, services)
    if services.postgres is not None:
        services.postgres.ensure_roles()
    if services.clickhouse_port is not None:
        probe.create_clickhouse_database(os.environ["CLICKHOUSE_URL"])
    if preparation is None:
        home.ready.write_text("services\n")
        return
    sample = _Sample(home, services)
    if sample.is_missing:
        print("First start: making the tables, the demo tenant and its catalog.", flush=True)
    demo = json.loads(_said(preparation, "Preparing", "go\n").splitlines()[-1])
    _start(home, _APPLICATION)
    if sample.is_missing:
        _said(_run("pim", "demo", "import-sample"), "Importing the sample catalog")
        sample.is_there()
    _wait_for_application(home)
    print(f"\n{_welcome(home, demo)}", flush=True)
    home.ready.write_text(_address() + "\n")
    _start(home, _AFTERWARDS)


def _wait_for_services(home: Home, services: Services) -> None:
    embedded = {
        "DATABASE_URL": "postgres" if services.postgres else None,
        "REDIS_URL": "valkey" if services.valkey else None,
        "CLICKHOUSE_URL": "clickhouse" if services.clickhouse_port else None,
    }
    probes = {
        "DATABASE_URL": ("PostgreSQL", lambda: probe.postgres(services)),
        "REDIS_URL": ("Valkey", lambda: probe.valkey(os.environ["REDIS_URL"])),
        "CLICKHOUSE_URL": ("ClickHouse", lambda: probe.clickhouse(os.environ["CLICKHOUSE_URL"])),
    }
    names = [f"{label}{'' if embedded[key] else ' (given)'}" for key, (label, _) in probes.items()]
    print(f"Starting {', '.join(names)}.", flush=True)
    for key, (label, answers) in probes.items():
        try:
            _wait(answers, _SERVICE_SECONDS if embedded[key] else _GIVEN_SECONDS)
        except probe.NoAnswer as reason:
            program = embedded[key]
            said = _tail(home, program) if program else f"{key} names {where(os.environ[key])}."
            raise Failed(f"{label} does not answer: {reason}\n{said}") from None


def _start(home: Home, names: Iterable[str]) -> None:
    supervisor = control(home).supervisor
    for name in names:
        supervisor.startProcessGroup(name, False)


def _wait_for_application(home: Home) -> None:
    """Until web, workers and scheduler stay up and the web answers."""
    supervisor = control(home).supervisor

    def all_run() -> None:
        for process in supervisor.getAllProcessInfo():
            if process["group"] in _APPLICATION and process["statename"] != "RUNNING":
                raise probe.NoAnswer(process["group"])

    try:
        _wait(all_run, _PROCESS_SECONDS)
    except probe.NoAnswer as name:
        raise Failed(f"the {name} process does not stay up.\n{_tail(home, str(name))}") from None
    try:
        _wait(lambda: _web_answers(f"{_address()}/readyz"), _PROCESS_SECONDS)
    except probe.NoAnswer as reason:
        raise Failed(f"the web server does not answer: {reason}\n{_tail(home, 'web')}") from None


def _web_answers(address: str) -> None:
    try:
        urllib.request.urlopen(address, timeout=10).close()  # noqa: S310  # our own address
    except urllib.error.HTTPError as error:
        if error.code >= 500:
            raise probe.NoAnswer(f"status {error.code}") from None
    except OSError as error:
        raise probe.NoAnswer(str(error)) from None


def _run(*module_and_arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *module_and_arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _said(process: subprocess.Popen[str], what: str, told: str = "") -> str:
    """What a process prints until its end; its messages are shown only if it fails."""
    out, messages = process.communicate(told)
    if process.returncode != 0:
        said = "\n".join((out + messages).splitlines()[-_LOG_LINES:])
        raise Failed(f"{what} failed:\n{said}")
    return out


class _Sample:
    """Whether the sample catalog has been handed to this home's database, remembered in the home
    because people may delete it, and it must not come back."""

    def __init__(self, home: Home, services: Services) -> None:
        self._path = home.path / "sample-imported"
        self._database = where(os.environ["DATABASE_URL"])
        if services.postgres is not None:
            self._database = "embedded"  # its port may change

    @property
    def is_missing(self) -> bool:
        done = self._path.read_text().splitlines() if self._path.exists() else []
        return self._database not in done

    def is_there(self) -> None:
        with self._path.open("a") as file:
            file.write(self._database + "\n")


def _wait(check: Callable[[], None], seconds: float) -> None:
    """Call `check` until it raises nothing; the last NoAnswer when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            check()
        except probe.NoAnswer:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _tail(home: Home, program: str) -> str:
    log: Path = home.logs / f"{program}.log"
    lines = log.read_text(errors="replace").splitlines()[-_LOG_LINES:] if log.exists() else []
    return "\n".join([f"The end of {log}:", *(f"    {line}" for line in lines)])


def _address() -> str:
    return f"http://127.0.0.1:{os.environ['PORT']}"


def _welcome(home: Home, demo: dict[str, str | None]) -> str:
    password = demo["password"] or "the password you gave it"
    return (
        f"Open          {_address()}/pim\n"
        f"Sign in with  {demo['email']}  and  {password}\n"
        f"Logs          {home.logs}\n"
        "Stop          Ctrl-C"
    )


if __name__ == "__main__":
    main()
