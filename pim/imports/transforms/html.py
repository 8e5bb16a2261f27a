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
# Without any of these, and when each < has a > behind it, tags are as simple as this.
_ODD = re.compile(r"[\"']|<[!?]|<(?:script|style)", re.IGNORECASE)
_SIMPLE_TAG = re.compile(r"</?([a-zA-Z][^\s/>]*+)[^>]*+>")
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")


def text_of_html(markup: str) -> str:
    """The text people would read; a line for each block. Text without tags keeps its lines."""
    if "<" not in markup:
        return html.unescape(markup) if "&" in markup else markup
    plain = not _ODD.search(markup) and markup.rfind(">") > markup.rfind("<")
    pieces = _SIMPLE_TAG.split(markup) if plain else _taken_apart(markup)
    if len(pieces) == 1:
        return html.unescape(markup)
    pieces[::2] = [
        _SPACE.sub(" ", html.unescape(text) if "&" in text else text) for text in pieces[::2]
    ]
    pieces[1::2] = [_stands_for(name.lower()) for name in pieces[1::2]]
    lines = (_SPACE.sub(" ", line).strip() for line in "".join(pieces).split("\n"))
    return "\n".join(filter(None, lines))


def _stands_for(name: str) -> str:
    return "\n" if name in _BLOCKS else " " if name in _CELLS else ""


def _taken_apart(markup: str) -> list[str]:
    """Text and names of tags by turns, as the simple pattern would split it."""
    found: list[str] = []
    texts: list[str] = []
    for kind, piece in _pieces(markup):
        if kind == "tag":
            found += ["".join(texts), piece]
            texts = []
        else:
            texts.append(piece)
    return [*found, "".join(texts)]


def _pieces(markup: str) -> Iterator[tuple[str, str]]:
    """Each text, and the name of each tag; a comment is a tag without a name."""
    place, quotes_close = 0, True
    while True:
        start = markup.find("<", place)
        if start < 0:
            yield "text", markup[place:]
            return
        yield "text", markup[place:start]
        name = _NAME.match(markup, start)
        if name is None and not markup.startswith(("<!", "<?"), start):
            yield "text", "<"
            place = start + 1
            continue
        end, quotes_close = _end_of_tag(markup, start, quotes_close, name is not None)
        if end < 0:  # nothing closes any more
            yield ("text", markup[start:]) if name is not None else ("tag", "")
            return
        word = name[1].lower() if name else ""
        if word in _UNSEEN and markup[start + 1] != "/":
            closing = _END_OF[word].search(markup, end)
            if closing is None:
                yield "tag", word
                return
            end = closing.start()
        yield "tag", word
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
