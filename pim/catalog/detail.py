"""The product's page, put together: its fields as rows, what else it holds, what happened to it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from pim.catalog.columns import image_of
from pim.catalog.inputs import FieldInput, input_of
from pim.catalog.pictures import picture_fields
from pim.catalog.values import BLANK, Shown, unknown, whole
from pim.core.db import db
from pim.core.errors import Unavailable
from pim.core.tenancy import current_tenant_id
from pim.identity.models import ApiKey, User
from pim.imports.models import ImportJob
from pim.products.history import HistoryEntry, ValueChange, product_history
from pim.products.models import ChangeSet, Product
from pim.schema.fields import Field, Vocabulary
from pim.schema.types import FIELD_TYPES, notation_of_locale
from pim.segments.dsl.properties import label_of
from pim.segments.queries import segments_with

FEW_EMPTY = 6
LONG_NAMES = ("desc", "text", "html", "body", "content", "beschreib", "note", "comment")
FIXED_FIELDS = {
    "sku": Field(name="sku", type="string", required=True, description=""),
    "name": Field(name="name", type="string", required=False, description=""),
}
FIXED_LABELS = {"sku": "SKU", "name": "Name", "active": "Active"}


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else changed the value meanwhile: theirs, and who and when."""

    theirs: Shown
    who: str
    at: datetime | None
    source: str


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of the product: shown, or with its form (`given` is set).

    version: of the product as the person saw it who fills in the form, if it isn't the present one.
    """

    key: str
    name: str
    label: str
    type: str
    type_label: str
    description: str
    required: bool
    shown: Shown
    given: FieldInput | None = None
    error: str = ""
    clash: Clash | None = None
    version: int | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether it is a column of every product."""
        return self.name in FIXED_FIELDS and self.key.startswith("fixed-")


def key_of(name: str, *, fixed: bool = False) -> str:
    """A stable part of ids for a field whose name may contain anything."""
    return f"fixed-{name}" if fixed else f"{zlib.crc32(name.encode('utf-8', 'surrogatepass')):08x}"


def field_row(product: Product, field: Field, vocabulary: Vocabulary) -> FieldRow:
    """A field of the schema as a row."""
    value = product.data.get(field.name)
    return FieldRow(
        key=key_of(field.name),
        name=field.name,
        label=label_of(field.name),
        type=field.type,
        type_label=FIELD_TYPES[field.type].label,
        description=field.description,
        required=field.required,
        shown=whole(field.type, value, vocabulary.default_locale),
    )


def fixed_row(product: Product, name: str) -> FieldRow:
    """SKU or name as a row."""
    value = getattr(product, name)
    return FieldRow(
        key=key_of(name, fixed=True),
        name=name,
        label=FIXED_LABELS[name],
        type="string",
        type_label="Text",
        description="",
        required=name == "sku",
        shown=whole("string", value, "en_US"),
    )


def editing(row: FieldRow, product: Product, vocabulary: Vocabulary) -> FieldRow:
    """The row with its form open, holding the present value."""
    value = getattr(product, row.name) if row.is_fixed else product.data.get(row.name)
    long = row.type == "string" and any(part in row.name.lower() for part in LONG_NAMES)
    given = input_of(
        row.type,
        value,
        notation_of_locale(vocabulary.default_locale),
        vocabulary.default_currency,
        long=long and not row.is_fixed,
    )
    return replace(row, given=given)


def rows_of(product: Product, vocabulary: Vocabulary) -> list[FieldRow]:
    """SKU, name and every field of the schema."""
    fixed = [fixed_row(product, name) for name in FIXED_FIELDS]
    return fixed + [field_row(product, field, vocabulary) for field in vocabulary.fields]


def find_row(product: Product, vocabulary: Vocabulary, key: str) -> FieldRow | None:
    """The row with this key."""
    return next((row for row in rows_of(product, vocabulary) if row.key == key), None)


def extra_rows(product: Product, vocabulary: Vocabulary) -> list[tuple[str, Shown]]:
    """Values of fields the schema doesn't know."""
    known = {field.name for field in vocabulary.fields}
    return [(name, unknown(value)) for name, value in product.data.items() if name not in known]


