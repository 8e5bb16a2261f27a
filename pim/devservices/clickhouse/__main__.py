"""`python -m pim.devservices.clickhouse FOLDER PORT`: run the embedded ClickHouse until stopped.

The password is taken from CLICKHOUSE_PASSWORD, so that it is on no command line.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from pim.devservices.clickhouse.engine import Engine
from pim.devservices.clickhouse.front import LOOPBACK, Front


def main() -> None:
    """Open the data folder, listen, and close the engine on SIGTERM or SIGINT."""
    folder, port = Path(sys.argv[1]).resolve(), int(sys.argv[2])
    password = os.environ.pop("CLICKHOUSE_PASSWORD", "")
    if not password:
        sys.exit("CLICKHOUSE_PASSWORD is not set.")
    folder.mkdir(parents=True, exist_ok=True)
    engine = Engine(folder)
    server = Front(port, engine, "default", password)

    def stop(*_: object) -> None:
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"ClickHouse {engine.version} listens on {LOOPBACK}:{server.server_port}", flush=True)
    server.serve_forever(poll_interval=0.1)
    engine.close()
    # A request may still be running in its thread; the interpreter's own end would wait for it.
    os._exit(0)


if __name__ == "__main__":
    main()
