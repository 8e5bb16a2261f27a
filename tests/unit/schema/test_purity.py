"""The field types can be used anywhere: they need neither Flask nor a database."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
import pim.schema.types
heavy = {"flask", "sqlalchemy", "psycopg", "redis", "clickhouse_connect"} & set(sys.modules)
sys.exit(", ".join(sorted(heavy)) or 0)
"""


def test_the_field_types_import_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
