"""Fetching a file from a web address, from a real site that speaks https."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from pim.core.errors import TooLarge
from pim.core.remote import fetch
from pim.core.remote.fetch import Rules, fetched
from pim.core.remote.places import RemoteProblem
from tests.factories.https_peer import Peer, answer, https_peer, redirect

FEED = b"sku,name\nA,Oslo chair\nB,Brass lamp\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    """A site whose authority this process trusts."""
    with https_peer(tmp_path) as peer:
        monkeypatch.setenv("SSL_CERT_FILE", str(peer.authority))
        peer.answers["/feed.csv"] = answer(FEED)
        yield peer


def got(peer: Peer, path: str = "/feed.csv", **rules: Any) -> bytes:
    """What is fetched from an address of the site."""
    with fetched(peer.url(path), Rules(allowed=peer.allowed, **rules)) as file:
        blocks = list(iter(lambda: file.read(1000), b""))
    assert max(map(len, blocks), default=0) <= 1000
    return b"".join(blocks)


def fetch_all(url: str, rules: Rules) -> int:
    """Read a file to its end; gives its size. No block is larger than promised."""
    size = 0
    with fetched(url, rules) as file:
        while block := file.read():
            assert len(block) <= fetch.BLOCK
            size += len(block)
            assert size < 100 * 1024 * 1024
    return size


def refused(url: str, rules: Rules) -> RemoteProblem:
    with pytest.raises(RemoteProblem) as caught:
        fetch_all(url, rules)
    return caught.value


def problem(peer: Peer, path: str, **rules: Any) -> RemoteProblem:
    return refused(peer.url(path), Rules(allowed=peer.allowed, **rules))


def named(host: str, *answers: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let a host have these addresses, one more each time it is looked up; gives what is asked."""
    real, asked, left = socket.getaddrinfo, [], list(answers)

    def lookup(wanted: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        asked.append(wanted)
        if wanted == host:
            wanted = left.pop(0) if len(left) > 1 else left[0]
        return real(wanted, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return asked


def test_a_file_is_fetched_as_it_is(site: Peer) -> None:
    assert got(site) == FEED
    ((path, headers),) = site.asked
    assert path == "/feed.csv"
    assert headers["host"] == f"localhost:{site.port}"
    assert headers["accept-encoding"] == "identity"
    assert not {"authorization", "cookie"} & set(headers)


@pytest.mark.parametrize(
    ("path", "disposition", "name"),
    [
        ("/feed.csv", "", "feed.csv"),
        ("/download", 'attachment; filename="summer 26.csv"', "summer 26.csv"),
        ("/download", "attachment; filename*=UTF-8''k%C3%A4se.csv", "käse.csv"),
        ("/a%2Fb.csv", "", "a/b.csv"),
        ("/", "", ""),
    ],
)
def test_the_file_is_called_what_the_site_calls_it(
    site: Peer, path: str, disposition: str, name: str
) -> None:
    site.answers[path] = answer(FEED, Content_Disposition=disposition)
    with fetched(site.url(path + "?key=1"), Rules(allowed=site.allowed)) as file:
        assert file.filename == name
        assert file.shown == site.url(path) + "?…"


def test_redirects_are_followed_and_each_is_checked(site: Peer) -> None:
    site.answers["/one"] = redirect("/two")
    site.answers["/two"] = redirect(site.url("/feed.csv?signed=1"), 307)
    assert got(site, "/one") == FEED
    for location, code in (
        ("https://127.0.0.1/feed.csv", "address_refused"),
        ("https://169.254.169.254/latest/meta-data/", "address_refused"),
        (f"https://127.0.0.1:{site.port}/feed.csv", "port_refused"),
        ("http://localhost/feed.csv", "not_https"),
        ("https://me:secret@localhost/", "url_with_password"),
        ("//[::1]/", "address_refused"),
        ("file:///etc/passwd", "not_https"),
    ):
        site.answers["/away"] = redirect(location)
        assert problem(site, "/away").code == code
    site.answers["/round"] = redirect("/round")
    before = len(site.asked)
    assert problem(site, "/round").code == "too_many_redirects"
    assert len(site.asked) - before == 6


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "127.0.0.1", "127.1", "0x7f000001", "2130706433", "0", "0.0.0.0"),
        *("[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]"),
        *("10.1.2.3", "169.254.169.254", "100.100.100.200", "192.168.0.1", "[fd00:ec2::254]"),
    ],
)
def test_nothing_inside_is_ever_connected_to(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: Any) -> None:
        raise AssertionError("it connected")

    monkeypatch.setattr(socket.socket, "connect", connect)
    found = refused(f"https://{host}/", Rules())
    assert found.code in ("address_refused", "no_such_host")


def test_a_host_with_one_address_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))
        for address in ("93.184.216.34", "10.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    assert refused("https://mixed.example/", Rules()).code == "address_refused"


def test_a_name_that_changes_its_address_meets_the_one_that_was_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        https_peer(tmp_path, "files.example", "127.0.0.2") as honest,
        https_peer(tmp_path, "inside.example", "127.0.0.1", honest.port) as inside,
    ):
        honest.answers["/feed.csv"] = answer(FEED)
        monkeypatch.setenv("SSL_CERT_FILE", str(honest.authority))
        monkeypatch.setattr(fetch, "is_public", lambda address: address == "127.0.0.2")
        monkeypatch.setattr(fetch, "HTTPS", honest.port)
        asked = named("files.example", "127.0.0.2", "127.0.0.1", monkeypatch=monkeypatch)
        with fetched(honest.url(), Rules()) as file:
            assert file.read() == FEED
        assert asked.count("files.example") == 1
        assert len(honest.asked) == 1
        assert refused(honest.url(), Rules()).code == "address_refused"
        assert inside.asked == []


