"""A site that speaks https for real: certificates of an authority made for the test."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Peer:
    """A running site. answers: what it does at a path; asked: (path, headers) of each request."""

    port: int
    host: str
    authority: Path
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str = "/feed.csv") -> str:
        return f"https://{self.host}:{self.port}{path}"

    @property
    def allowed(self) -> frozenset[tuple[str, int]]:
        return frozenset({(self.host, self.port)})


@contextmanager
def https_peer(
    folder: Path, host: str = "localhost", address: str = "127.0.0.1", port: int = 0
) -> Iterator[Peer]:
    """A site whose certificate names `host`, listening on an address of this machine."""
    authority = trustme.CA()
    issued = authority.issue_cert(host)
    trusted = folder / f"authority-{host}.pem"
    authority.cert_pem.write_to_path(trusted)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            peer.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            self.close_connection = True
            with suppress(OSError):
                peer.answers.get(self.path.partition("?")[0], gone)(self)

        def log_message(self, *_: Any) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            return  # a client that hangs up is what several tests are about

        def get_request(self) -> tuple[socket.socket, Any]:
            sock, client = super().get_request()
            sock.settimeout(30)
            return context.wrap_socket(
                sock, server_side=True, do_handshake_on_connect=False
            ), client

    server = Server((address, port), Handler)
    peer = Peer(server.server_address[1], host, trusted)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()


def gone(handler: BaseHTTPRequestHandler) -> None:
    """404."""
    answer(b"nothing here", status=404)(handler)


def answer(content: bytes, status: int = 200, **headers: str) -> Answer:
    """An ordinary answer; header names with underscores."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        if "Content_Length" not in headers and "Transfer_Encoding" not in headers:
            handler.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return send


def redirect(location: str, status: int = 302) -> Answer:
    """A redirect."""
    return answer(b"", status, Location=location)
