"""The set-up runs before anything is installed, and says what is wrong in a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pim.devservices import setup
from pim.devservices.home import CHECKOUT
from pim.web import assets


def test_it_needs_nothing_but_the_standard_library() -> None:
    script = "import sys; sys.argv = ['setup.py']; import runpy; runpy.run_path(%r)"
    path = str(CHECKOUT / "pim/devservices/setup.py")
    subprocess.run([sys.executable, "-I", "-S", "-c", script % path], check=True)


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed"):
        setup.with_new_python()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout that has only what the set-up reads of the pages."""
    monkeypatch.setattr(setup, "CHECKOUT", tmp_path)
    (tmp_path / "pim/static").mkdir(parents=True)
    (tmp_path / "pim/web").mkdir()
    (tmp_path / "pim/web/assets.py").write_text(Path(assets.__file__).read_text())
    return tmp_path


def test_a_script_with_another_hash_is_never_used(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "from_cdn", lambda asset: b"something else")
    monkeypatch.setattr(setup, "from_npm", lambda asset: None)
    (checkout / "pim/static/vendor").mkdir()
    (checkout / "pim/static" / assets.HTMX_LOCAL).write_text("tampered with")
    done: dict[str, Any] = {}

    setup.fetch_script(done)

    assert not (checkout / "pim/static" / assets.HTMX_LOCAL).exists()
    assert "the pages will load it from https://cdn.jsdelivr.net" in capsys.readouterr().out
    setup.fetch_script(done)  # and it is not tried again at every start
    assert capsys.readouterr().out == ""


def test_what_the_second_source_has_is_taken_when_the_first_is_wrong(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = CHECKOUT / "pim/static" / assets.HTMX_LOCAL
    if not local.exists():
        pytest.skip("htmx could not be fetched by the set-up")
    monkeypatch.setattr(setup, "from_cdn", lambda asset: b"a page of a proxy")
    monkeypatch.setattr(setup, "from_npm", lambda asset: local.read_bytes())
    setup.fetch_script({})
    assert (checkout / "pim/static" / assets.HTMX_LOCAL).read_bytes() == local.read_bytes()
