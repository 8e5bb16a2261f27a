"""`make run` starts, stops, and comes back after whatever happens to it."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import urllib.request

import psutil
import psycopg
from redis import Redis

from pim.devservices.leftovers import end_leftovers
from tests.faults.installation import Installation, wait_for

# A second start takes 5 s on an idle machine with two cores; parallel tests keep it busy.
SECOND_START_SECONDS = 45.0


def product_count(installation: Installation) -> int:
    """Products in PostgreSQL, counted by its superuser, who sees every tenant."""
    port = json.loads((installation.home.run / "embedded.json").read_text())["postgres"]
    password = installation.home.secret("postgres_postgres")
    address = f"postgresql://postgres:{password}@127.0.0.1:{port}/pim"
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT count(*) FROM products").fetchone()
    assert row is not None
    return int(row[0])


def wait_for_catalog(installation: Installation) -> None:
    wait_for(lambda: product_count(installation) > 1000, "the sample catalog")


def test_the_first_start_says_where_it_is_and_imports_a_catalog(running: Installation) -> None:
    wait_for(lambda: f"Open          {running.address}/pim\n" in running.log(), "the address")
    assert "Sign in with  demo@example.com  and  " in running.log()
    assert running.home.ready.read_text().strip() == running.address
    with urllib.request.urlopen(running.address + "/pim") as page:
        assert page.status == 200
    wait_for_catalog(running)


def test_a_second_start_on_the_same_home_is_refused(running: Installation) -> None:
    said = running.log()
    second = running.launch()
    assert second.wait(30) == 1
    assert "runs already" in running.log()
    (running.home.path / "terminal.log").write_text(said)
    running.home.ready.write_text(running.address + "\n")
    assert running.answers()


def test_secrets_are_private_and_in_no_log(running: Installation) -> None:
    secrets = json.loads((running.home.path / "secrets.json").read_text())
    assert len(secrets) >= 6
    for name in ("secrets.json", "environment", "run/supervisord.conf", "valkey/valkey.conf"):
        assert stat.S_IMODE((running.home.path / name).stat().st_mode) == 0o600, name
    for log in running.home.logs.iterdir():
        text = log.read_text(errors="replace")
        assert [name for name, value in secrets.items() if value in text] == [], log.name


def test_a_taken_port_is_said_in_a_sentence(running: Installation) -> None:
    other = Installation()
    other.port = running.port
    refused = other.launch()
    try:
        assert refused.wait(30) == 1
        assert other.log() == (
            f"Port {running.port} is taken by another program. Stop that, or choose another port:"
            f" PORT={running.port + 1} make run\n"
        )
    finally:
        other.remove()


def test_a_service_that_is_given_and_does_not_answer_is_named(running: Installation) -> None:
    other = Installation()
    try:
        refused = other.launch(REDIS_URL="redis://127.0.0.1:1/0")
        assert refused.wait(60) == 1
        assert "Valkey does not answer" in other.log()
        assert "REDIS_URL names 127.0.0.1:1" in other.log()
        assert other.remaining() == []
        assert not (other.home.path / "valkey").exists()
    finally:
        other.remove()


def test_two_installations_run_side_by_side(running: Installation) -> None:
    other = Installation()
    try:
        other.start()
        assert other.answers()
        assert running.answers()
        assert other.stop() == 0
        assert running.answers()
    finally:
        other.remove()


def test_whatever_dies_is_started_again_with_what_it_kept(running: Installation) -> None:
    wait_for_catalog(running)
    before = running.programs()
    queue = Redis.from_url(running.addresses()["REDIS_URL"])
    queue.rpush("a-queue", *range(1000))
    for name, (_, process) in before.items():
        if name != "boot":
            os.kill(process, signal.SIGKILL)

    def all_are_back() -> bool:
        now = running.programs()
        return all(
            state == "RUNNING" and process != before[name][1]
            for name, (state, process) in now.items()
            if name != "boot"
        )

    wait_for(all_are_back, "every program with a new process")
    wait_for(running.answers, "an answer")
    assert product_count(running) > 1000
    assert queue.llen("a-queue") == 1000


def test_ctrl_c_leaves_no_process_and_a_clean_home(running: Installation) -> None:
    assert running.stop() == 0
    assert running.remaining() == []
    assert not running.home.ready.exists()
    assert "Stopped." in running.log()
    assert "shut down" in (running.home.logs / "postgres.log").read_text().splitlines()[-1]


def test_the_second_start_is_quick_and_finds_the_data(installation: Installation) -> None:
    if not installation.starts:
        installation.start()
    if installation.is_running:
        assert installation.stop() == 0
    installation.start()
    print(f"second start: {installation.seconds_to_start:.1f} s")
    assert installation.seconds_to_start < SECOND_START_SECONDS
    assert "First start" not in installation.log()
    assert product_count(installation) > 1000


def test_kill_9_of_the_supervisor_does_not_block_the_next_start(running: Installation) -> None:
    wait_for_catalog(running)
    running.supervisor().kill()
    assert running.process is not None
    assert running.process.wait(60) == 1
    assert "ended unexpectedly" in running.log()
    assert running.remaining() == []
    running.start()
    assert running.answers()
    assert product_count(running) > 1000


def test_kill_9_of_all_that_watches_leaves_nothing_for_long(running: Installation) -> None:
    """Also of the process at the terminal, so that only the kernel can see to the rest."""
    assert running.process is not None
    supervisor = running.supervisor()
    running.process.kill()
    supervisor.kill()
    running.process.wait(10)
    wait_for(lambda: running.remaining() == [], "the end of every process", 60)


def test_leftovers_that_do_not_end_by_themselves_are_ended(installation: Installation) -> None:
    """As on a system where the kernel does not tell a process that its parent died."""
    if installation.is_running:
        installation.stop()
    marked = dict(os.environ, PIM_SERVICES_OF=str(installation.home.path))
    stubborn = psutil.Popen(
        ["sh", "-c", "trap '' TERM; echo started; sleep 60 & wait; wait"],
        env=marked,
        stdout=subprocess.PIPE,
    )
    assert stubborn.stdout.readline() == b"started\n"
    wait_for(lambda: len(installation.remaining()) == 2, "the shell and its sleep", 10)
    assert end_leftovers(installation.home, patience=0.3) == 2
    assert installation.remaining() == []
