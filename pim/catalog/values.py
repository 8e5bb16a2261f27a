"""Values as a page shows them: short in a cell, whole on the product's page. Pure.

Whatever a value contains, it is shown as text: markup in a description is taken off in a cell and
shown as it stands on the product's page, never interpreted.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from pim.schema.types import display, is_blank

Form = Literal["blank", "text", "number", "boolean", "tags", "link", "lines"]

CELL_CHARACTERS = 120
CELL_ITEMS, CELL_ITEM, CELL_ITEMS_CHARACTERS = 3, 26, 22
PAGE_CHARACTERS = 600
_LOOKED_AT = 4_000
_TAG = re.compile(r"<(script|style)\b.*?(</\1\s*>|$)|<!--.*?(-->|$)|</?[a-z][^<>]*>", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Shown:
    """A value ready for a template.

    items: of a list; more: how many of them aren't shown. title: in a cell, what it says in full;
    on the product's page, the beginning of a text that is too long to stand there unfolded.
    """

    form: Form
    text: str = ""
    items: tuple[str, ...] = ()
    more: int = 0
    href: str = ""
    title: str = ""


BLANK = Shown("blank")


def plain_text(text: str) -> str:
    """Text on one line, without markup: what a cell shows of a description."""
    text = text[:_LOOKED_AT]
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    return " ".join(text.split())


def shortened(text: str, length: int = CELL_CHARACTERS) -> str:
    """Text cut at a word where it is longer than that."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    cut = head.rfind(" ")
    return (head[:cut] if cut > length // 2 else head).rstrip(" ,.;:") + "…"


def cell(type_name: str, value: Any, locale: str) -> Shown:
    """A value as a table cell shows it: one line, a handful of items at most."""
    if is_blank(value):
        return BLANK
    if type_name in ("array", "multi_price") and isinstance(value, Sequence):
        texts = _texts(type_name, value, locale)
        if type_name == "multi_price":
            return Shown("number", texts[0], more=len(texts) - 1, title="\n".join(texts))
        items = _few([shortened(plain_text(text), CELL_ITEM) for text in texts[:CELL_ITEMS]])
        more = len(texts) - len(items)
        return Shown("tags", items=items, more=more, title=", ".join(texts)[:1000])
    if type_name == "url":
        return _link(str(value), short=True)
    text = display(type_name, value, locale)
    if type_name in ("number", "price"):
        return Shown("number", text)
    if type_name == "boolean":
        return Shown("boolean", text)
    short = shortened(plain_text(text))
    return Shown("text", short, title="" if short == text else shortened(text.strip(), 600))


def _few(items: list[str]) -> tuple[str, ...]:
    """As many items as stand beside each other in a cell, one at least."""
    length = 0
    for at, item in enumerate(items):
        length += len(item)
        if at and length > CELL_ITEMS_CHARACTERS:
            return tuple(items[:at])
    return tuple(items)


def whole(type_name: str, value: Any, locale: str) -> Shown:
    """A value as the product's page shows it: all of it."""
    if is_blank(value):
        return BLANK
    if type_name == "array" and isinstance(value, Sequence):
        return Shown("tags", items=tuple(_texts(type_name, value, locale)))
    if type_name == "multi_price" and isinstance(value, Sequence):
        return Shown("lines", items=tuple(_texts(type_name, value, locale)))
    if type_name == "url":
        return _link(str(value), short=False)
    text = display(type_name, value, locale)
    if type_name == "string":
        return Shown("text", text, title=shortened(text, PAGE_CHARACTERS) if _is_long(text) else "")
    return Shown("boolean" if type_name == "boolean" else "number", text)


def _is_long(text: str) -> bool:
    """Whether a text is folded on the product's page."""
    return len(text) > PAGE_CHARACTERS + 200


def unknown(value: Any) -> Shown:
    """A value of a field the schema doesn't know: as its own shape says."""
    if is_blank(value):
        return BLANK
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return Shown("tags", items=tuple(value))
    if isinstance(value, bool):
        return Shown("boolean", "Yes" if value else "No")
    if isinstance(value, Mapping) and {"amount", "currency"} <= set(value):
        return Shown("number", display("price", value))
    if isinstance(value, Mapping | list):
        from pim.schema.types import dumps

        return Shown("text", dumps(value))
    return Shown("text", str(value))


def _texts(type_name: str, value: Any, locale: str) -> list[str]:
    if type_name == "array":
        return [str(item) for item in value]
    return [_money(item, locale) for item in value]


def _money(item: Any, locale: str) -> str:
    text = display("price", item, locale)
    market = item.get("locale") if isinstance(item, Mapping) else None
    return f"{text} · {market}" if market else text


def _link(url: str, *, short: bool) -> Shown:
    """A link only to the web: a stored `javascript:` address stays text."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return Shown("text", url)
    if parts.scheme.lower() not in ("http", "https"):
        return Shown("text", shortened(url) if short else url)
    text = url
    if short:
        name = parts.path.rstrip("/").rpartition("/")[2]
        host = parts.netloc.removeprefix("www.")
        text = shortened(f"{host}/…/{name}" if name else host, 48)
    return Shown("link", text, href=url, title=url if short else "")
