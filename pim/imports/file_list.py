"""The list of files: filtered, sorted, read by keyset: page 1,000 costs what page 1 costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.identity.queries import actor_name, actor_names
from pim.imports.models import ImportJob
from pim.imports.progress import STATE_WORDS
from pim.imports.queries import imports_of_tenant
from pim.imports.readers.registry import READERS
from pim.web.pagination import decode_cursor, encode_cursor
from pim.web.words import search_words

A_PAGE = 50
ADDRESS = "/pim/imports"
RUNNING = ("pending", "checking", "importing")
STATES: Mapping[str, tuple[str, ...]] = {
    "running": RUNNING,
    **{state: (state,) for state in STATE_WORDS if state not in ("checking", "importing")},
}
STATE_LABELS = {"running": "running", **{state: words for state, (words, _) in STATE_WORDS.items()}}

# What the list can be sorted by; every column is never null.
SORTS: Mapping[str, ColumnElement[Any]] = {
    "when": ImportJob.id.expression,
    "name": func.lower(ImportJob.filename),
    "rows": func.coalesce(ImportJob.row_count, -1),
    "errors": ImportJob.failed_count.expression,
    "duration": ImportJob.worked_seconds.expression,
}
SEPARATOR = ":"


@dataclass(frozen=True, slots=True)
class FileFilter:
    """What the list shows, as its address says it. What can't be understood is left out.

    state: a key of STATES; who: `user:3` or `api_key:5`; since, until: days, both included; sort: a
    key of SORTS with a minus in front for the largest first.
    """

    q: str = ""
    state: str = ""
    who: str = ""
    format: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = "-when"

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return self != FileFilter(sort=self.sort)

    def address(self, after: str = "", **changes: Any) -> str:
        """The list with this filter, or with parts of it changed."""
        wanted = replace(self, **changes)
        said = {
            "q": wanted.q,
            "state": wanted.state,
            "who": wanted.who,
            "format": wanted.format,
            "since": wanted.since.isoformat() if wanted.since else "",
            "until": wanted.until.isoformat() if wanted.until else "",
            "sort": "" if wanted.sort == "-when" else wanted.sort,
            "after": after,
        }
        said = {name: value for name, value in said.items() if value}
        return ADDRESS + (f"?{urlencode(said)}" if said else "")

    def sort_by(self, name: str) -> tuple[str, str]:
        """(address, order) of a column's header: another press turns the order round."""
        if self.sort == f"-{name}":
            return self.address(sort=name), "descending"
        order = "ascending" if self.sort == name else ""
        return self.address(sort=f"-{name}"), order


def filter_of(sent: Mapping[str, str]) -> FileFilter:
    """What an address asks for."""
    sort = sent.get("sort", "")
    return FileFilter(
        q=search_words(sent.get("q", "")),
        state=sent.get("state", "") if sent.get("state") in STATES else "",
        who=sent.get("who", "") if _who(sent.get("who", "")) else "",
        format=sent.get("format", "") if sent.get("format") in READERS else "",
        since=_day(sent.get("since", "")),
        until=_day(sent.get("until", "")),
        sort=sort if sort.removeprefix("-") in SORTS else "-when",
    )


def page_of_files(wanted: FileFilter, after: str = "") -> tuple[Sequence[ImportJob], str]:
    """A page of the list, and where the next one begins; "" at the end. Raises InvalidCursor."""
    column, down = SORTS[wanted.sort.removeprefix("-")], wanted.sort.startswith("-")
    statement = _narrowed(imports_of_tenant(), wanted).add_columns(column)
    purpose = f"files:{wanted.sort}"
    if after:
        place = tuple_(*decode_cursor(purpose, after))
        key = tuple_(column, ImportJob.id)
        statement = statement.where(key < place if down else key > place)
    order = (column.desc(), ImportJob.id.desc()) if down else (column.asc(), ImportJob.id.asc())
    found = db.session.execute(statement.order_by(*order).limit(A_PAGE + 1)).all()
    page = found[:A_PAGE]
    more = encode_cursor(purpose, [page[-1][1], page[-1][0].id]) if len(found) > A_PAGE else ""
    return [row[0] for row in page], more


def who_uploaded() -> list[tuple[str, str]]:
    """(value, name) of all who have uploaded a file."""
    rows = db.session.execute(
        select(ImportJob.created_by_id, ImportJob.created_by_api_key_id)
        .where(ImportJob.tenant_id == current_tenant_id())
        .distinct()
    ).all()
    names = actor_names([row[0] for row in rows], [row[1] for row in rows])
    found = {
        (f"user{SEPARATOR}{user}" if user else f"api_key{SEPARATOR}{key}"): actor_name(
            user, key, names
        )
        for user, key in rows
        if user or key
    }
    return sorted(found.items(), key=lambda each: each[1].casefold())


def _narrowed(statement: Select[Any], wanted: FileFilter) -> Select[Any]:
    if wanted.q:
        statement = statement.where(ImportJob.filename.icontains(wanted.q, autoescape=True))
    if wanted.state:
        statement = statement.where(ImportJob.status.in_(STATES[wanted.state]))
    if wanted.format:
        statement = statement.where(ImportJob.format == wanted.format)
    if who := _who(wanted.who):
        column = ImportJob.created_by_id if who[0] == "user" else ImportJob.created_by_api_key_id
        statement = statement.where(column == who[1])
    if wanted.since:
        statement = statement.where(ImportJob.created_at >= _midnight(wanted.since))
    if wanted.until:
        statement = statement.where(
            ImportJob.created_at < _midnight(wanted.until) + timedelta(days=1)
        )
    return statement


def _who(text: str) -> tuple[str, int] | None:
    kind, _, number = text.partition(SEPARATOR)
    known = kind in ("user", "api_key") and number.isascii() and number.isdigit()
    return (kind, int(number)) if known and len(number) < 19 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
