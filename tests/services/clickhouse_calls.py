"""Calls of the ordinary ClickHouse client, run twice: on chdb in-process and through the front.

`python -m tests.services.clickhouse_calls FOLDER` runs them in-process and prints what came back,
in a process of its own because chdb must not live in one that forks.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError

TABLE = "calls.products"
COLUMNS = ["id", "name", "price", "kind", "tags", "data", "changed_at"]
NASTY = [
    "",
    "tab\there",
    "line\nbreak",
    "back\\slash",
    "quote'd",
    'double"',
    "`tick`",
    "é☃\U0001f600",
]


def row(number: int) -> list[Any]:
    """A product row with every kind of column the projection uses."""
    return [
        number,
        f"{NASTY[number % len(NASTY)]} {number}",
        None if number % 3 else Decimal("19.9900"),
        f"kind {number % 7}",
        [NASTY[number % len(NASTY)], str(number)],
        json.dumps({"n": number, "t": NASTY[number % len(NASTY)]}),
        datetime(2024, 2, 29, 12, 30, 15, 250_000),
    ]


def create(client: Any) -> Any:
    client.command("DROP TABLE IF EXISTS " + TABLE)
    client.command(
        f"CREATE TABLE {TABLE} (id UInt64, name String, price Nullable(Decimal(18, 4)),"
        " kind LowCardinality(String), tags Array(String), data String,"
        " changed_at DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY id"
    )
    return client.command("EXISTS TABLE " + TABLE)


def insert(client: Any, rows: int = 5000) -> Any:
    summary = client.insert(TABLE, [row(n) for n in range(rows)], column_names=COLUMNS)
    return summary.written_rows, client.command(f"SELECT count() FROM {TABLE}")


def query(sql: str, **kwargs: Any) -> Callable[[Any], Any]:
    def call(client: Any) -> Any:
        result = client.query(sql, **kwargs)
        return result.column_names, [str(t.name) for t in result.column_types], result.result_rows

    return call


def command(sql: str, **kwargs: Any) -> Callable[[Any], Any]:
    def call(client: Any) -> Any:
        answer = client.command(sql, **kwargs)
        return answer if isinstance(answer, str | int | list) else "done"

    return call


def raw(sql: str, **kwargs: Any) -> Callable[[Any], Any]:
    return lambda client: client.raw_query(sql, **kwargs).decode()


def streamed(client: Any) -> Any:
    with client.query_row_block_stream(f"SELECT * FROM {TABLE} ORDER BY id") as stream:
        return [tuple(line) for block in stream for line in block]


CALLS: dict[str, Callable[[Any], Any]] = {
    "create": create,
    "insert": insert,
    "all rows": query(f"SELECT * FROM {TABLE} ORDER BY id"),
    "all rows in blocks": streamed,
    "no rows": query(f"SELECT id, name FROM {TABLE} WHERE id > 1000000000"),
    "only the columns": query(f"SELECT * FROM {TABLE} LIMIT 0"),
    "typed parameters": query(
        "SELECT {s:String} s, {a:Array(String)} a, {d:Decimal(18, 4)} d, {n:Nullable(String)} n,"
        " {i:Int64} i, {f:Float64} f, {t:DateTime64(3, 'UTC')} t, {m:Map(String, String)} m",
        parameters={
            "s": "tab\t line\n back\\ quote' é☃",
            "a": NASTY,
            "d": Decimal("0.1000"),
            "n": None,
            "i": -(2**62),
            "f": 1.5,
            "t": datetime(2024, 2, 29, 1, 2, 3, 4000),
            "m": {"k'": "v\\"},
        },
    ),
    "an identifier as parameter": query(
        "SELECT count() FROM {t:Identifier}", parameters={"t": TABLE}
    ),
    "a parameter is not text": query(
        "SELECT count() FROM calls.products WHERE name = {s:String}",
        parameters={"s": "' OR 1 = 1 --"},
    ),
    "settings": query(
        "SELECT getSetting('max_threads'), getSetting('max_execution_time')",
        settings={"max_threads": 3, "max_execution_time": 7},
    ),
    "settings end with the query": query("SELECT getSetting('max_execution_time')"),
    "json each row": raw(
        f"SELECT id, tags, data FROM {TABLE} ORDER BY id LIMIT 9", fmt="JSONEachRow"
    ),
    "tab separated": raw(f"SELECT * FROM {TABLE} ORDER BY id LIMIT 9"),
    "csv with names": raw(f"SELECT id, name FROM {TABLE} ORDER BY id LIMIT 9", fmt="CSVWithNames"),
    "a json column": query(
        "SELECT CAST(data, 'JSON').n.:Int64 AS n FROM calls.products ORDER BY id LIMIT 5"
    ),
    "json extraction": query(
        f"SELECT sum(JSONExtractInt(data, 'n')), groupUniqArray(5)(JSONExtractString(data, 't'))"
        f" FROM {TABLE} WHERE id = 1"
    ),
    "aggregate": query(
        f"SELECT kind, count(), sum(price) FROM {TABLE} GROUP BY kind ORDER BY kind"
    ),
    "insert by select": command(f"INSERT INTO {TABLE} SELECT * FROM {TABLE} WHERE id < 10"),
    "insert of values": command(
        f"INSERT INTO {TABLE} (id, name, tags) VALUES (9000001, 'semi;colon', ['a'])"
    ),
    "insert of json rows": command(
        f"INSERT INTO {TABLE} (id, name) FORMAT JSONEachRow",
        data='{"id": 9000002, "name": "x\\ty"}',
    ),
    "what was inserted": query(
        f"SELECT id, name, tags FROM {TABLE} WHERE id > 9000000 ORDER BY id"
    ),
    "count": command(f"SELECT count() FROM {TABLE}"),
    "a command without answer": command("SYSTEM FLUSH LOGS"),
    "an empty answer": command(f"SELECT id FROM {TABLE} WHERE 0"),
    "databases": command("SHOW DATABASES LIKE 'calls'"),
    "unknown column": query("SELECT nope"),
    "unknown table": query("SELECT * FROM calls.nope"),
    "bad syntax": query("SELEC 1 FROM numbers(1)"),
    "bad parameter": query("SELECT {n:UInt8}", parameters={"n": "many"}),
    "missing parameter": query("SELECT {n:UInt8}"),
    "raised by the query": query("SELECT throwIf(number = 3) FROM numbers(10)"),
    "too slow": query("SELECT sleep(3)", settings={"max_execution_time": 0.1}),
    "insert into nothing": lambda client: client.insert("calls.nope", [[1]], column_names=["a"]),
    "insert of a wrong column": lambda client: client.raw_insert(
        TABLE, ["nope"], '{"nope": 1}', fmt="JSONEachRow"
    ),
    "insert of a wrong value": lambda client: client.raw_insert(
        TABLE, ["id"], '{"id": "many"}', fmt="JSONEachRow"
    ),
    "still there": command(f"SELECT count() FROM {TABLE}"),
    # Last: in-process, the client can't take `readonly` back.
    "readonly refuses a write": command(f"TRUNCATE TABLE {TABLE}", settings={"readonly": 1}),
    "readonly allows a read": query("SELECT 1 AS one", settings={"readonly": 1}),
}


def run(client: Any) -> dict[str, str]:
    """What each call gave, as text: its value, or the code of its error."""
    client.command("CREATE DATABASE IF NOT EXISTS calls")
    outcomes = {}
    for name, call in CALLS.items():
        try:
            outcomes[name] = repr(call(client))
        except ClickHouseError as error:
            outcomes[name] = f"error {getattr(error, 'code', None)}"
    return outcomes


if __name__ == "__main__":
    in_process = clickhouse_connect.get_client(
        interface="chdb", path=sys.argv[1], chdb_options={"implicit_select": "0"}
    )
    json.dump(run(in_process), sys.stdout)
