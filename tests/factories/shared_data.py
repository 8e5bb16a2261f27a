"""Real catalogs beside the checkout, when they are there. Never copied into the tree."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"


def shared_data(*parts: str) -> Path:
    """A file of the shared data folder; skips the test where it isn't there."""
    root = Path(os.environ.get("PIM_SHARED_DATA", _BESIDE))
    path = root.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"the shared data folder has no {'/'.join(parts)} here")
    return path
