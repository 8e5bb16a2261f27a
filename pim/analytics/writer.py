"""Products into ClickHouse, with a column for every field that needs one.

They go as PostgreSQL writes them, and ClickHouse takes the values out (`extract`). A block in which
it meets something unusual is projected here instead (`projector`), which costs ten times as much.
"""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager

from pim.analytics import ddl, registry, source
from pim.analytics.client import ClickHouse, ClickHouseFailed, TooExpensive, clickhouse
from pim.analytics.extract import UNUSUAL, Extraction, extraction
from pim.analytics.kinds import column_type
from pim.analytics.lines import blocks_of, first_documents
from pim.analytics.projector import attributes_of, columns_of
from pim.analytics.source import Block
from pim.core.tenancy import current_tenant_id

log = logging.getLogger(__name__)

_NO_SUCH_COLUMN = (16, 47)
# So many products of a block say which fields to expect in it.
_SAMPLE = 50

_columns_there: dict[str, set[str]] = {}
_lock = threading.Lock()


def write_lines(blocks: Generator[bytes, None, None]) -> int:
    """Store these products; returns when ClickHouse has acknowledged them all, with their number.

    While one block is on its way the next is read. Safe to repeat. Raises Unavailable,
    ClickHouseFailed.
    """
    written = 0
    server, columns = clickhouse(), registry.Columns()
    with closing(blocks), ThreadPoolExecutor(1, thread_name_prefix="analytics") as sender:
        sent: tuple[Future[None], bytes] | None = None
        for lines in blocks:
            how = _extraction(lines, columns)
            if sent is not None:
                _settle(*sent, server, columns)
            sent = sender.submit(_insert_lines, server, how, lines), lines
            written += lines.count(b"\n")
        if sent is not None:
            _settle(*sent, server, columns)
    return written


def write_blocks(blocks: Iterable[Block], columns: registry.Columns | None = None) -> int:
    """The same for blocks of values, each projected here: for what `write_lines` can't tell."""
    written = 0
    server, columns = clickhouse(), columns or registry.Columns()
    with _no_garbage_collection():
        for block in blocks:
            _insert(server, project(block, columns))
            written += len(block["product_id"])
    return written


def project(block: Block, columns: registry.Columns) -> Block:
    """The columns of a block as ClickHouse has them, the attribute columns included."""
    attributes = attributes_of(block["data"])
    return {**block, **columns_of(attributes, columns.give(attributes))}


def _extraction(lines: bytes, columns: registry.Columns) -> Extraction | None:
    """How ClickHouse may take the values out of these lines, by what the first ones hold."""
    columns.give(attributes_of(first_documents(lines, _SAMPLE)))
    return extraction(ddl.PRODUCTS, current_tenant_id(), columns.known)


def _settle(
    sent: Future[None], lines: bytes, server: ClickHouse, columns: registry.Columns
) -> None:
    """Wait for a block; one that ClickHouse didn't take as it is is looked at."""
    try:
        sent.result()
    except (ClickHouseFailed, TooExpensive) as error:
        if UNUSUAL not in str(error):
            log.warning("analytics_lines_refused", extra={"error": str(error)})
        write_blocks(blocks_of(lines, current_tenant_id(), source.BLOCK_ROWS), columns)


def _insert_lines(server: ClickHouse, how: Extraction | None, lines: bytes) -> None:
    if how is None:
        raise ClickHouseFailed(UNUSUAL)
    _with_columns(
        server,
        set(how.columns),
        lambda: server.insert_lines(how.statement, how.parameters, lines),
    )


def _insert(server: ClickHouse, columns: Block) -> None:
    types = {name: ddl.FIXED_COLUMNS.get(name) or column_type(name) or "" for name in columns}
    _with_columns(server, set(columns), lambda: server.insert(ddl.PRODUCTS, columns, types))


def _with_columns(server: ClickHouse, names: set[str], insert: Callable[[], None]) -> None:
    """Insert where these columns are, adding those that are missing."""
    _make_sure_of(server, names)
    try:
        insert()
    except ClickHouseFailed as error:
        if error.code not in _NO_SUCH_COLUMN:
            raise
        # The tables were made anew since this process looked.
        _forget(server)
        _make_sure_of(server, names)
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
