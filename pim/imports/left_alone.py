"""What an undo left alone, in words: which value, what it was to become, who changed it since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pim.identity.queries import actor_name, actor_names
from pim.jsontext import dumps
from pim.products.undo_report import LeftAlone

REASONS = {
    "value_changed": "changed since",
    "product_changed": "the product was changed since",
    "product_deleted": "the product was deleted since",
    "sku_taken": "another product has its SKU",
    "type_changed": "the field has another type by now",
}
_WAY = {"import": "by an import", "api": "over the API", "undo": "by an undo"}


@dataclass(frozen=True, slots=True)
class ShownLeft:
    """One line of the list. who: "" when nobody did it. gone: the product isn't there any more."""

    product_id: int
    sku: str
    name: str
    what: str
    reason: str
    wanted: str
    now: str
    who: str
    at: datetime | None
    import_id: int | None
    gone: bool


def shown_left(found: Sequence[LeftAlone]) -> list[ShownLeft]:
    """Each as the page shows it."""
    names = actor_names(
        [each.actor_user_id for each in found], [each.actor_api_key_id for each in found]
    )
    return [
        ShownLeft(
            product_id=each.product_id,
            sku=each.sku,
            name=each.name,
            what=each.field or "the product",
            reason=REASONS.get(each.reason, each.reason),
            wanted=_written(each.wanted) if each.field else "",
            now=_written(each.now) if each.field else "",
            who=_who(each, names),
            at=each.at,
            import_id=each.import_id,
            gone=each.reason == "product_deleted",
        )
        for each in found
    ]


def _who(each: LeftAlone, names: Any) -> str:
    if each.change_set_id is None:
        return ""
    who = actor_name(each.actor_user_id, each.actor_api_key_id, names)
    way = _WAY.get(each.source or "", "")
    return f"{who}, {way}" if way else who


def _written(value: Any) -> str:
    """A value in a line: text as it is, the rest as JSON; an unset one is empty."""
    if value is None:
        return ""
    return value if isinstance(value, str) else dumps(value)
