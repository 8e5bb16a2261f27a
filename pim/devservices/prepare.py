"""`pim migrate` and `pim demo create` in one process, which waits for the services by itself.

A `pim` command needs a second to import what it stands on. This one does so while the services
start, once for both. It begins when a line comes in, and ends when its input ends without one.
"""

from __future__ import annotations

import importlib
import sys

from pim import cli

COMMANDS = (["migrate"], ["demo", "create"])
_NEEDED = ("pim.core.migrate", "pim.analytics.commands", "pim.devservices.demo", "pim.api")


def main() -> None:
    """Import, wait, run; ends with the first command that fails."""
    for module in _NEEDED:
        importlib.import_module(module)
    if not sys.stdin.readline():
        sys.exit(1)
    for words in COMMANDS:
        sys.argv[1:] = words
        try:
            cli.main()
        except SystemExit as end:
            if end.code:
                raise


if __name__ == "__main__":
    main()
