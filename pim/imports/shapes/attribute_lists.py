"""Cells that hold many attributes: `color=black,"features=Audio Pocket|Sleeve, 15 inches"`.

Magento writes them, in three ways: bare, with the whole pair in quotes when its value has a comma
in it, and with the value alone in quotes. A quote inside quotes is doubled. A bare value may hold
commas too, as long as what comes after one isn't the name of the next attribute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_NAME = re.compile(r"\s*([^\W\d]\w*)\s*=")
_NEXT = re.compile(r',\s*"?[^\W\d]\w*\s*=')
_QUOTED = re.compile(r'"((?:[^"]|"")*)"\s*(?=,|$)')


def read_list(text: str) -> Iterator[tuple[str, str]]:
    """The names and values in a cell, in their order. What is no pair is passed over."""
    at, end = 0, len(text)
    while at < end:
        whole = _QUOTED.match(text, at)
        if whole:
            inner = whole[1].replace('""', '"')
            name, sign, value = inner.partition("=")
            if sign and name.strip():
                yield name.strip(), value
            at = whole.end() + 1
            continue
        found = _NAME.match(text, at)
        if not found:
            comma = text.find(",", at)
            at = comma + 1 if comma >= 0 else end
            continue
        quoted = _QUOTED.match(text, found.end())
        if quoted:
            yield found[1], quoted[1].replace('""', '"')
            at = quoted.end() + 1
            continue
        behind = _NEXT.search(text, found.end())
        stop = behind.start() if behind else end
        yield found[1], text[found.end() : stop].replace('""', '"').strip()
        at = stop + 1


def is_list(text: str) -> bool:
    """Whether a cell reads like one."""
    return _NAME.match(text.lstrip('" ')) is not None
