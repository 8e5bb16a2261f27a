"""The readme's table of settings is the settings class, row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from pim.config import Settings

README = Path(__file__).parents[2] / "README.md"


def settings_table() -> str:
    """The table as it should stand in the readme."""
    lines = ["| setting | default | what it does |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        description = " ".join((field.description or "").split())
        lines.append(f"| `{name.upper()}` | {_default(field.default)} | {description} |")
    return "\n".join(lines)


def _default(value: Any) -> str:
    if value is PydanticUndefined:
        return "required"
    if value is None or value == "":
        return "–"
    return f"`{value.get_secret_value() if isinstance(value, SecretStr) else value}`"


def test_every_setting_is_in_the_readme_with_its_default_and_meaning():
    text = README.read_text()
    between = text.split("<!-- settings -->")[1].split("<!-- /settings -->")[0]
    assert between.strip() == settings_table()


def test_every_setting_says_what_it_does():
    assert not [name for name, field in Settings.model_fields.items() if not field.description]
