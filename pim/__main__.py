"""`python -m pim` is the `pim` command."""

from __future__ import annotations

from pim.cli import main

main()
