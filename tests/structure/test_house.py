"""The shape of the house: who imports whom, one line of migrations, nothing of a machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from jobs.queues import QUEUES
from pim.cli import cli
from pim.core.migrate import alembic_config, migrate
from pim.devservices.throwaway import Addresses, Throwaway

ROOT = Path(__file__).parents[2]
PURE = (
    "pim.jsontext",
    "pim.core.remote.places",
    "pim.core.remote.addresses",
    "pim.schema.types",
    "pim.schema.fields",
    "pim.schema.record",
    "pim.products.changes",
    "pim.products.identity",
    "pim.analytics.columns",
    "pim.segments.dsl",
    "pim.segments.fields",
    "pim.segments.signals",
    "pim.imports.sniff",
    "pim.imports.mapping",
    "pim.imports.rows",
    "pim.segment_pages.builder",
    "pim.segment_pages.writing",
    "pim.segment_pages.moves",
    "pim.segment_pages.marks",
    "pim.segment_pages.choices",
)
_WITHOUT = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("flask", "sqlalchemy", "redis", "rq", "clickhouse_connect"):
            raise ImportError(f"a pure module imports {name}")
sys.meta_path.insert(0, Refuse())
import importlib
importlib.import_module(sys.argv[1])
"""


def tracked(*patterns: str) -> list[Path]:
    """Files of the project; those git tracks, in a checkout that has git."""
    found = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, text=True
    )
    return [ROOT / name for name in found.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_rooms_import_only_what_they_may() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("module", PURE)
def test_what_decides_about_values_needs_no_framework(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT, module], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_migrations_are_one_line() -> None:
    script = ScriptDirectory.from_config(alembic_config())
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_every_migration_can_be_taken_back_and_done_again(
    services: Addresses, worker_number: int
) -> None:
    shared = Throwaway(Path(os.environ["PIM_TEST_SERVICES"]), int(os.environ["PIM_TEST_OWNER"]))
    own = shared.databases(f"pim_migrations_{worker_number}", worker_number)
    owner = own.database_owner_url.replace("postgresql://", "postgresql+psycopg://")
    migrate(owner)
    migrate(owner, "base")
    engine = create_engine(owner)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    assert inspect(engine).get_sequence_names() == []
    engine.dispose()
    migrate(owner)


def test_every_job_goes_into_a_queue_that_a_worker_looks_into() -> None:
    named = set()
    for path in tracked("pim/**.py", "jobs/**.py"):
        named |= set(re.findall(r'(?:queue_name=|^_?QUEUE = )"(\w+)"', path.read_text(), re.M))
    assert named
    assert named <= set(QUEUES)


def commands(group: click.Group, prefix: str = "pim") -> list[str]:
    """All commands, written out."""
    context, found = click.Context(group), []
    for name in group.list_commands(context):
        command, path = group.get_command(context, name), f"{prefix} {name}"
        found += commands(command, path) if isinstance(command, click.Group) else [path]
    return found


@pytest.mark.parametrize("command", commands(cli))
def test_every_command_is_documented(command: str) -> None:
    words = "".join(path.read_text() for path in (ROOT / "README.md", *tracked("docs/*.md")))
    assert command in words


def test_nothing_in_the_tree_names_a_machine() -> None:
    telling = re.compile(r"/work/(?:main|tmp|shared)|/root/\.|--?(?:extra-)?index-url", re.I)
    found = []
    for path in tracked("*.py", "*.md", "*.toml", "*.html", "*.lock", "Makefile", ".ci/*"):
        if path != Path(__file__) and telling.search(path.read_text()):
            found.append(path.relative_to(ROOT))
    assert found == [] or {str(each) for each in found} <= {"Makefile"}
