"""A list of texts: tags, categories, colours, pictures.

Text is a JSON array if it starts with `[` and ends with `]`. Otherwise it is split at one kind
of separator: the first of line break, `|`, `;`, `,` that occurs outside quotes. So
`oak, natural; black` has two items. An item in double quotes may contain separators; a quote in
it is doubled. Items are trimmed, empty ones dropped, the order is kept, and of an item that is
there twice the first stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from pim.jsontext import NotJson, loads
from pim.schema.types.base import (
    CoerceContext,
    CoercionError,
    FieldType,
    Notation,
    caching,
    kind_of,
    shown,
    trim,
)
from pim.schema.types.text import storable, text_of_scalar

MAX_ITEMS = 10_000
SEPARATORS = ("\n", "|", ";", ",")
_SEPARATOR = re.compile(r"[\n|;,]")
_QUOTED = re.compile(r'[^\S\n]*"((?:[^"]|"")*+)"[^\S\n]*')
_SPECIAL = re.compile(r'[\n\r|;,]|^["\[]|\]$')


def coerce(value: Any, ctx: CoerceContext) -> list[str]:
    """Read a list from text, a JSON list of scalars, or a single JSON scalar."""
    if isinstance(value, str):
        return coerce_text(value)
    if isinstance(value, (list, tuple)):
        return _items(_text_of_items(value))
    if isinstance(value, (bool, int, float, Decimal)):
        return [_text_of_item(value)]
    raise CoercionError(
        "not_a_list", f"{shown(value)} is {kind_of(value)}, not a list. Send a list of texts."
    )


def coerce_text(text: str) -> list[str]:
    """Read a list from text."""
    text = storable(trim(text))
    if text[:1] == "[" and text[-1:] == "]":
        return _items(_text_of_items(_json_list(text)))
    return _items(split_items(text))


def split_items(text: str) -> list[str]:
    """The items of separated text, as they stand, quotes resolved."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if '"' not in text:
        separator = next((s for s in SEPARATORS if s in text), None)
        return text.split(separator) if separator else [text]
    places = list(_separators_outside_quotes(text))
    separator = next((s for s in SEPARATORS if any(text[p] == s for p in places)), None)
    cuts = [-1, *(p for p in places if text[p] == separator), len(text)]
    return [_unquoted(text[a + 1 : b]) for a, b in pairwise(cuts)]


def _separators_outside_quotes(text: str) -> Iterator[int]:
    """Where separators of any kind stand. A quote that isn't closed is an ordinary character."""
    start = 0
    while True:
        quoted = _QUOTED.match(text, start)
        if quoted and (quoted.end() == len(text) or text[quoted.end()] in SEPARATORS):
            start = quoted.end()
        found = _SEPARATOR.search(text, start)
        if found is None:
            return
        yield found.start()
        start = found.end()


def _unquoted(item: str) -> str:
    quoted = _QUOTED.fullmatch(item)
    return quoted[1].replace('""', '"') if quoted else item


def _json_list(text: str) -> Sequence[Any]:
    try:
        found = loads(text)
    except NotJson as error:
        raise CoercionError(
            "bad_json",
            f"{shown(text)} starts like a JSON list but isn't one. "
            'Write ["a", "b"], or a, b without brackets.',
        ) from error
    return found if isinstance(found, list) else [found]


def _text_of_items(items: Sequence[Any]) -> Iterator[str]:
    for index, item in enumerate(items):
        try:
            yield _text_of_item(item)
        except CoercionError as error:
            raise error.inside(index) from error


def _text_of_item(item: Any) -> str:
    if item is None:
        return ""
    if isinstance(item, str):
        item = item.replace("\r\n", "\n").replace("\r", "\n") if "\r" in item else item
        return storable(item)
    if isinstance(item, (bool, int, float, Decimal)):
        return text_of_scalar(item)
    raise CoercionError(
        "not_text", f"An item of the list, {shown(item)}, is {kind_of(item)}. Send texts."
    )


def _items(items: Iterable[str]) -> list[str]:
    found = dict.fromkeys(map(trim, items))
    found.pop("", None)
    if len(found) > MAX_ITEMS:
        raise CoercionError(
            "too_many_items", f"The list has {len(found):,} items; at most {MAX_ITEMS:,} are kept."
        )
    return list(found)


def coercer(ctx: CoerceContext) -> Callable[[str], list[str]]:
    """A reader for the texts of one column; every answer is a list of its own."""
    remembered = caching(coerce_text)

    def read(text: str) -> list[str]:
        return remembered(text).copy()  # type: ignore[no-any-return]

    return read


def display(value: Any, locale: str) -> str:
    """The items, separated by commas."""
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def to_input(value: Any, notation: Notation | None) -> str:
    """The items separated by commas, in quotes where they need them."""
    return ", ".join(map(_quoted, value))


def _quoted(item: str) -> str:
    return '"' + item.replace('"', '""') + '"' if _SPECIAL.search(item) else item


TYPE = FieldType(
    name="array",
    label="List",
    hint="oak, natural, black",
    coerce=coerce,
    coercer=coercer,
    display=display,
    to_input=to_input,
)
