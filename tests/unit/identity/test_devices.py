"""What a person reads about their own devices."""

from __future__ import annotations

import pytest

from pim.identity.devices import device

MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (f"{MAC} Version/17.0 Safari/605.1.15", "Safari on macOS"),
        (f"{MAC} Chrome/130.0 Safari/537.36", "Chrome on macOS"),
        (f"{MAC} Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on macOS"),
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
            "Firefox on Linux",
        ),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "Unknown device"),
        ("   ", "Unknown device"),
    ],
)
def test_a_browser_is_named_as_people_name_it(user_agent: str, words: str) -> None:
    assert device(user_agent) == words
