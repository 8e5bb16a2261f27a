"""The one chdb engine of this process, and a connection of its own for every request.

A connection carries the state that `USE` and `SET` make, costs a tenth of a millisecond, and
different connections run side by side. So a request gets a fresh one, as it would get a fresh
context from a server, and nothing has to be undone afterwards. Values are never put into the text
of a statement: the engine binds them.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Self

from pim.devservices.clickhouse.errors import BAD_ARGUMENTS, SYNTAX_ERROR, EngineError
from pim.devservices.clickhouse.statement import Insert, Query

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
# Formats whose pieces, put together, are the whole: they have no head or foot of their own.
_STREAMED = frozenset(["Native", "TabSeparated", "TSV", "CSV", "RowBinary", "JSONEachRow"])
# What a server has otherwise than the embedded engine, plus bounds on memory: this process shares
# a machine with the rest of the product. The engine itself lowers the cache where memory is small.
_UNPACKED_BYTES = 1024**3
_AS_A_SERVER = (
    "implicit_select=0&max_server_memory_usage_to_ram_ratio=0.5"
    f"&uncompressed_cache_size={_UNPACKED_BYTES}"
)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a statement did, for the X-ClickHouse-Summary header."""

    result_rows: int = 0
    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    elapsed: float = 0.0

    def as_header(self) -> dict[str, str]:
        return {
            "read_rows": str(self.read_rows),
            "read_bytes": str(self.read_bytes),
            "written_rows": str(self.written_rows),
            "written_bytes": str(self.written_bytes),
            "total_rows_to_read": "0",
            "result_rows": str(self.result_rows),
            "result_bytes": "0",
            "elapsed_ns": str(int(self.elapsed * 1e9)),
        }


class Connection:
    """One request's context: its database, its settings, its parameters."""

    def __init__(self, raw: Any, spool: Path) -> None:
        self._raw = raw
        self._spool = spool

    def use(self, database: str) -> None:
        """Make `database` the one that bare table names mean."""
        self._run(f"USE {quote_identifier(database)}")

    def set(self, settings: Mapping[str, str]) -> None:
        """Apply settings. `readonly` goes last: after it nothing can be set any more."""
        ordered = sorted(settings.items(), key=lambda item: item[0] == "readonly")
        for name, _ in ordered:
            if not _NAME.match(name):
                raise EngineError(SYNTAX_ERROR, f"Setting name {name!r} is not an identifier")
        if ordered:
            # One statement: each costs a large part of a millisecond.
            changes = ", ".join(f"{name} = {quote_string(value)}" for name, value in ordered)
            self._run(f"SET {changes}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def execute(
        self, query: Query, parameters: Mapping[str, str], default_format: str = "TabSeparated"
    ) -> tuple[bytes, Summary]:
        """Run a statement and return its whole result, in its own FORMAT if it names one."""
        result = self._run(query.text, parameters, default_format)
        return result.bytes() or b"", _summary(result)

    def stream(
        self, query: Query, parameters: Mapping[str, str], default_format: str
    ) -> Iterator[bytes]:
        """Run a query and yield its result as it is made.

        The first piece is made before this returns, so that most errors are raised here, where
        they can still become a status.
        """
        result_format = query.format or default_format
        if result_format not in _STREAMED or not query.selects:
            return iter([self.execute(query, parameters, default_format)[0]])
        try:
            pieces = self._raw.send_query(query.text, result_format, params=dict(parameters))
            first = next(pieces, None)
        except Exception as error:
            raise EngineError.from_engine(error) from None
        return _rest(first, pieces)

    def insert(
        self, insert: Insert, parameters: Mapping[str, str], data: Iterable[bytes]
    ) -> Summary:
        """Store the rows in `data`. A body that breaks off stores nothing.

        The rows go through a file, not through the engine's own streaming insert, which reports
        success when storing fails: a violated constraint, too little memory, a full disk. What
        was flushed before a later block turned out faulty stays stored, as on a server.
        """
        self.set({f"param_{name}": value for name, value in parameters.items()})
        with NamedTemporaryFile(dir=self._spool, prefix="rows-") as rows:
            for piece in data:
                rows.write(piece)
            rows.flush()
            return _summary(self._run(_from_file(insert, rows.name)))

    def close(self) -> None:
        self._raw.close()

    def _run(
        self,
        sql: str,
        parameters: Mapping[str, str] | None = None,
        default_format: str = "TabSeparated",
    ) -> Any:
        try:
            return self._raw.query(sql, default_format, params=dict(parameters or {}))
        except Exception as error:
            raise EngineError.from_engine(error) from None


class Engine:
    """Owns the data folder. One per process, and no other process may open the folder."""

    def __init__(self, folder: Path) -> None:
        # Imported here: it takes most of a second and starts threads.
        from chdb.state.sqlitelike import connect

        self._connect = connect
        self._spool = folder / "inserts"
        # What a process left that was killed while it stored rows.
        shutil.rmtree(self._spool, ignore_errors=True)
        self._spool.mkdir(parents=True)
        self._address = f"{folder}?{_AS_A_SERVER}"
        # The engine ends with its last connection, so one stays open.
        self._keeper = Connection(connect(self._address), self._spool)
        self.version = self._ask("SELECT version()")
        self.timezone = self._ask("SELECT timezone()")

    def connect(self) -> Connection:
        """A fresh connection, to be closed after use: it is a context manager."""
        return Connection(self._connect(self._address), self._spool)

    def close(self) -> None:
        self._keeper.close()

    def _ask(self, sql: str) -> str:
        body, _ = self._keeper.execute(Query(sql, "SELECT", None), {})
        return body.decode().strip()


def quote_identifier(name: str) -> str:
    """`name` as a quoted identifier; NUL can't be part of one."""
    if "\0" in name:
        raise EngineError(BAD_ARGUMENTS, "A name may not contain NUL")
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def quote_string(text: str) -> str:
    """`text` as a string literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _from_file(insert: Insert, path: str) -> str:
    """The statement with the file in the place of the rows."""
    if insert.selects_from is not None:
        # The embedded engine has no input(); file() reads the same bytes by the same structure.
        file = f"file({quote_string(path)}, {quote_string(insert.format)}, "
        return f"{insert.text} {file}{insert.selects_from}"
    source = f"FROM INFILE {quote_string(path)}"
    return f"{insert.text} {source} {insert.settings} FORMAT {insert.format}"


def _summary(result: Any) -> Summary:
    return Summary(
        result_rows=result.rows_read(),
        read_rows=result.storage_rows_read(),
        read_bytes=result.storage_bytes_read(),
        written_rows=result.rows_written(),
        written_bytes=result.bytes_written(),
        elapsed=result.elapsed(),
    )


def _rest(first: Any, pieces: Any) -> Iterator[bytes]:
    try:
        while first is not None:
            yield first.bytes()
            first = next(pieces, None)
    except GeneratorExit:
        raise
    except Exception as error:
        raise EngineError.from_engine(error) from None
    finally:
        pieces.close()