def raw_rows(raw: Mapping[str, Any] | None, headers: Sequence[str]) -> list[tuple[str, str]]:
    """The row as it stood in the file: column and text, in the order of the file's headers.

    PostgreSQL doesn't keep the order of an object's keys; without the headers it is by name.
    """
    raw = raw or {}
    place = {header: at for at, header in enumerate(headers)}
    names = sorted(raw, key=lambda name: (place.get(name, len(place)), name.casefold()))
    return [(name, "" if raw[name] is None else str(raw[name])) for name in names]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One value of a history entry, both sides ready to show."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry of the history: who did what, when, through what.

    undo: the change set to undo, for what a person changed on a page.
    """

    at: datetime
    who: str
    did: str
    source: str
    reason: str
    import_id: int | None
    import_name: str
    changes: tuple[ChangeLine, ...]
    undo: int | None = None


SOURCES = {
    "form": "in the form",
    "inline": "on the product's page",
    "grid": "in the catalog",
    "api": "through the API",
    "import": "by import",
    "undo": "by undo",
    "schema": "by a change of the schema",
}


DEEDS = {"create": "Created", "delete": "Deleted", "restore": "Brought back"}


def history_of(product: Product, vocabulary: Vocabulary, *, limit: int = 50) -> list[HistoryLine]:
    """The newest entries first."""
    entries = product_history(product, limit=limit)
    people = _names(entries)
    imports = _import_names(entry.import_id for entry in entries)
    return [_line(entry, people, imports, vocabulary) for entry in entries]


def _line(
    entry: HistoryEntry,
    people: Mapping[tuple[str, int], str],
    imports: Mapping[int, str],
    vocabulary: Vocabulary,
) -> HistoryLine:
    return HistoryLine(
        at=entry.at,
        who=who_did(entry.actor_user_id, entry.actor_api_key_id, people),
        did=DEEDS.get(entry.operation, "Changed"),
        source=SOURCES.get(entry.source, entry.source),
        reason=entry.reason,
        import_id=entry.import_id,
        import_name=imports.get(entry.import_id or 0, ""),
        changes=tuple(_change(change, vocabulary) for change in entry.changes),
        undo=entry.change_set_id if _is_undone_here(entry) else None,
    )


def _is_undone_here(entry: HistoryEntry) -> bool:
    return entry.operation == "update" and entry.source in ("inline", "grid", "form")


def _change(change: ValueChange, vocabulary: Vocabulary) -> ChangeLine:
    label = FIXED_LABELS.get(change.field) or label_of(change.field)
    field = vocabulary.get(change.field) if change.field not in FIXED_LABELS else None
    return ChangeLine(
        label, _said(change.before, field, vocabulary), _said(change.after, field, vocabulary)
    )


def _said(value: Any, field: Field | None, vocabulary: Vocabulary) -> str:
    """A value of the history on one line, shortened."""
    from pim.catalog.values import cell, shortened

    if field is None:
        shown = unknown(value)
    else:
        shown = whole(field.type, value, vocabulary.default_locale)
        if shown.form == "text":
            shown = cell(field.type, value, vocabulary.default_locale)
    if shown == BLANK:
        return ""
    return shortened(shown.text or ", ".join(shown.items), 160)


def who_did(
    user_id: int | None, api_key_id: int | None, people: Mapping[tuple[str, int], str]
) -> str:
    """A person's name, an API key's, or PIM itself."""
    if user_id is not None:
        return people.get(("user", user_id), "Someone who left")
    if api_key_id is not None:
        return people.get(("api_key", api_key_id), "An API key")
    return "PIM"


def _names(entries: Iterable[HistoryEntry]) -> dict[tuple[str, int], str]:
    """The names of those who acted, looked up at once."""
    entries = list(entries)
    users = {entry.actor_user_id for entry in entries if entry.actor_user_id is not None}
    keys = {entry.actor_api_key_id for entry in entries if entry.actor_api_key_id is not None}
    found: dict[tuple[str, int], str] = {}
    if users:
        statement = select(User.id, User.name, User.email).where(User.id.in_(users))
        found |= {("user", row.id): row.name or row.email for row in db.session.execute(statement)}
    if keys:
        tenant = current_tenant_id()
        named = select(ApiKey.id, ApiKey.name).where(
            ApiKey.tenant_id == tenant, ApiKey.id.in_(keys)
        )
        found |= {("api_key", row.id): row.name for row in db.session.execute(named)}
    return found


def _import_names(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {import_id for import_id in ids if import_id is not None}
    if not wanted:
        return {}
    statement = select(ImportJob.id, ImportJob.filename).where(
        ImportJob.tenant_id == current_tenant_id(), ImportJob.id.in_(wanted)
    )
    return {row.id: row.filename for row in db.session.execute(statement)}


def import_name(import_id: int) -> str:
    """What an import's file is called; its number where it is gone."""
    return _import_names([import_id]).get(import_id, f"no. {import_id}")


