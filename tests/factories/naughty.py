"""Texts that make trouble: a list of ours, and the big list of naughty strings where it is."""

from __future__ import annotations

import json

import pytest

from tests.factories.shared_data import shared_data

OURS = (
    # numbers that are none, and codes that look like numbers
    *("undefined", "null", "None", "NULL", "NaN", "-Infinity", "true", "0", "00123", "1e3", "0x0"),
    *("-0", "1/0", "1,234", "1.234,50", "９９", "²", "4006381333931", "1e999", "--", "+", "-1"),
    # scripts and markup
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg onload=alert(1)>",
    "javascript:alert(1)",
    "<b>bold</b> &amp; &lt; &#60; <!-- comment",
    "{{ 7 * 7 }} {% raw %} ${7*7} #{7*7} <%= 7 %>",
    "]]>",
    "_x000D_ _x0041_",
    # formulas
    *("=1+1", "=cmd|' /C calc'!A0", "@SUM(1+1)", "+49 30 1234", "- a list item", "'=1"),
    '=HYPERLINK("http://example.com","click")',
    # SQL, paths, format strings
    "'; DROP TABLE products; --",
    "1' OR '1'='1",
    "%s %d %n %%",
    "../../../etc/passwd",
    "C:\\Users\\CON",
    "\\u0000 \\n \\",
    # what separates and quotes
    *(",", ";", "|", '"', '""', "'", "`", "a,b;c|d\te", 'say "hi"', '"quoted"', '"open', "[", "[]"),
    *('["a", "b"]', "{}", '{"amount": 1, "currency": "EUR"}', "line 1\nline 2", "crlf\r\nend", "#"),
    # scripts of the world, directions, invisible characters, beyond the first plane
    "Größe äöüß ÀÉÎ ñ ç",
    "Ελληνικά кириллица العربية עברית 日本語 한국어 ไทย",
    "שלום (a) عالم",
    "\u202eright to left override\u202c",
    "zero\u200bwidth\u200djoiner\u2060",
    "\ufeffmark",
    "soft\u00adhyphen non\u00a0breaking\u3000wide",
    "e\u0301 is é but not é",
    "Z̡͖̥a̴l̷g̵o̸",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 𝒳 𠜎",
    "İıſßŉ",
    "\u2028line\u2029paragraph",
    "\x01\x07\x08\x0b\x0c\x1b[31mred\x1f\x7f\x85\x9f",
    "\ufffe\uffff\ufdd0",
    "\U0010ffff",
    "w" * 300,
    "long " * 3_000,
)


def naughty() -> list[str]:
    """All of them, each once."""
    try:
        found = json.loads(shared_data("blns", "blns.json").read_text("utf-8"))
    except pytest.skip.Exception:
        found = []
    return [text for text in dict.fromkeys([*OURS, *found]) if text]
