"""Projected blocks into ClickHouse, with a column for every field that needs one."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from pim.analytics import ddl, registry
from pim.analytics.client import ClickHouse, ClickHouseFailed, clickhouse
from pim.analytics.kinds import column_type
from pim.analytics.projector import attributes_of, columns_of
from pim.analytics.source import Block

_NO_SUCH_COLUMN = (16, 47)

_columns_there: dict[str, set[str]] = {}
_lock = threading.Lock()


def write_blocks(blocks: Iterable[Block]) -> int:
    """Store these products; returns when ClickHouse has acknowledged them all, with their number.

    While one block is on its way the next is read and projected. Safe to repeat. Raises
    Unavailable, ClickHouseFailed.
    """
    written = 0
    server = clickhouse()
    with ThreadPoolExecutor(1, thread_name_prefix="analytics") as sender, _no_garbage_collection():
        sent: Future[None] | None = None
        for block in blocks:
            columns = project(block)
            if sent is not None:
                sent.result()
            sent = sender.submit(_insert, server, columns)
            written += len(block["product_id"])
        if sent is not None:
            sent.result()
    return written


def project(block: Block) -> Block:
    """The columns of a block as ClickHouse has them, the attribute columns included."""
    attributes = attributes_of(block["data"])
    return {**block, **columns_of(attributes, registry.columns_for(attributes))}


def _insert(server: ClickHouse, columns: Block) -> None:
    types = {name: ddl.FIXED_COLUMNS.get(name) or column_type(name) or "" for name in columns}
    _make_sure_of(server, set(columns))
    try:
        server.insert(ddl.PRODUCTS, columns, types)
    except ClickHouseFailed as error:
        if error.code not in _NO_SUCH_COLUMN:
            raise
        # The tables were made anew since this process looked.
        _forget(server)
        _make_sure_of(server, set(columns))
        server.insert(ddl.PRODUCTS, columns, types)


def _make_sure_of(server: ClickHouse, names: set[str]) -> None:
    with _lock:
        there = _columns_there.get(server.database, set())
        if names <= there:
            return
        there = ddl.columns_there(server)
        ddl.add_columns(server, sorted(names - there))
        _columns_there[server.database] = there | names


def _forget(server: ClickHouse) -> None:
    with _lock:
        _columns_there.pop(server.database, None)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """A block is a million small objects without cycles; looking for some takes half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
