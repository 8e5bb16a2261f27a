"""Python's own habits, set for reading many rows."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """Look for garbage in cycles less often: rows are many objects and none of them is in one.

    At the usual pace that takes a third of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(200_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def at_full_speed() -> Iterator[None]:
    """For a process that does nothing else: one thread reads while another talks to PostgreSQL.

    Whoever waits for an answer must not wait again, 5 ms each time, for the thread that reads.
    """
    switching = sys.getswitchinterval()
    gc.freeze()
    sys.setswitchinterval(0.000_2)
    try:
        with rarely_collecting():
            yield
    finally:
        sys.setswitchinterval(switching)
        gc.unfreeze()
