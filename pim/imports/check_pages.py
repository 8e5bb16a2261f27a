"""What the page of a check shows: counts, reasons with samples, cells before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast
from urllib.parse import urlencode

from pim.imports.check_queries import CellFilter, CellStatus, count_cells, list_cells
from pim.imports.checked import Checked
from pim.imports.findings import Findings, Group
from pim.imports.models import ImportCheckRow, ImportJob
from pim.imports.progress import issue_words
from pim.imports.suggestion import FIXED_LABELS, FIXED_TYPES
from pim.jsontext import dumps
from pim.schema.types import FIELD_TYPES, display
from pim.web.pagination import decode_cursor, encode_cursor

CELLS = "imports:check-page"
CELLS_A_PAGE = 100
GROUPS_SHOWN = 20
LONGEST_SHOWN = 300
STATUS_CHOICES = [("", "all products"), ("create", "new products"), ("update", "existing products")]


@dataclass(frozen=True, slots=True)
class Cell:
    """One value that would change, readable. before, after: empty for none."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Product:
    """The values of one product that would change, as far as they are on the page."""

    line: int
    is_new: bool
    sku: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Reason:
    """One kind of problem in one column, in words."""

    group: Group
    words: str


@dataclass(frozen=True, slots=True)
class Cells:
    """A page of the cells, and the form that chose them."""

    products: Sequence[Product]
    wanted: CellFilter
    fields: Sequence[tuple[str, str]]
    first_href: str
    next_href: str
    kept: int
    complete: bool


@dataclass(frozen=True, slots=True)
class CheckPage:
    """All of the page. parts: (count, what, tone), as the import's own page has them."""

    job: ImportJob
    checked: Checked
    parts: Sequence[tuple[int, str, str]]
    reasons: Sequence[Reason]
    more_reasons: int
    total: int | None

    @property
    def findings(self) -> Findings:
        """What was found so far."""
        return self.checked.findings


def check_page(job: ImportJob, checked: Checked) -> CheckPage:
    """The check of an import as people see it, running or done."""
    found = checked.findings
    groups = sorted(found.errors, key=lambda group: -group.count)
    return CheckPage(
        job=job,
        checked=checked,
        parts=parts_of(found, job.row_count if found.stopped else None),
        reasons=[Reason(group, issue_words(group.code)) for group in groups[:GROUPS_SHOWN]],
        more_reasons=max(0, len(groups) - GROUPS_SHOWN),
        total=job.row_count,
    )


def parts_of(found: Findings, total: int | None) -> list[tuple[int, str, str]]:
    """Every outcome there is. total: of all rows, where some would not be reached."""
    outcomes = (
        (found.created, "new", "ok"),
        (found.updated, "updated", "accent"),
        (found.unchanged, "unchanged", "quiet"),
        (found.superseded, "replaced by a later row", "warn"),
        (found.failed, "with errors", "bad"),
        (max(0, (total or 0) - found.processed), "not reached", "track"),
    )
    return [part for part in outcomes if part[0]]


def filter_of(args: Mapping[str, str]) -> CellFilter:
    """Which cells an address asks for; what it doesn't know is left out."""
    status = args.get("status", "")
    return CellFilter(
        sku=args.get("sku", "").replace("\0", "").strip(),
        field=args.get("field", "").replace("\0", ""),
        status=cast("CellStatus", status) if status in ("create", "update") else None,
    )


def cells_page(job: ImportJob, checked: Checked, args: Mapping[str, str]) -> Cells:
    """A page of the cells that would change; raises InvalidCursor."""
    wanted = filter_of(args)
    after = args.get("after", "")
    after_id = int(decode_cursor(CELLS, after)[0]) if after else 0
    found = list(list_cells(job.id, wanted, limit=CELLS_A_PAGE + 1, after_id=after_id))
    page = found[:CELLS_A_PAGE]
    more = encode_cursor(CELLS, [page[-1].id]) if len(found) > CELLS_A_PAGE else ""
    types = field_types(job)
    return Cells(
        products=[
            Product(line, status == "create", sku, [cell_of(row, types) for row in rows])
            for (line, status, sku), rows in groupby(
                page, key=lambda row: (row.line, row.status, row.sku)
            )
        ],
        wanted=wanted,
        fields=_field_choices(job, checked),
        first_href=_address(job, wanted) if after else "",
        next_href=_address(job, wanted, more) if more else "",
        kept=count_cells(job.id, wanted),
        complete=checked.all_cells,
    )


def field_types(job: ImportJob) -> dict[str, str]:
    """The type of each field as the import would have it."""
    fields = (job.check_result or {}).get("schema", {}).get("fields", ())
    return {each["name"]: each["type"] for each in fields} | dict(FIXED_TYPES)


def cell_of(row: ImportCheckRow, types: Mapping[str, str]) -> Cell:
    """One cell, readable."""
    type_name = types.get(row.field, "")
    return Cell(
        field=FIXED_LABELS.get(row.field, row.field),
        before=_readable(type_name, row.before),
        after=_readable(type_name, row.after),
    )


def _readable(type_name: str, value: Any) -> str:
    """A value in words. A field that went meanwhile has no type any more."""
    if value is None:
        return ""
    if type_name in FIELD_TYPES:
        text = display(type_name, value)
    else:
        text = value if isinstance(value, str) else dumps(value)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def _field_choices(job: ImportJob, checked: Checked) -> list[tuple[str, str]]:
    """The fields of the mapping, those that change most first, with how many products do."""
    targets = [rule["target"] for rule in job.mapping.get("rules", ())]
    changed = checked.findings.fields
    names = [name for name in dict.fromkeys([*targets, *changed]) if name != "sku"]
    names.sort(key=lambda name: -changed.get(name, 0))
    choices = [("", "all fields")]
    for name in names:
        label = FIXED_LABELS.get(name, name)
        times = changed.get(name, 0)
        choices.append((name, f"{label} ({times:,} changed)" if times else label))
    return choices


def _address(job: ImportJob, wanted: CellFilter, after: str = "") -> str:
    asked = {"sku": wanted.sku, "field": wanted.field, "status": wanted.status, "after": after}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/pim/import/{job.id}/check" + (f"?{query}" if query else "")
