"""What a request over ClickHouse's HTTP interface asks for: statement, parameters, settings.

Every name in the query string that the interface does not reserve is a setting. The statement is
in the query string, in the body, or begins in the one and goes on in the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from typing import Protocol
from urllib.parse import parse_qsl

from pim.devservices.clickhouse.errors import BAD_ARGUMENTS, NOT_IMPLEMENTED, EngineError

# Names of the interface, not settings. Those which only tune a server's network side are accepted
# and mean nothing here; a Native stream of the basic revision is what every client reads.
_RESERVED = frozenset(
    {
        *("query", "database", "default_format", "user", "password", "quota_key", "query_id"),
        *("session_id", "session_timeout", "session_check", "close_session", "role"),
        *("compress", "decompress", "buffer_size", "wait_end_of_query"),
        *("client_protocol_version", "stacktrace"),
    }
)
_TRANSPORT_SETTINGS = frozenset(
    {
        "enable_http_compression",
        "send_progress_in_http_headers",
        "http_headers_progress_interval_ms",
        "cancel_http_readonly_queries_on_client_close",
    }
)
_REFUSED = {"compress": "0", "decompress": "0", "role": ""}
_MAX_FORM = 64 * 1024 * 1024


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def readline(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Request:
    """The part of a request that is not its body."""

    query: bytes
    database: str
    query_id: str
    session_id: str
    default_format: str
    parameters: dict[str, str]
    settings: dict[str, str]
    wait_end_of_query: bool
    compress_result: bool


def parse(query_string: str, *, readonly: bool, form: dict[str, str] | None = None) -> Request:
    """Read the query string (and a form's fields). `readonly` is for GET, which may not write.

    Raises EngineError for a feature of the interface that is not spoken here, so that no client
    believes it was honoured.
    """
    values = dict(parse_qsl(query_string, keep_blank_values=True)) | (form or {})
    for name, accepted in _REFUSED.items():
        if values.get(name, accepted) != accepted:
            raise EngineError(NOT_IMPLEMENTED, f"The embedded ClickHouse does not support {name}=")
    settings = {
        name: value
        for name, value in values.items()
        if name not in _RESERVED
        and name not in _TRANSPORT_SETTINGS
        and not name.startswith("param_")
    }
    if readonly and settings.get("readonly", "0") == "0":
        settings["readonly"] = "2"
    return Request(
        query=values.get("query", "").encode("utf-8", "surrogateescape"),
        database=values.get("database", ""),
        query_id=values.get("query_id", ""),
        session_id=values.get("session_id", ""),
        default_format=values.get("default_format", "TabSeparated"),
        parameters={
            name.removeprefix("param_"): value
            for name, value in values.items()
            if name.startswith("param_")
        },
        settings=settings,
        wait_end_of_query=values.get("wait_end_of_query", "0") not in ("0", "false", ""),
        compress_result=values.get("enable_http_compression", "0") not in ("0", "false", ""),
    )


def parse_form(content_type: str, chunks: Iterable[bytes]) -> dict[str, str]:
    """The text fields of a multipart form: clients use one when parameters outgrow a URL."""
    body = b""
    for chunk in chunks:
        body += chunk
        if len(body) > _MAX_FORM:
            raise EngineError(BAD_ARGUMENTS, f"A form may have {_MAX_FORM} bytes at most")
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    fields = {}
    for part in message.iter_parts():
        if part.get_filename() is not None:
            raise EngineError(NOT_IMPLEMENTED, "The embedded ClickHouse takes no external tables")
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        fields[str(name)] = payload.decode("utf-8") if isinstance(payload, bytes) else ""
    return fields


def body_chunks(
    stream: _Stream, length: str | None, transfer_encoding: str | None
) -> Iterator[bytes]:
    """The raw bytes of a request's body, by its length or in HTTP chunks.

    Raises EngineError when the connection ends before the body does.
    """
    if (transfer_encoding or "").lower() == "chunked":
        yield from _http_chunks(stream)
    elif (length or "0").isdecimal():
        yield from _read_exactly(stream, int(length or 0))
    else:
        raise EngineError(BAD_ARGUMENTS, f"Content-Length {length!r} is not a number")


def _http_chunks(stream: _Stream) -> Iterator[bytes]:
    while size := _chunk_size(stream.readline(1024)):
        yield from _read_exactly(stream, size)
        stream.readline(1024)
    while stream.readline(65536) not in (b"\r\n", b"\n", b""):
        pass  # trailers


def _chunk_size(line: bytes) -> int:
    try:
        return int(line.split(b";")[0], 16)
    except ValueError:
        raise EngineError(BAD_ARGUMENTS, "The body broke off") from None


def _read_exactly(stream: _Stream, size: int) -> Iterator[bytes]:
    while size:
        if not (piece := stream.read(min(size, 1 << 20))):
            raise EngineError(BAD_ARGUMENTS, "The body broke off")
        size -= len(piece)
        yield piece


def read_head(
    query: bytes, chunks: Iterator[bytes], done: Callable[[bytes], bool], first_look: int = 1 << 16
) -> bytes:
    """The query string's part and as much of the body as `done` needs; all of it if never done."""
    head = bytearray(query)
    look_at = 0
    for chunk in chunks:
        head += b"\n" if query and len(head) == len(query) else b""
        head += chunk
        if look_at == 0 and len(head) >= first_look:
            look_at = len(head)
            if done(bytes(head)):
                break
    return bytes(head)
