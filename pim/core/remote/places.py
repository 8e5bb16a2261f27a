"""An address people give, taken apart: what may be asked, and of whom. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import quote, unquote, urljoin, urlsplit

HTTPS = 443
MAX_LENGTH = 4_000
_HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_SAFE = "%/:=&?~+!$,;'@()*[]"


class RemoteProblem(Exception):
    """A file can't be fetched; the message is meant for the person who gave its address.

    code: stable word for programs. The message never holds more of the address than its host.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is: host and port to connect to, and what to ask there (path and query)."""

    host: str
    port: int
    target: str

    @property
    def named(self) -> str:
        """Host, and port unless it is the usual one: as the Host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == HTTPS else f"{host}:{self.port}"

    @property
    def shown(self) -> str:
        """The address to be kept and shown: without the query, which may hold a key."""
        path, asked, _ = self.target.partition("?")
        return f"https://{self.named}{path}{'?…' if asked else ''}"

    @property
    def filename(self) -> str:
        """The last part of the path."""
        return unquote(self.target.partition("?")[0].rpartition("/")[2])

    def joined(self, location: str) -> str:
        """The address a redirect leads to."""
        return urljoin(f"https://{self.named}{self.target}", location)


def parse_place(url: str) -> Place:
    """Take an address apart; raises RemoteProblem for what isn't plain https."""
    url = url.strip()
    if len(url) > MAX_LENGTH:
        raise RemoteProblem("The address is too long.", "url_too_long")
    if not url.isprintable() or "\\" in url or " " in url:
        raise RemoteProblem("The address has a character in it that none has.", "not_a_url")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise RemoteProblem("This is not a web address.", "not_a_url") from error
    if parts.scheme != "https" or not host:
        raise RemoteProblem("Give a web address that begins with https://.", "not_https")
    if "@" in parts.netloc:
        raise RemoteProblem(
            "The address has a user name or password in it. Give one that needs neither, or "
            "download the file and upload it here.",
            "url_with_password",
        )
    target = quote(parts.path or "/", safe=_SAFE)
    if parts.query:
        target += "?" + quote(parts.query, safe=_SAFE)
    return Place(_host(host), port or HTTPS, target)


def parse_allowed(text: str) -> frozenset[tuple[str, int]]:
    """Hosts with their ports, from `host` and `host:port` separated by commas."""
    found = set()
    for each in filter(None, (part.strip() for part in text.split(","))):
        place = parse_place(f"https://{each}")
        found.add((place.host, place.port))
    return frozenset(found)


def is_allowed(place: Place, allowed: Iterable[tuple[str, int]]) -> bool:
    """Whether the operator named this host and port."""
    return (place.host, place.port) in allowed


def _host(host: str) -> str:
    """The host as it is looked up and as certificates name it."""
    if ":" in host:
        try:
            if "%" in host:
                raise ValueError("a zone is a matter of one machine")
            return str(IPv6Address(host))
        except ValueError as error:
            raise RemoteProblem("This is not a web address.", "not_a_url") from error
    try:
        plain = host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise RemoteProblem("This is not a web address.", "not_a_url") from error
    if len(plain) > 253 or not _HOST.fullmatch(plain):
        raise RemoteProblem("This is not a web address.", "not_a_url")
    return plain