def clash_of(product: Product, row: FieldRow, vocabulary: Vocabulary) -> Clash:
    """What somebody else made of this field, from the newest entry that changed it."""
    entries = product_history(product, limit=20)
    for entry in entries:
        if any(change.field == row.name for change in entry.changes):
            who = who_did(entry.actor_user_id, entry.actor_api_key_id, _names([entry]))
            return Clash(row.shown, who, entry.at, SOURCES.get(entry.source, entry.source))
    return Clash(row.shown, "", None, "")


@dataclass(frozen=True, slots=True)
class ProductPage:
    """All that the product's page shows."""

    product: Product
    rows: Sequence[FieldRow]
    empty_rows: Sequence[FieldRow]
    extras: Sequence[tuple[str, Shown]]
    raw: Sequence[tuple[str, str]]
    history: Sequence[HistoryLine]
    image: str
    source: str
    first_import: tuple[int, str] | None
    segments: Sequence[tuple[int, str]] = ()

    def with_row(self, row: FieldRow) -> ProductPage:
        """The page with one of its rows as it is given here."""
        return replace(
            self,
            rows=[row if each.key == row.key else each for each in self.rows],
            empty_rows=[row if each.key == row.key else each for each in self.empty_rows],
        )


def product_page(product: Product, vocabulary: Vocabulary, edit: str = "") -> ProductPage:
    """The page. edit: the key of the field whose form is open."""
    rows = [
        editing(row, product, vocabulary) if row.key == edit else row
        for row in rows_of(product, vocabulary)
    ]
    history = history_of(product, vocabulary)
    filled, empty = _folded(rows)
    return ProductPage(
        product=product,
        rows=filled,
        empty_rows=empty,
        extras=extra_rows(product, vocabulary),
        raw=raw_rows(product.raw_data, _headers(history)),
        history=history,
        image=image_of(product.data, picture_fields(vocabulary)),
        source=SOURCES.get(product.source, product.source),
        first_import=_first_import(product),
        segments=_segments(product),
    )


def _segments(product: Product) -> list[tuple[int, str]]:
    """The segments it is in; none are said while ClickHouse is away."""
    try:
        return [(each.id, each.name) for each in segments_with(product.id)]
    except Unavailable:
        return []


def _folded(rows: Sequence[FieldRow]) -> tuple[list[FieldRow], list[FieldRow]]:
    """The rows to see at once, and the empty ones that are folded away where there are many."""
    empty = [row for row in rows if row.shown == BLANK and not row.required and not row.is_fixed]
    if len(empty) <= FEW_EMPTY:
        return list(rows), []
    return [row for row in rows if row not in empty], empty


def _headers(history: Sequence[HistoryLine]) -> list[str]:
    """The headers of the file the product last came with."""
    latest = next((entry.import_id for entry in history if entry.import_id is not None), None)
    found = db.session.get(ImportJob, (current_tenant_id(), latest)) if latest else None
    return found.headers if found else []


def _first_import(product: Product) -> tuple[int, str] | None:
    """The import the product came with, if it came with one."""
    created = db.session.get(ChangeSet, (current_tenant_id(), product.created_change_set_id))
    if created is None or created.import_id is None:
        return None
    return created.import_id, import_name(created.import_id)