def test_only_the_usual_port_is_asked_unless_the_operator_named_another(site: Peer) -> None:
    found = refused("https://shop.example:8443/", Rules(allowed=site.allowed))
    assert found.code == "port_refused"
    assert refused(site.url().replace("localhost", "127.0.0.1"), Rules(allowed=site.allowed)).code


def test_a_certificate_nobody_vouches_for_is_refused(
    site: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    found = problem(site, "/feed.csv")
    assert found.code == "certificate_refused"
    assert "can't be trusted" in found.message
    assert site.asked == []


def test_a_certificate_of_another_site_is_refused(
    site: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    named("other.example", "127.0.0.1", monkeypatch=monkeypatch)
    rules = Rules(allowed=frozenset({("other.example", site.port)}))
    found = refused(f"https://other.example:{site.port}/feed.csv", rules)
    assert found.code == "certificate_refused"
    assert site.asked == []


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "“localhost” answered 404 Not Found. There is no file at this address."),
        (401, "“localhost” answered 401 Unauthorized. It wants a sign-in."),
        (503, "“localhost” answered 503 Service Unavailable. Try again later."),
        (206, "“localhost” answered 206 Partial Content. That is no file."),
        (299, "“localhost” answered 299. That is no file."),
    ],
)
def test_what_a_site_answers_is_said_in_words(site: Peer, status: int, words: str) -> None:
    site.answers["/feed.csv"] = answer(b"no", status)
    assert problem(site, "/feed.csv?key=secret").message.startswith(words)
    assert "secret" not in problem(site, "/feed.csv?key=secret").message


def test_a_page_is_no_file(site: Peer) -> None:
    site.answers["/feed.csv"] = answer(b"<html>Sign in", Content_Type="text/html; charset=utf-8")
    assert problem(site, "/feed.csv").code == "not_a_file"


def test_a_site_that_is_not_there_is_said() -> None:
    assert refused("https://no-such-host.invalid/", Rules()).code == "no_such_host"
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    rules = Rules(allowed=frozenset({("localhost", port)}))
    assert refused(f"https://localhost:{port}/", rules).code == "no_answer"


def test_a_name_that_takes_too_long_to_be_looked_up_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(1.5))
    begun = time.monotonic()
    assert refused("https://slow.example/", Rules(idle_seconds=0.2)).code == "no_such_host"
    assert time.monotonic() - begun < 1


def test_a_file_beyond_the_limit_is_refused_while_it_comes(site: Peer) -> None:
    site.answers["/large"] = answer(b"x" * 3_000_000)
    with pytest.raises(TooLarge, match="larger than 1 MB"):
        got(site, "/large", max_bytes=1024 * 1024)


def test_what_comes_compressed_is_unpacked(site: Peer) -> None:
    site.answers["/gzip"] = answer(gzip.compress(FEED), Content_Encoding="gzip")
    site.answers["/deflate"] = answer(zlib.compress(FEED), Content_Encoding="deflate")
    assert got(site, "/gzip") == got(site, "/deflate") == FEED
    for coding in ("br", "gzip, gzip", "aes128gcm"):
        site.answers["/odd"] = answer(FEED, Content_Encoding=coding)
        assert problem(site, "/odd").code == "fetch_encoding"
    site.answers["/bad"] = answer(b"\x1f\x8bnot gzip", Content_Encoding="gzip")
    assert problem(site, "/bad").code == "fetch_broken"


def test_a_bomb_is_not_unpacked(site: Peer) -> None:
    packer = zlib.compressobj(9, wbits=31)
    block = bytes(1024 * 1024)
    bomb = b"".join(packer.compress(block) for _ in range(300)) + packer.flush()
    site.answers["/bomb"] = answer(bomb, Content_Encoding="gzip")
    assert problem(site, "/bomb").code == "unpacked_too_large"


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Headers at once, then a byte now and then, without end."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def slow_headers(handler: BaseHTTPRequestHandler) -> None:
    """Never comes to the end of the first header."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def silent(handler: BaseHTTPRequestHandler) -> None:
    """Says nothing for a while."""
    time.sleep(3)


@pytest.mark.parametrize("doing", [drip, slow_headers, silent])
def test_a_site_that_takes_its_time_is_given_up(site: Peer, doing: Any) -> None:
    site.answers["/slow"] = doing
    begun = time.monotonic()
    found = problem(site, "/slow", seconds=0.6, idle_seconds=0.5 if doing is silent else 10)
    assert found.code == ("no_answer" if doing is silent else "fetch_too_slow")
    assert time.monotonic() - begun < 2.5


@pytest.mark.parametrize(
    "headers", [{"Content_Length": "99999"}, {"Transfer_Encoding": "chunked"}], ids=str
)
def test_a_file_that_breaks_off_is_not_taken_for_a_whole_one(
    site: Peer, headers: dict[str, str]
) -> None:
    body = b"3E8\r\n" + FEED if "Transfer_Encoding" in headers else FEED
    site.answers["/half"] = answer(body, **headers)
    assert problem(site, "/half").code == "fetch_broken"
