"""`make help` is how people find the commands, so it lists them all."""

from __future__ import annotations

import re
import subprocess

from pim.devservices.home import CHECKOUT

INTERNAL = {"set-up", "set-up-dev"}


def test_make_help_lists_every_target() -> None:
    makefile = (CHECKOUT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE)) - INTERNAL
    shown = subprocess.run(["make", "help"], cwd=CHECKOUT, capture_output=True, text=True).stdout
    assert set(re.findall(r"^  make (\S+)", shown, re.MULTILINE)) == targets
    assert {"run", "test", "check", "bench", "help"} <= targets


def test_every_target_is_declared_as_no_file() -> None:
    makefile = (CHECKOUT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    assert set(phony[1].split()) == targets
