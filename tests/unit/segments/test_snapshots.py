"""The SQL of one rule for every property and operator, to be read when it changes.

`PIM_SNAPSHOTS=write pytest tests/unit/segments/test_snapshots.py` writes the file anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pim.segments.dsl import Operator, Property, operators_of, properties_of
from tests.unit.segments.rules import VOCABULARY, attribute, where_of

FILE = Path(__file__).parent / "rules.sql"
_ONE: dict[str, Any] = {
    "number": 3,
    "price": 19.5,
    "multi_price": 19.5,
    "date": "2026-03-31",
    "array": "new",
}
SIGNAL = {"type": "user_behavior_signal", "signal": "purchased_by_segment", "segment_id": "vip"}
OTHERS: tuple[dict[str, Any], ...] = (
    attribute("brand", "contains", "größe"),
    attribute("brand", "contains", "123"),
    attribute("brand", "matches_any_word", "größe"),
    attribute("brand", "matches_any_word", "oak ash elm fir yew"),
    attribute("brand", "matches_any_word", "oak-wood"),
    attribute("tags", "contains_any", ["oak", "ash", "elm", "fir"]),
    attribute("tags", "contains_all", ["oak", "ash", "elm"]),
    attribute("price", "is_set", currency="USD"),
    attribute("prices", "is_set", currency="USD"),
    attribute("created_at", "gte", "2026-03-31T10:00:00+02:00"),
    SIGNAL,
    {**SIGNAL, "signal": "viewed_by_segment", "within": {"amount": 30, "unit": "days"}},
    {"type": "ai_visibility_metric"},
    {"type": "in_segment", "segment_id": 1, "operator": "in"},
    {"type": "in_segment", "segment_id": 2, "operator": "not_in"},
)


def every_condition() -> Iterator[dict[str, Any]]:
    for key, prop in properties_of(VOCABULARY.fields).items():
        for operator in operators_of(prop):
            yield attribute(key, operator.name, **_compared_with(prop, operator))
    yield from OTHERS


def _compared_with(prop: Property, operator: Operator) -> dict[str, Any]:
    one = _ONE.get(prop.kind, "Lumo")
    match operator.arity:
        case "none":
            return {}
        case "one":
            return {"value": one}
        case "two":
            return {"value": one, "value2": "2026-04-01" if prop.kind == "date" else one + 1}
        case "many":
            return {"value": [one, one + 1] if isinstance(one, (int, float)) else [one, "Hale"]}
    return {"value": 2, "unit": "months"}


def written() -> str:
    pieces = []
    for condition in every_condition():
        where = where_of(condition, generations={1: 12})
        said = ", ".join(f"{k}={v}" for k, v in condition.items() if k != "type" or len(v) < 14)
        values = "".join(f"--   {k} = {v!r}\n" for k, v in where.parameters.values.items())
        sql = where.sql.removeprefix("tenant_id = {tenant:UInt64} AND ")
        pieces.append(f"-- {said}\n{values}{sql}\n")
    return "\n".join(pieces)


def test_the_sql_of_every_operator_of_every_type_is_as_it_was() -> None:
    if os.environ.get("PIM_SNAPSHOTS") == "write":
        FILE.write_text(written())
    assert FILE.read_text() == written()
