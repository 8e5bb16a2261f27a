"""What goes into a change set and what comes out: plain values, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Mode = Literal["upsert", "create_only", "update_only"]
MatchBy = Literal["sku", "id"]
Status = Literal["created", "updated", "unchanged", "skipped", "stale", "missing", "superseded"]


@dataclass(frozen=True, slots=True)
class ChangeSetMeta:
    """Who changes products, through what, and why.

    source: `form`, `inline`, `api`, `import`, `schema`, `undo` … (short, shown to people).
    """

    source: str
    reason: str = ""
    actor_user_id: int | None = None
    actor_api_key_id: int | None = None
    import_id: int | None = None
    undoes_id: int | None = None
    failed_count: int = 0


@dataclass(slots=True)
class StagedProduct:
    """What one product is to become. None or absent keeps what is there.

    data: canonical values by field name, merged into the product's; `clear` names fields to
    unset; with `replace`, data takes the place of all there was. product_id: match by id
    instead of by SKU (all rows of a change set the same way); then `sku` may rename it.
    """

    sku: str | None = None
    name: str | None = None
    active: bool | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    clear: tuple[str, ...] = ()
    raw: Mapping[str, Any] | None = None
    replace: bool = False
    product_id: int | None = None
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one staged row.

    `superseded`: a later row of the same change set has the same SKU; that one counts.
    `skipped`: create_only met an existing product, or update_only a new one.
    `stale`: the product's version isn't the expected one. `missing`: no product has that id.
    """

    status: Status
    product_id: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class WriteResult:
    """Counts of a change set; outcomes in the order of the rows, when they were asked for."""

    change_set_id: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    stale: int = 0
    superseded: int = 0
    deleted: int = 0
    restored: int = 0
    outcomes: tuple[Outcome, ...] = ()
