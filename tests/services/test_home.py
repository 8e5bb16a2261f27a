"""What a home remembers between starts."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path
from unittest.mock import patch

import pytest

from pim.devservices.home import Home, InUse, is_free


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.create()
    return made


def test_a_secret_is_made_once_and_private(home: Home) -> None:
    first = home.secret("one")
    assert len(first) >= 32
    assert home.secret("two") != first
    assert Home(home.path).secret("one") == first
    assert stat.S_IMODE((home.path / "secrets.json").stat().st_mode) == 0o600


def test_a_port_stays_the_same_until_somebody_takes_it(home: Home) -> None:
    first = home.ports(["a", "b"])
    assert first["a"] != first["b"]
    assert Home(home.path).ports(["a", "b"]) == first
    with socket.socket() as other:
        other.bind(("127.0.0.1", first["a"]))
        other.listen()
        assert not is_free(first["a"])
        again = home.ports(["a", "b"])
    assert again["a"] != first["a"]
    assert again["b"] == first["b"]


def test_a_home_has_one_holder(home: Home) -> None:
    home.lock()
    with pytest.raises(InUse):
        Home(home.path).lock()


def test_a_deep_home_has_a_socket_that_is_not_too_long(tmp_path: Path) -> None:
    deep = Home(tmp_path / ("d" * 120))
    deep.create()
    assert len(os.fsencode(deep.socket())) < 104
    assert deep.socket() == Home(deep.path).socket()
    deep.remove_socket()


@pytest.mark.parametrize("name", ["100%", "a;b", "a#b", 'a"b', "a?b"])
def test_a_path_that_would_be_misread_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="PIM_HOME"):
        Home(tmp_path / name)


def test_the_command_line_finds_what_runs_unless_told_otherwise(home: Home) -> None:
    home.environment_file.write_text("DATABASE_URL=postgresql://a:b=c@x/y\nREDIS_URL=redis://x\n")
    with patch.dict(os.environ, {"REDIS_URL": "redis://given"}, clear=True):
        home.adopt_environment()
        assert os.environ["DATABASE_URL"] == "postgresql://a:b=c@x/y"
        assert os.environ["REDIS_URL"] == "redis://given"
    with patch.dict(os.environ, {"DATABASE_URL": "postgresql://given"}, clear=True):
        home.adopt_environment()
        assert dict(os.environ) == {"DATABASE_URL": "postgresql://given"}
