"""The embedded ClickHouse answers as ClickHouse does, to the client the product uses."""

from __future__ import annotations

import gzip
import json
import os
import re
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import clickhouse_connect
import lz4.frame
import pytest
import zstandard
from clickhouse_connect.driver.exceptions import ClickHouseError, StreamFailureError

from tests.services import clickhouse_calls as calls

PASSWORD = "a-password-of-this-test"


class RunningFront:
    """A front in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pim.devservices.clickhouse", str(folder), "0"],
            env={**os.environ, "CLICKHOUSE_PASSWORD": PASSWORD},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        greeting = self.process.stdout.readline()
        self.port = int(greeting.rsplit(":", 1)[1])

    def client(self, **kwargs: Any) -> Any:
        options = {"password": PASSWORD, "autogenerate_session_id": False, **kwargs}
        return clickhouse_connect.get_client(
            host="127.0.0.1", port=self.port, username="default", **options
        )

    def post(self, query: str, body: bytes = b"", **headers: str) -> tuple[int, bytes, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/?{query}",
            data=body,
            headers={"X-ClickHouse-User": "default", "X-ClickHouse-Key": PASSWORD, **headers},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read(), answer.headers
        except urllib.error.HTTPError as error:
            return error.code, error.read(), error.headers

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(10)


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningFront]:
    running = RunningFront(tmp_path_factory.mktemp("front"))
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def in_process(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("in-process")
    done = subprocess.run(
        [sys.executable, "-m", "tests.services.clickhouse_calls", str(folder)],
        capture_output=True,
        check=True,
        timeout=120,
    )
    return dict(json.loads(done.stdout))


@pytest.fixture
def table(front: RunningFront) -> str:
    client = front.client()
    client.command("DROP DATABASE IF EXISTS scratch")
    client.command("CREATE DATABASE scratch")
    client.command("CREATE TABLE scratch.t (a UInt64, s String) ENGINE = MergeTree ORDER BY a")
    return "scratch.t"


@pytest.mark.parametrize("compress", [True, False, "lz4", "zstd", "gzip"])
def test_every_call_gives_what_the_engine_gives_in_process(
    front: RunningFront, in_process: dict[str, str], compress: bool | str
) -> None:
    through_front = calls.run(front.client(compress=compress))
    assert through_front == in_process
    assert in_process["insert"] == "(5000, 5000)"
    assert in_process["unknown table"] == "error 60"


def native_block(front: RunningFront, first: int, rows: int) -> bytes:
    _, block, _ = front.post(
        f"query=SELECT+number%2B{first}+AS+a,toString(number)+AS+s+FROM+numbers({rows})+FORMAT+Native"
    )
    return block


@pytest.mark.parametrize("encoding", ["", "lz4", "zstd", "gzip"])
@pytest.mark.parametrize("place", ["body", "address"])
def test_every_row_of_every_block_is_stored(
    front: RunningFront, table: str, encoding: str, place: str
) -> None:
    compress = {
        "": bytes,
        "lz4": lz4.frame.compress,
        "zstd": zstandard.ZstdCompressor().compress,
        "gzip": gzip.compress,
    }[encoding]
    blocks = [native_block(front, first, 997) for first in range(0, 60_000, 997)]
    statement = f"INSERT INTO {table} (a, s) FORMAT Native"
    query = "query=" + statement.replace(" ", "+") if place == "address" else ""
    pieces = blocks if query else [statement.encode() + b"\n" + blocks[0], *blocks[1:]]
    body = b"".join(compress(piece) for piece in pieces)  # one frame for each block
    headers = {"Content-Encoding": encoding} if encoding else {}

    status, _, answer = front.post(query, body, **headers)

    assert status == 200
    assert json.loads(answer["X-ClickHouse-Summary"])["written_rows"] == str(997 * len(blocks))
    _, stored, _ = front.post("", f"SELECT count(), uniqExact(a) FROM {table}".encode())
    assert stored == b"%d\t%d\n" % (997 * len(blocks), 997 * len(blocks))


def test_a_first_block_that_begins_like_white_space_is_kept_whole(front: RunningFront) -> None:
    """A Native block begins with its number of columns: 9, 10, 13 and 32 are blanks in ASCII."""
    client = front.client()
    client.command("CREATE DATABASE IF NOT EXISTS scratch")
    for width in (9, 10, 13, 32):
        names = [f"c{n}" for n in range(width)]
        client.command("DROP TABLE IF EXISTS scratch.wide")
        client.command(
            f"CREATE TABLE scratch.wide ({', '.join(f'{n} UInt8' for n in names)})"
            " ENGINE = MergeTree ORDER BY c0"
        )
        client.insert("scratch.wide", [[1] * width] * 3, column_names=names)
        assert client.query("SELECT * FROM scratch.wide").result_rows == [(1,) * width] * 3


def test_an_insert_that_is_refused_while_it_is_stored_is_an_error(front: RunningFront) -> None:
    """The engine's own streaming insert says that all went well, and stores nothing."""
    client = front.client()
    client.command("CREATE DATABASE IF NOT EXISTS scratch")
    client.command("DROP TABLE IF EXISTS scratch.checked")
    client.command(
        "CREATE TABLE scratch.checked (a UInt32, CONSTRAINT small CHECK a < 100)"
        " ENGINE = MergeTree ORDER BY a"
    )
    for rows in ([[1], [100]], [[n] for n in range(50)] + [[1_000]]):
        with pytest.raises(ClickHouseError, match="small"):
            client.insert("scratch.checked", rows, ["a"])
    status, answer, _ = front.post("", b"INSERT INTO scratch.checked VALUES (1), (100)")
    assert (status, b"small" in answer) == (500, True)
    assert client.query("SELECT count() FROM scratch.checked").first_row == (0,)
    status, _, _ = front.post(
        "", b"INSERT INTO scratch.checked SETTINGS max_threads = 1 FORMAT TSV\n7\n"
    )
    assert status == 200
    assert client.query("SELECT a FROM scratch.checked").result_rows == [(7,)]


