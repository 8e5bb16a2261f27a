"""The HTTP server in front of the engine, as ClickHouse's own HTTP interface behaves.

It listens on the loopback address only and answers nothing but /ping without the password it was
given when it started.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import secrets
import socket
import uuid
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from urllib.parse import parse_qs, urlsplit

from pim.devservices.clickhouse import codecs, request, statement
from pim.devservices.clickhouse.engine import Connection, Engine, Summary
from pim.devservices.clickhouse.errors import AUTHENTICATION_FAILED, EngineError
from pim.devservices.clickhouse.sessions import Sessions
from pim.devservices.clickhouse.statement import Query

LOOPBACK = "127.0.0.1"
_IDLE_SECONDS = 600
_MAX_DRAINED = 1 << 30


class Front(ThreadingHTTPServer):
    """The server. Threads only: no child process may ever hold the engine."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, engine: Engine, user: str, password: str) -> None:
        self.engine = engine
        self.sessions = Sessions()
        self._user, self._password = user, password
        super().__init__((LOOPBACK, port), Handler)

    def admits(self, user: str, password: str) -> bool:
        """Whether this is the user and the password of this server."""
        right_user = hmac.compare_digest(user.encode(), self._user.encode())
        right_password = hmac.compare_digest(password.encode(), self._password.encode())
        return right_user and right_password


class Handler(BaseHTTPRequestHandler):
    """One connection of a client; requests follow each other on it."""

    server: Front
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    _answered: bool
    _raw_body: Iterator[bytes]

    def do_GET(self) -> None:
        self._handle(readonly=True)

    def do_POST(self) -> None:
        self._handle(readonly=False)

    def _handle(self, *, readonly: bool) -> None:
        self._answered = False
        self._raw_body = request.body_chunks(
            self.rfile, self.headers.get("Content-Length"), self.headers.get("Transfer-Encoding")
        )
        url = urlsplit(self.path)
        try:
            if url.path == "/ping" or (url.path == "/" and readonly and not url.query):
                self._send(HTTPStatus.OK, b"Ok.\n", {})
            elif url.path != "/":
                self._send(HTTPStatus.NOT_FOUND, f"There is no {url.path}\n".encode(), {})
            else:
                self._authenticate(url.query)
                self._answer(self._request(url.query, readonly))
        except EngineError as error:
            self._fail(error)
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        finally:
            self._drain()

    def _authenticate(self, query_string: str) -> None:
        user, password = "default", ""
        kind, _, encoded = self.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "basic":
            try:
                user, _, password = base64.b64decode(encoded).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                password = ""
        else:
            values = parse_qs(query_string)
            user = self.headers.get("X-ClickHouse-User") or values.get("user", [user])[0]
            password = self.headers.get("X-ClickHouse-Key") or values.get("password", [""])[0]
        if not self.server.admits(user, password):
            raise EngineError(
                AUTHENTICATION_FAILED, f"{user}: Authentication failed: password is incorrect"
            )

    def _request(self, query_string: str, readonly: bool) -> request.Request:
        content_type = self.headers.get("Content-Type", "")
        if content_type.startswith("multipart/form-data"):
            fields = request.parse_form(content_type, self._body())
            return request.parse(query_string, readonly=readonly, form=fields)
        return request.parse(query_string, readonly=readonly)

    def _body(self) -> Iterator[bytes]:
        return codecs.decompressed(self._raw_body, self.headers.get("Content-Encoding", ""))

    def _answer(self, asked: request.Request) -> None:
        body = self._body()
        head = request.read_head(
            asked.query, body, lambda seen: bool(statement.find_insert(seen, complete=False))
        )
        insert = statement.find_insert(head, complete=True)
        with self.server.sessions.joined(asked.session_id), self._prepared(asked) as connection:
            if insert is not None:
                rows = chain([head[insert.data :]], body)
                self._send_empty(asked, connection.insert(insert, asked.parameters, rows))
            else:
                self._run(asked, connection, statement.parse_query(head))

    def _prepared(self, asked: request.Request) -> Connection:
        connection = self.server.engine.connect()
        try:
            self.server.sessions.restore(asked.session_id, connection)
            if asked.database:
                connection.use(asked.database)
            connection.set(asked.settings)
        except BaseException:
            connection.close()
            raise
        return connection

    def _run(self, asked: request.Request, connection: Connection, query: Query) -> None:
        if query.returns_rows and not asked.wait_end_of_query:
            self._stream(asked, connection, query)
            return
        result, summary = connection.execute(query, asked.parameters, asked.default_format)
        self.server.sessions.remember(asked.session_id, query)
        if not query.returns_rows:
            self._send_empty(asked, summary)
            return
        encoding = self._result_encoding(asked)
        headers = self._headers(asked, query, summary, encoding)
        self._send(HTTPStatus.OK, b"".join(codecs.compressed([result], encoding)), headers)

    def _stream(self, asked: request.Request, connection: Connection, query: Query) -> None:
        pieces = connection.stream(query, asked.parameters, asked.default_format)
        encoding = self._result_encoding(asked)
        tag = secrets.token_hex(8)
        headers = self._headers(asked, query, Summary(), encoding)
        headers |= {"Transfer-Encoding": "chunked", "X-ClickHouse-Exception-Tag": tag}
        self._send_head(HTTPStatus.OK, headers)
        for piece in codecs.compressed(_or_exception(pieces, tag), encoding):
            if piece:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _result_encoding(self, asked: request.Request) -> str:
        if not asked.compress_result:
            return ""
        return codecs.choose_encoding(self.headers.get("Accept-Encoding", ""))

    def _headers(
        self, asked: request.Request, query: Query | None, summary: Summary, encoding: str
    ) -> dict[str, str]:
        headers = {
            "X-ClickHouse-Query-Id": asked.query_id or str(uuid.uuid4()),
            "X-ClickHouse-Timezone": self.server.engine.timezone,
            "X-ClickHouse-Server-Display-Name": socket.gethostname(),
            "X-ClickHouse-Summary": json.dumps(summary.as_header(), separators=(",", ":")),
        }
        if query is not None:
            headers["X-ClickHouse-Format"] = query.format or asked.default_format
        if encoding:
            headers["Content-Encoding"] = encoding
        return headers

    def _send_empty(self, asked: request.Request, summary: Summary) -> None:
        self._send(HTTPStatus.OK, b"", self._headers(asked, None, summary, ""))

    def _fail(self, error: EngineError) -> None:
        if self._answered:
            self.close_connection = True
            return
        body = f"{error} (version {self.server.engine.version})\n".encode()
        self._send(error.status, body, {"X-ClickHouse-Exception-Code": str(error.code)})

    def _send(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        self._send_head(status, headers | {"Content-Length": str(len(body))})
        self.wfile.write(body)
        self.wfile.flush()

    def _send_head(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self._answered = True
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=UTF-8")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def _drain(self) -> None:
        """Read what is left of the body, so that the next request begins where it should."""
        drained = 0
        try:
            for chunk in self._raw_body:
                drained += len(chunk)
                if drained > _MAX_DRAINED:
                    self.close_connection = True
                    return
        except (EngineError, OSError):
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing per request: the address holds what the tenants ask."""


def _or_exception(pieces: Iterator[bytes], tag: str) -> Iterator[bytes]:
    """The pieces; if making them fails midway, the message in the form that clients look for."""
    try:
        yield from pieces
    except EngineError as error:
        text = str(error).encode()
        yield b"\r\n__exception__\r\n%b\r\n%b\n%d %b\r\n__exception__\r\n" % (
            tag.encode(),
            text,
            len(text),
            tag.encode(),
        )
