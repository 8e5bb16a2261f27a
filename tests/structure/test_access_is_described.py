"""The table of permissions in the documentation is the one the product uses."""

from __future__ import annotations

from pathlib import Path

from pim.identity.permissions import PERMISSIONS

ACCESS = Path(__file__).parents[2] / "docs" / "access.md"


def test_every_permission_is_documented_with_its_lowest_role() -> None:
    between = ACCESS.read_text().split("<!-- permissions -->")[1].split("<!-- /permissions -->")[0]
    rows = [f"| `{name}` | {role} |" for name, role in PERMISSIONS.items()]
    assert between.strip().splitlines()[2:] == rows
