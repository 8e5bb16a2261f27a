"""What the front must know about a statement before the engine sees it. Pure.

A server parses a statement once, with its data behind it. The engine's embedded interface wants
the statement and the data apart, would run several statements in one go and would write to the
local disk, so the front has to find where a statement ends and what kind it is. It reads tokens,
never rewrites text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pim.devservices.clickhouse.errors import (
    NOT_IMPLEMENTED,
    SYNTAX_ERROR,
    UNKNOWN_TYPE_OF_QUERY,
    EngineError,
)

_TOKEN = re.compile(
    rb"""
    (?P<space>\s+|--[^\n]*|\#[!\ ][^\n]*|/\*.*?\*/)
  | (?P<quoted>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`\\]|\\.|``)*`)
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<number>[0-9][0-9A-Za-z_.]*)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_BEFORE_DATA = re.compile(rb"[ \t\f]*\r?\n?")

_NAME_FOLLOWS = frozenset(["INSERT", "INTO", "TABLE", "."])
_SELECTS = frozenset(["SELECT", "WITH", "FROM", "("])
_RETURNS_ROWS = _SELECTS | {"SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS", "CHECK", "KILL"}


@dataclass(frozen=True, slots=True)
class Insert:
    """An INSERT whose rows follow it: `text` goes to the engine, the rows start at `data`.

    settings: its SETTINGS clause, which `text` ends before. selects_from: what follows `input(` in
    an `INSERT … SELECT … FROM input('structure')`; `text` ends before that word.
    """

    text: str
    format: str
    data: int
    settings: str = ""
    selects_from: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """Any other statement: its first word, and its FORMAT if it names one."""

    text: str
    keyword: str
    format: str | None

    @property
    def returns_rows(self) -> bool:
        """Whether it answers with a result, be it an empty one."""
        return self.keyword in _RETURNS_ROWS

    @property
    def selects(self) -> bool:
        """Whether the engine can hand out its result piece by piece."""
        return self.keyword in _SELECTS

    @property
    def changes_session(self) -> bool:
        """Whether later statements of the same session depend on it."""
        return self.keyword in ("SET", "USE")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int
    depth: int


def find_insert(body: bytes, *, complete: bool) -> Insert | None:
    """The INSERT that `body` starts with, if its rows follow in the body.

    `INSERT … SELECT` is an ordinary query and gives None unless it selects from `input(…)`, as does
    a statement whose FORMAT or VALUES is not in `body` (yet: it is called again with `complete`
    when all has been read).
    """
    tokens = _tokens(body)
    if (first := next(tokens, None)) is None or first.text.upper() != "INSERT":
        return None
    previous = "INSERT"
    settings_start: int | None = None
    for token in tokens:
        is_name = previous in _NAME_FOLLOWS  # a table may be called `format` or `values`
        previous = token.text.upper()
        if is_name or token.depth:
            continue
        if previous in ("SELECT", "WITH"):
            return _insert_from_input(body, tokens, complete)
        if previous == "FROM":
            return None
        if previous == "SETTINGS":
            settings_start = token.start
        if previous == "VALUES":
            return _insert(body, settings_start, token, "Values", token.end)
        if previous == "FORMAT":
            return _insert_with_format(body, settings_start, token, next(tokens, None), complete)
    return None


def _insert_from_input(body: bytes, tokens: Iterator[_Token], complete: bool) -> Insert | None:
    """The rest of an `INSERT … SELECT`, if its rows come from the body."""
    previous: _Token | None = None
    text_ends = source_begins = 0
    for token in tokens:
        word = token.text.upper()
        if previous and previous.text.upper() == "INPUT" and word == "(" and not text_ends:
            text_ends, source_begins = previous.start, token.end
        if word == "FORMAT" and token.depth == 0 and text_ends:
            found = _insert_with_format(body, None, token, next(tokens, None), complete)
            selects_from = _text(body[source_begins : token.start])
            text = _text(body[:text_ends])
            return found and replace(found, text=text, selects_from=selects_from)
        previous = token
    return None


def _insert(
    body: bytes, settings_start: int | None, keyword: _Token, name: str, data: int
) -> Insert:
    end = keyword.start if settings_start is None else settings_start
    return Insert(_text(body[:end]), name, data, _text(body[end : keyword.start]))


def _insert_with_format(
    body: bytes,
    settings_start: int | None,
    keyword: _Token,
    name: _Token | None,
    complete: bool,
) -> Insert | None:
    if name is None or (name.end == len(body) and not complete):
        return None  # the name may go on in what has not been read yet
    data = _BEFORE_DATA.match(body, name.end)
    assert data is not None
    return _insert(body, settings_start, keyword, name.text, data.end())


def parse_query(body: bytes) -> Query:
    """Check a whole statement that carries no rows.

    Raises EngineError for what a server refuses and the embedded engine would do: several
    statements in one request, and reading or writing files of the machine by INFILE or OUTFILE.
    """
    first, fmt, previous = "", None, ""
    ended = False
    for token in _tokens(body):
        keyword = token.text.upper()
        if ended and keyword != ";":
            raise EngineError(SYNTAX_ERROR, "Syntax error: Multi-statements are not allowed")
        if (previous, keyword) in (("INTO", "OUTFILE"), ("FROM", "INFILE")):
            raise EngineError(UNKNOWN_TYPE_OF_QUERY, f"{keyword} is not supported over HTTP")
        if (first, keyword) == ("CREATE", "TEMPORARY"):
            raise EngineError(NOT_IMPLEMENTED, "The embedded ClickHouse has no temporary tables")
        first = first or keyword
        ended = ended or keyword == ";"
        fmt = token.text if previous == "FORMAT" and token.depth == 0 and not ended else fmt
        previous = keyword
    if not first:
        raise EngineError(SYNTAX_ERROR, "Syntax error: Empty query")
    return Query(_text(body), first, fmt)


def _tokens(body: bytes) -> Iterator[_Token]:
    """Tokens with the depth of brackets they stand in; blanks and comments are left out."""
    depth = 0
    for match in _TOKEN.finditer(body):
        if match.lastgroup == "space":
            continue
        text = match.group().decode("utf-8", "replace")
        if text in (")", "]", "}"):
            depth -= 1
        yield _Token(text, match.start(), match.end(), depth)
        if text in ("(", "[", "{"):
            depth += 1


def _text(statement: bytes) -> str:
    try:
        return statement.decode("utf-8")
    except UnicodeDecodeError as error:
        raise EngineError(
            SYNTAX_ERROR, f"Syntax error: byte {error.start} of the query is not UTF-8"
        ) from None
