"""JSON text of canonical values; lives in `pim.jsontext`, because the database needs it too."""

from __future__ import annotations

from pim.jsontext import NotJson, dumps, dumps_bytes, loads

__all__ = ["NotJson", "dumps", "dumps_bytes", "loads"]