def test_an_insert_that_breaks_off_stores_nothing_and_says_so(
    front: RunningFront, table: str
) -> None:
    block = native_block(front, 0, 1000)
    whole = lz4.frame.compress(f"INSERT INTO {table} (a, s) FORMAT Native\n".encode() + block)
    cut_short = {
        "frame": (whole[:-20], {"Content-Encoding": "lz4"}),
        "block": (f"INSERT INTO {table} (a, s) FORMAT Native\n".encode() + block[:-20], {}),
        "wrong encoding": (whole, {"Content-Encoding": "zstd"}),
        "unknown encoding": (whole, {"Content-Encoding": "snappy"}),
    }
    for body, headers in cut_short.values():
        status, message, answer = front.post("", body, **headers)
        assert status >= 400
        assert message.startswith(b"Code: " + answer["X-ClickHouse-Exception-Code"].encode())
    _, stored, _ = front.post("", f"SELECT count() FROM {table}".encode())
    assert stored == b"0\n"


_FROM_INPUT = """INSERT INTO {table} (a, s) SELECT x.1 + {{add:UInt64}}, concat(s, ' FORMAT (')
FROM (SELECT tuple(a) AS x, s FROM {input}('a UInt64, s String'))
WHERE throwIf(s = 'bad', 'not this one') = 0 FORMAT TabSeparated
"""


@pytest.mark.parametrize("place", ["body", "address"])
@pytest.mark.parametrize("word", ["input", "INPUT "])
def test_an_insert_may_select_from_the_rows_that_follow_it(
    front: RunningFront, table: str, place: str, word: str
) -> None:
    sql = _FROM_INPUT.format(table=table, input=word)
    rows = b"".join(b"%d\ttab\\t%d\n" % (number, number) for number in range(30_000))
    if place == "body":
        status, message, _ = front.post("param_add=5", sql.encode() + rows)
    else:
        query = urlencode({"query": sql.strip(), "param_add": 5})
        status, message, _ = front.post(query, rows)
    assert (status, message) == (200, b"")
    _, stored, _ = front.post("", f"SELECT count(), sum(a), min(s) FROM {table}".encode())
    assert stored == b"30000\t%d\ttab\\t0 FORMAT (\n" % (sum(range(30_000)) + 5 * 30_000)


