"""Plain text from HTML: tags go, entities are decoded, scripts and styles are dropped.

A scanner of its own: what is wanted is text, not a tree, and each character is looked at once,
so that broken or hostile markup takes no longer than any other (parsers that build a tree, and
the one of the standard library, can be made to take minutes).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pim.imports.transforms.base import Ready, Setting, Transform, on_text

_BLOCK_TAGS = """
address article aside blockquote br caption dd div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section table tbody tfoot thead title tr ul
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_CELLS = frozenset({"td", "th"})
_UNSEEN = ("script", "style")
_END_OF = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _UNSEEN}
_NAME = re.compile(r"</?([a-zA-Z][^\s/>]*+)")
_TAG = re.compile(r"</?[a-zA-Z](?:[^>\"']|\"[^\"]*+\"|'[^']*+')*+>")
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_LOOKS_LIKE = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")


def looks_like_html(text: str) -> bool:
    """Whether a text holds a tag or an entity."""
    return _LOOKS_LIKE.search(text) is not None


def text_of_html(markup: str) -> str:
    """The text people would read; a line for each block. Text without tags keeps its lines."""
    if "<" not in markup:
        return html.unescape(markup) if "&" in markup else markup
    pieces = list(_pieces(markup))
    if all(isinstance(piece, str) for piece in pieces):
        return html.unescape("".join(map(str, pieces)))
    parts = [
        _SPACE.sub(" ", html.unescape(piece)) if isinstance(piece, str) else piece.decode()
        for piece in pieces
    ]
    lines = (_SPACE.sub(" ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(filter(None, lines))


def _pieces(markup: str) -> Iterator[str | bytes]:
    """Texts as str; what a tag stands for (a line break, a space, nothing) as bytes."""
    place, quotes_close = 0, True
    while True:
        start = markup.find("<", place)
        if start < 0:
            yield markup[place:]
            return
        yield markup[place:start]
        name = _NAME.match(markup, start)
        if name is None and not markup.startswith(("<!", "<?"), start):
            yield "<"
            place = start + 1
            continue
        end, quotes_close = _end_of_tag(markup, start, quotes_close, name is not None)
        if end < 0:  # nothing closes any more
            yield markup[start:] if name is not None else b""
            return
        word = name[1].lower() if name else ""
        if word in _UNSEEN and markup[start + 1] != "/":
            closing = _END_OF[word].search(markup, end)
            if closing is None:
                return
            end = closing.start()
        yield b"\n" if word in _BLOCKS else b" " if word in _CELLS else b""
        place = end


def _end_of_tag(markup: str, start: int, quotes_close: bool, named: bool) -> tuple[int, bool]:
    """Where a tag or comment ends, -1 if it doesn't, and whether quotes may still be trusted."""
    if not named:
        close = "-->" if markup.startswith("<!--", start) else ">"
        end = markup.find(close, start)
        return (end + len(close) if end >= 0 else -1), quotes_close
    if quotes_close:
        tag = _TAG.match(markup, start)
        if tag:
            return tag.end(), True
    end = markup.find(">", start)
    return (end + 1 if end >= 0 else -1), False


def _strip(_: Mapping[str, Any], __: Setting) -> Ready:
    return Ready(on_text(text_of_html))


STRIP_HTML = Transform(
    "strip_html",
    "Strip HTML",
    "Makes plain text of HTML: tags go, entities are decoded, scripts and styles are dropped.",
    _strip,
)
