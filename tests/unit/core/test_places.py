"""Web addresses as people give them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim.core.remote.places import Place, RemoteProblem, parse_allowed, parse_place


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://shop.example/feed.csv", Place("shop.example", 443, "/feed.csv")),
        (" HTTPS://Shop.Example. ", Place("shop.example", 443, "/")),
        ("https://shop.example:8443/a?key=1#top", Place("shop.example", 8443, "/a?key=1")),
        ("https://müller.example/käse 1.csv".replace(" ", "%20"), None),
        ("https://[2606:4700::1]/a", Place("2606:4700::1", 443, "/a")),
    ],
)
def test_an_address_is_taken_apart(url: str, place: Place | None) -> None:
    expected = place or Place("xn--mller-kva.example", 443, "/k%C3%A4se%201.csv")
    assert parse_place(url) == expected


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "not_https"),
        ("shop.example/feed.csv", "not_https"),
        ("http://shop.example/feed.csv", "not_https"),
        ("ftp://shop.example/feed.csv", "not_https"),
        ("file:///etc/passwd", "not_https"),
        ("https:///feed.csv", "not_https"),
        ("https://me:secret@shop.example/", "url_with_password"),
        ("https://me@shop.example/", "url_with_password"),
        ("https://shop.example@evil.example/", "url_with_password"),
        ("https://shop.example\\@evil.example/", "not_a_url"),
        ("https://shop.example/\r\nX: 1", "not_a_url"),
        ("https://shop.example/a b", "not_a_url"),
        ("https://shop.example:99999/", "not_a_url"),
        ("https://[::1%25eth0]/", "not_a_url"),
        ("https://shop..example/", "not_a_url"),
        ("https://-shop.example/", "not_a_url"),
        ("https://shop*/", "not_a_url"),
        ("https://" + "a" * 64 + ".example/", "not_a_url"),
        ("https://shop.example/" + "a" * 5_000, "url_too_long"),
    ],
)
def test_what_is_no_plain_https_address_is_refused(url: str, code: str) -> None:
    with pytest.raises(RemoteProblem) as caught:
        parse_place(url)
    assert caught.value.code == code
    assert "secret" not in caught.value.message


@given(st.text(max_size=60), st.booleans())
def test_any_text_is_an_address_or_a_problem(text: str, prefixed: bool) -> None:
    try:
        place = parse_place("https://" + text if prefixed else text)
    except RemoteProblem:
        return
    assert place.target.startswith("/") or place.target == ""
    assert place.target.isascii()
    assert place.host.isascii()
    assert not set(" \r\n\t@\\") & set(place.host + place.named)
    assert parse_place(f"https://{place.named}{place.target}") == place


def test_what_is_kept_of_an_address_has_no_key_in_it() -> None:
    place = parse_place("https://shop.example:8443/feed.csv?token=secret#x")
    assert place.shown == "https://shop.example:8443/feed.csv?…"
    assert place.filename == "feed.csv"
    assert parse_place("https://shop.example/a%2Fb%20c.csv").filename == "a/b c.csv"


def test_a_redirect_may_name_only_a_path() -> None:
    place = parse_place("https://shop.example/a/b.csv?x=1")
    assert place.joined("/c.csv") == "https://shop.example/c.csv"
    assert place.joined("c.csv") == "https://shop.example/a/c.csv"
    assert place.joined("//evil.example/c") == "https://evil.example/c"


def test_hosts_the_operator_names_have_a_port() -> None:
    assert parse_allowed("files.lan, Feeds.lan:8443,") == {("files.lan", 443), ("feeds.lan", 8443)}
    assert parse_allowed("") == frozenset()