@pytest.mark.parametrize("last", [b"7\tbad\n", b"seven\tx\n", b"7\tx\ttoo much\n"])
def test_an_insert_that_selects_from_its_rows_fails_when_one_of_them_is_bad(
    front: RunningFront, table: str, last: bytes
) -> None:
    sql = _FROM_INPUT.format(table=table, input="input")
    status, message, answer = front.post("param_add=0", sql.encode() + b"1\tok\n" + last)
    assert status >= 400
    assert message.startswith(b"Code: " + answer["X-ClickHouse-Exception-Code"].encode())
    _, stored, _ = front.post("", f"SELECT count() FROM {table}".encode())
    assert stored == b"0\n"


def test_a_column_or_table_called_input_is_only_a_name(front: RunningFront, table: str) -> None:
    client = front.client()
    client.command("CREATE TABLE scratch.input (input UInt64) ENGINE = MergeTree ORDER BY input")
    client.command("INSERT INTO scratch.input SELECT number AS input FROM numbers(3)")
    client.command(f"INSERT INTO {table} SELECT input, '' FROM scratch.input")
    assert client.query(f"SELECT sum(a) FROM {table}").result_rows == [(3,)]


def test_a_client_that_dies_in_the_middle_of_an_insert_stores_nothing(
    front: RunningFront, table: str
) -> None:
    block = native_block(front, 0, 1000)
    with socket.create_connection(("127.0.0.1", front.port)) as connection:
        connection.sendall(
            b"POST / HTTP/1.1\r\nHost: x\r\nX-ClickHouse-User: default\r\n"
            + f"X-ClickHouse-Key: {PASSWORD}\r\nContent-Length: {10 * len(block)}\r\n\r\n".encode()
            + f"INSERT INTO {table} (a, s) FORMAT Native\n".encode()
            + block
        )
    _, stored, _ = front.post("", f"SELECT count() FROM {table}".encode())
    assert stored == b"0\n"


def test_the_next_request_on_a_connection_is_not_confused_by_a_refused_body(
    front: RunningFront, table: str
) -> None:
    client = front.client()
    for _ in range(3):
        with pytest.raises(ClickHouseError, match="UNKNOWN_TABLE"):
            client.insert("scratch.nope", [[n, "x" * 100] for n in range(50_000)], ["a", "s"])
        assert client.command("SELECT 1") == 1


@pytest.mark.parametrize(
    ("statement", "status", "code"),
    [
        ("SELECT nope", 404, 47),
        ("SELECT * FROM nope", 404, 60),
        ("SELEC 1 FROM x", 400, 62),
        ("", 400, 62),
        ("SELECT 1; DROP TABLE scratch.t", 400, 62),
        ("SELECT 1 INTO OUTFILE '/tmp/never'", 404, 78),
        ("INSERT INTO scratch.t FROM INFILE '/etc/passwd' FORMAT CSV", 404, 78),
        ("CREATE TEMPORARY TABLE x (a UInt8) ENGINE = Memory", 501, 48),
        ("SELECT sleep(3) SETTINGS max_execution_time = 0.1", 408, 159),
        ("SELECT throwIf(1)", 500, 395),
        ("SELECT * FROM scratch.t WHERE a = toDate('nope')", 400, 38),
    ],
)
def test_errors_have_the_status_and_the_code_of_a_server(
    front: RunningFront, table: str, statement: str, status: int, code: int
) -> None:
    answered, message, headers = front.post("", statement.encode())
    assert (answered, headers["X-ClickHouse-Exception-Code"]) == (status, str(code))
    assert message.startswith(f"Code: {code}. DB::Exception: ".encode())


def test_an_error_after_the_first_rows_reaches_the_reader(front: RunningFront) -> None:
    for compress in (True, False, "zstd", "gzip"):
        client = front.client(compress=compress)
        with (
            pytest.raises(StreamFailureError, match="throwIf"),
            client.query_row_block_stream(
                "SELECT throwIf(number = 900000) FROM numbers(1000000)"
            ) as stream,
        ):
            for _ in stream:
                pass


