"""Products into ClickHouse, with a column for every field that needs one.

They go as PostgreSQL writes them, and ClickHouse takes the values out (`extract`). When it meets
something unusual, they are read again and projected here instead (`projector`), which costs more.
"""

from __future__ import annotations

import gc
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import chain

from pim.analytics import ddl, registry
from pim.analytics.client import ClickHouse, ClickHouseFailed, TooExpensive, clickhouse
from pim.analytics.extract import UNUSUAL, Extraction, extraction, first_documents
from pim.analytics.kinds import column_type
from pim.analytics.projector import attributes_of, columns_of
from pim.analytics.source import Block, Selection
from pim.core.tenancy import current_tenant_id

log = logging.getLogger(__name__)

_NO_SUCH_COLUMN = (16, 47)
# So many of the products that go together say which fields to expect.
_SAMPLE = 50

_columns_there: dict[str, set[str]] = {}
_lock = threading.Lock()


def write(products: Selection) -> int:
    """Store these products; returns when ClickHouse has acknowledged them all, with their number.

    Safe to repeat. Raises Unavailable, ClickHouseFailed.
    """
    server, columns = clickhouse(), columns_of_tenant()
    try:
        _with_columns(server, lambda: _write_lines(server, products, columns))
    except (ClickHouseFailed, TooExpensive) as error:
        if UNUSUAL not in str(error):
            log.warning("analytics_lines_refused", extra={"error": str(error)})
        write_values(products, columns)
    return products.count


def columns_of_tenant() -> registry.Columns:
    """The columns of the tenant in force; ClickHouse gets those that are added."""
    server = clickhouse()
    return registry.Columns(lambda names: _make_sure_of(server, names))


def write_values(products: Selection, columns: registry.Columns) -> None:
    """The same with each product read and projected here."""
    server = clickhouse()
    with _no_garbage_collection():
        for block in products.values():
            insert_block(server, project(block, columns))


def project(block: Block, columns: registry.Columns) -> Block:
    """The columns of a block as ClickHouse has them, the attribute columns included."""
    attributes = attributes_of(block["data"])
    return {**block, **columns_of(attributes, columns.give(attributes))}


def insert_block(server: ClickHouse, columns: Block) -> None:
    """Store projected products."""
    types = {name: ddl.FIXED_COLUMNS.get(name) or column_type(name) or "" for name in columns}

    def insert() -> None:
        _make_sure_of(server, set(columns))
        server.insert(ddl.PRODUCTS, columns, types)

    _with_columns(server, insert)


def _write_lines(server: ClickHouse, products: Selection, columns: registry.Columns) -> None:
    with closing(products.lines()) as pieces:
        first = next(pieces, None)
        if first is None:
            return
        # The first products say which fields to expect.
        columns.give(attributes_of(first_documents(first, _SAMPLE)))
        how = extraction(ddl.PRODUCTS, current_tenant_id(), columns.known)
        try:
            _insert_lines(server, how, chain([first], pieces))
        except (ClickHouseFailed, TooExpensive):
            # Breaking a COPY off would end the transaction, and it is still needed.
            deque(pieces, maxlen=0)
            raise


def _insert_lines(server: ClickHouse, how: Extraction | None, lines: Iterator[bytes]) -> None:
    if how is None:
        raise ClickHouseFailed(UNUSUAL)
    _make_sure_of(server, set(how.columns))
    server.insert_lines(how.statement, how.parameters, lines)


def _with_columns(server: ClickHouse, insert: Callable[[], None]) -> None:
    """Insert, and again if the tables were made anew since this process looked."""
    try:
        insert()
    except ClickHouseFailed as error:
        if error.code not in _NO_SUCH_COLUMN:
            raise
        _forget(server)
        insert()


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
