"""Fetch a file from an https address somebody gave, and never from inside our own network.

The host is looked up once, every address it has is checked, and the connection goes to the very
address that was checked: what the name means a moment later doesn't matter. Each redirect is
checked the same way. Time, size and what compression may unpack to are all limited.
"""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from http.client import responses as PHRASES

from urllib3.connection import HTTPSConnection
from urllib3.exceptions import DecodeError, HTTPError
from urllib3.response import BaseHTTPResponse
from werkzeug.http import parse_options_header

from pim.core.errors import TooLarge
from pim.core.remote.addresses import is_public
from pim.core.remote.places import HTTPS, Place, RemoteProblem, is_allowed, parse_place

log = logging.getLogger(__name__)

MAX_REDIRECTS = 5
BLOCK = 256 * 1024
MEBIBYTE = 1024 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_RATIO, _RATIO_FROM = 200, 64 * MEBIBYTE
_HINTS = {
    401: "It wants a sign-in. Download the file yourself and upload it here.",
    403: "It doesn't let us have the file. Download it yourself and upload it here.",
    404: "There is no file at this address.",
    410: "There is no file at this address any more.",
    429: "It was asked too often. Try again later.",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What fetching is held to. allowed: (host, port) the operator named, wherever they are."""

    max_bytes: int = 1024 * MEBIBYTE
    seconds: float = 60
    idle_seconds: float = 10
    allowed: frozenset[tuple[str, int]] = field(default_factory=frozenset)


class RemoteFile:
    """A file on its way here, to be read block by block. shown: its address without a query."""

    def __init__(self, response: BaseHTTPResponse, place: Place, rules: Rules, clock: Clock):
        self._response, self._rules, self._clock = response, rules, clock
        self._host = place.host
        self._size = 0
        self.shown = place.shown
        self.filename = _filename(response) or place.filename

    def read(self, size: int = BLOCK, /) -> bytes:
        """The next block, unpacked if it came compressed."""
        try:
            block = self._response.read(min(size, BLOCK)) if size > 0 else b""
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            raise self._broken(error) from error
        self._size += len(block)
        if self._clock.over:  # the connection was ended: this looks like the end of the file
            raise self._clock.problem()
        self._check_size()
        return block

    def _check_size(self) -> None:
        if self._size > self._rules.max_bytes:
            raise TooLarge(
                f"The file at this address is larger than {self._rules.max_bytes // 10**6:,} MB, "
                "which is the limit for files that are fetched. Download it yourself and "
                "upload it here."
            )
        if self._size > _RATIO_FROM and self._size > _RATIO * max(1, self._response.tell()):
            raise RemoteProblem(
                f"The file unpacks to more than {_RATIO} times what was sent. That looks like a "
                "trap, so reading stops.",
                "unpacked_too_large",
            )

    def _broken(self, error: Exception) -> RemoteProblem:
        if self._clock.over:
            return self._clock.problem()
        if isinstance(error, DecodeError):
            return RemoteProblem(
                f"What “{self._host}” sent is compressed, but damaged.", "fetch_broken"
            )
        return RemoteProblem(
            f"“{self._host}” broke off in the middle of the file. Try again, or download it "
            "yourself and upload it here.",
            "fetch_broken",
        )


class Clock:
    """The time all of it may take. When it is up, the connection in use is ended."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds
        self._timer: threading.Timer | None = None

    @property
    def left(self) -> float:
        """Seconds."""
        return self._end - time.monotonic()

    @property
    def over(self) -> bool:
        """Whether the time is up."""
        return self.left <= 0

    def problem(self) -> RemoteProblem:
        """What is said then."""
        return RemoteProblem(
            f"The file didn't arrive within {self._seconds:g} seconds. Download it yourself and "
            "upload it here.",
            "fetch_too_slow",
        )

    def watch(self, sock: socket.socket) -> None:
        """End this connection when the time is up, whatever it is waiting for."""
        self.stop()
        self._timer = threading.Timer(max(0, self.left), _shut, [sock])
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """Nothing is to be ended any more."""
        if self._timer:
            self._timer.cancel()


@contextmanager
def fetched(url: str, rules: Rules) -> Iterator[RemoteFile]:
    """The file at an address, to be read while the context lasts.

    Raises RemoteProblem in words for whoever gave the address, TooLarge while reading.
    """
    clock = Clock(rules.seconds)
    place = parse_place(url)
    try:
        for _ in range(MAX_REDIRECTS + 1):
            with _asked(place, rules, clock) as response:
                if response.status not in _REDIRECTS:
                    _check_answer(response, place)
                    yield RemoteFile(response, place, rules, clock)
                    return
                location = response.headers.get("Location", "")
            place = parse_place(place.joined(location))
    finally:
        clock.stop()
    raise RemoteProblem(
        f"The address leads on to another more than {MAX_REDIRECTS} times.", "too_many_redirects"
    )


def addresses_of(place: Place, rules: Rules) -> list[str]:
    """The addresses of a host, all of them checked; raises RemoteProblem."""
    named = is_allowed(place, rules.allowed)
    if place.port != HTTPS and not named:
        raise RemoteProblem(
            f"Port {place.port} isn't one that files are fetched from: only {HTTPS} is.",
            "port_refused",
        )
    try:
        addresses = _looked_up(place, rules.idle_seconds)
    except (OSError, UnicodeError, FutureTimeout) as error:
        raise RemoteProblem(f"There is no site called “{place.host}”.", "no_such_host") from error
    if not named and not all(map(is_public, addresses)):
        log.warning("fetch_refused", extra={"host": place.host})
        raise RemoteProblem(
            f"“{place.host}” is not on the public internet, and files are fetched from there "
            "alone. Download it yourself and upload it here.",
            "address_refused",
        )
    return addresses


def _looked_up(place: Place, seconds: float) -> list[str]:
    """The addresses of a host. The system's resolver knows no time limit, so it is left behind."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="lookup")
    looking = pool.submit(socket.getaddrinfo, place.host, place.port, type=socket.SOCK_STREAM)
    pool.shutdown(wait=False)
    found = looking.result(timeout=seconds)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@contextmanager
def _asked(place: Place, rules: Rules, clock: Clock) -> Iterator[BaseHTTPResponse]:
    """The answer of a place; its body is still to come."""
    connection = _connected(place, rules, clock)
    try:
        if connection.sock is not None:
            clock.watch(connection.sock)
        try:
            connection.request(
                "GET",
                place.target,
                headers={
                    "Host": place.named,
                    "User-Agent": "pim",
                    "Accept": "*/*",
                    "Accept-Encoding": "identity",
                },
                preload_content=False,
            )
            response = connection.getresponse()
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            if clock.over:
                raise clock.problem() from error
            raise RemoteProblem(f"“{place.host}” doesn't answer.", "no_answer") from error
        with response:
            yield response
    finally:
        clock.stop()
        connection.close()


def _connected(place: Place, rules: Rules, clock: Clock) -> HTTPSConnection:
    """A connection to one of the addresses that were checked, its certificate verified."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    last: Exception | None = None
    for address in addresses_of(place, rules):
        if clock.over:
            raise clock.problem()
        connection = HTTPSConnection(
            address,
            place.port,
            timeout=min(rules.idle_seconds, clock.left),
            server_hostname=place.host,
            ssl_context=context,
        )
        try:
            connection.connect()
            return connection
        except (HTTPError, HTTPException, OSError, ValueError) as error:
            last = error
            connection.close()
    raise _not_connected(place, last)


def _not_connected(place: Place, error: Exception | None) -> RemoteProblem:
    untrusted = error if isinstance(error, ssl.SSLCertVerificationError) else None
    if untrusted is None and isinstance(error, HTTPError) and error.args:
        inner = error.args[-1]
        untrusted = inner if isinstance(inner, ssl.SSLCertVerificationError) else None
    if untrusted is not None:
        return RemoteProblem(
            f"The certificate of “{place.host}” can't be trusted: {untrusted.verify_message}.",
            "certificate_refused",
        )
    if isinstance(error, ssl.SSLError):
        return RemoteProblem(
            f"“{place.host}” doesn't speak https in a way we know.", "certificate_refused"
        )
    return RemoteProblem(f"“{place.host}” doesn't answer.", "no_answer")


def _check_answer(response: BaseHTTPResponse, place: Place) -> None:
    status = response.status
    if status != 200:
        phrase = PHRASES.get(status, "")
        hint = _HINTS.get(status, "Try again later." if status >= 500 else "That is no file.")
        raise RemoteProblem(
            f"“{place.host}” answered {' '.join(filter(None, (str(status), phrase)))}. {hint}",
            "fetch_refused",
        )
    if response.headers.get("Content-Encoding", "").strip().lower() not in _CODINGS:
        raise RemoteProblem(
            f"“{place.host}” sends the file compressed in a way we don't read.", "fetch_encoding"
        )
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        raise RemoteProblem(
            "There is a web page at this address, not a file: perhaps a sign-in, or a page that "
            "offers the file. Give the address of the file itself.",
            "not_a_file",
        )


def _filename(response: BaseHTTPResponse) -> str:
    """What the server calls the file; it is cleaned by whoever uses it."""
    _, options = parse_options_header(response.headers.get("Content-Disposition", ""))
    return str(options.get("filename", ""))


def _shut(sock: socket.socket) -> None:
    try:
        # Not the method of TLS sockets, which lets a reader go on without decrypting.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return
