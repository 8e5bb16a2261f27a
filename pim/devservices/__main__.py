"""`python -m pim.devservices run`: what `make run` starts."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pim.devservices.home import Home, InUse


def main() -> None:
    """`run` starts everything; `services` starts the services alone, in a home to throw away."""
    parser = argparse.ArgumentParser(prog="python -m pim.devservices")
    parser.add_argument("what", choices=["run", "services"])
    parser.add_argument("--home", type=Path, help="default: PIM_HOME, or .pim in the checkout")
    parser.add_argument("--until", type=int, metavar="PID", help="stop when this process ends")
    given = parser.parse_args()
    try:
        home = Home(given.home) if given.home else Home.from_environment()
        home.create()
        home.lock()
    except (OSError, ValueError) as error:
        sys.exit(str(error))
    except InUse:
        at = f" at {home.ready.read_text().strip()}" if home.ready.exists() else ""
        sys.exit(f"{home.path} is in use: it runs already{at}.")
    # Before the imports, which take a moment: after a kill -9 the file is still there, and
    # whoever waits for it would believe it.
    home.ready.unlink(missing_ok=True)
    from pim.devservices.run import run

    try:
        sys.exit(run(home, watched=given.until, only_services=given.what == "services"))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