def test_a_get_request_can_not_write(front: RunningFront, table: str) -> None:
    address = f"http://127.0.0.1:{front.port}/?user=default&password={PASSWORD}&query="
    assert urllib.request.urlopen(address + "SELECT+1").read() == b"1\n"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(address + "DROP+TABLE+scratch.t")
    assert refused.value.headers["X-ClickHouse-Exception-Code"] == "164"


def test_parameters_too_long_for_an_address_travel_in_a_form(front: RunningFront) -> None:
    long_text = "".join(calls.NASTY) * 5000
    client = front.client()
    result = client.query("SELECT {s:String} AS s", parameters={"s": long_text})
    assert result.first_row == (long_text,)


def test_settings_of_one_request_do_not_reach_the_next(front: RunningFront) -> None:
    client = front.client(session_id="a-session")
    client.command("SELECT 1", settings={"readonly": 1, "max_threads": 1})
    client.command("SET max_execution_time = 11")
    values = "SELECT getSetting('max_execution_time'), getSetting('readonly')"
    assert client.query(values).first_row == (11, 0)
    assert front.client().query(values).first_row == (0, 0)


def test_an_unknown_database_is_refused(front: RunningFront) -> None:
    status, _, headers = front.post("database=nope&query=SELECT+1")
    assert (status, headers["X-ClickHouse-Exception-Code"]) == (404, "81")


def test_the_query_id_comes_back(front: RunningFront) -> None:
    _, _, headers = front.post("query=SELECT+1&query_id=asked-for")
    assert headers["X-ClickHouse-Query-Id"] == "asked-for"
    _, _, headers = front.post("query=SELECT+1")
    assert headers["X-ClickHouse-Query-Id"]


def test_a_wrong_password_is_refused(front: RunningFront) -> None:
    for wrong in ("", "wrong", PASSWORD + "x"):
        with pytest.raises(ClickHouseError, match="Authentication failed"):
            front.client(password=wrong)
    status, _, headers = front.post("query=SELECT+1", **{"X-ClickHouse-Key": "wrong"})
    assert (status, headers["X-ClickHouse-Exception-Code"]) == (403, "516")


def test_it_listens_on_the_loopback_address_only(front: RunningFront) -> None:
    wanted = f":{front.port:04X} "
    sockets = [
        line.split()[1]
        for table in ("tcp", "tcp6")
        if (path := Path(f"/proc/{front.process.pid}/net/{table}")).exists()
        for line in path.read_text().splitlines()
        if wanted in line and " 0A " in line
    ]
    if not sockets:
        pytest.skip("this system does not list its sockets under /proc")
    assert sockets == [f"0100007F:{front.port:04X}"]


def test_it_has_no_child_processes_and_no_forks_in_its_code(front: RunningFront) -> None:
    front.client().command("SELECT 1")
    children = Path(f"/proc/{front.process.pid}/task/{front.process.pid}/children")
    if children.exists():
        assert children.read_text() == ""
    import pim.devservices.clickhouse as package

    sources = Path(str(package.__file__)).parent.glob("*.py")
    assert not [
        s.name for s in sources if re.search(r"subprocess|multiprocessing|fork\(", s.read_text())
    ]


def test_many_clients_read_and_write_at_once(front: RunningFront, table: str) -> None:
    problems: list[BaseException] = []
    rows_each, rounds, writers = 500, 8, 6

    def work(worker: int) -> None:
        try:
            client = front.client()
            for turn in range(rounds):
                first = (worker * rounds + turn) * rows_each
                client.insert(table, [[first + n, "x"] for n in range(rows_each)], ["a", "s"])
                assert client.query(f"SELECT count() FROM {table}").first_row[0] >= rows_each
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    stored = front.client().query(f"SELECT count(), uniqExact(a) FROM {table}").first_row
    assert stored == (writers * rounds * rows_each,) * 2


def test_rows_survive_a_process_that_is_killed(tmp_path: Path) -> None:
    running = RunningFront(tmp_path)
    client = running.client()
    client.command("CREATE TABLE kept (a UInt64) ENGINE = MergeTree ORDER BY a")
    client.insert("kept", [[n] for n in range(1000)], ["a"])
    running.process.kill()
    running.process.wait(10)
    again = RunningFront(tmp_path)
    assert again.client().command("SELECT count() FROM kept") == 1000
    assert again.stop() == 0
