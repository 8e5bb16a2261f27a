"""What a definition means, in plain Python: written from the contract, not from the printer.

A product without a value satisfies only `is_not_set` and the negative operators. Values of another
type than the field's are no values. A test holds ClickHouse to this.
"""

from __future__ import annotations

import calendar
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

NEGATIONS = {
    "neq": "eq",
    "does_not_contain": "contains",
    "not_in": "in",
    "not_between": "between",
    "contains_none": "contains_any",
    "not_in_last": "in_last",
    "is_not_set": "is_set",
}
FIXED = {
    "sku": "string",
    "name": "string",
    "active": "boolean",
    "source": "string",
    "created_at": "date",
    "updated_at": "date",
    "ai_readability_score": "number",
}
Test = Callable[[Any], bool]


@dataclass(frozen=True)
class Seen:
    """A product as the rules see it."""

    id: int
    columns: Mapping[str, Any]
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Bought:
    """An event of somebody, about what they call a SKU."""

    user: str
    event_type: str
    at: datetime
    properties: Mapping[str, Any]


@dataclass
class World:
    """All that rules can speak of. types: of the schema's fields."""

    products: Sequence[Seen]
    types: Mapping[str, str]
    now: datetime
    currency: str = "EUR"
    members: Mapping[int, set[int]] = field(default_factory=dict)
    users: Mapping[str, set[str]] = field(default_factory=dict)
    events: Sequence[Bought] = ()

    @cached_property
    def everything(self) -> frozenset[int]:
        """All products."""
        return frozenset(product.id for product in self.products)

    @cached_property
    def _values(self) -> dict[str, list[tuple[int, Any]]]:
        return {}

    def values(self, name: str) -> list[tuple[int, Any]]:
        """Each product and its value of a property; None where it has none of the right type."""
        if name not in self._values:
            if name in FIXED:
                read = [(p.id, p.columns[name] or None) for p in self.products]
                if FIXED[name] in ("boolean", "number"):
                    read = [(p.id, p.columns[name]) for p in self.products]
            else:
                own = name.removeprefix("data.")
                sees = _SEES[self.types[own]]
                found = ((p.id, p.data.get(own)) for p in self.products)
                read = [(number, value if sees(value) else None) for number, value in found]
            self._values[name] = read
        return self._values[name]


def evaluate(node: Mapping[str, Any], world: World) -> set[int]:
    """The products that satisfy a definition or a condition of one."""
    if "conditions" in node:
        parts = [evaluate(each, world) for each in node["conditions"]]
        return set.union(*parts) if node["logic"] == "or" else set.intersection(*parts)
    return _CONDITIONS[node["type"]](node, world)


def _attribute(node: Mapping[str, Any], world: World) -> set[int]:
    if positive := NEGATIONS.get(node["operator"]):
        return set(world.everything - _attribute({**node, "operator": positive}, world))
    name = node["property"]
    kind = FIXED.get(name) or world.types[name.removeprefix("data.")]
    test = _TESTS[kind](node, world)
    if name == "sku":
        test = _sku(node, test)
    return {number for number, value in world.values(name) if value is not None and test(value)}


def _member(node: Mapping[str, Any], world: World) -> set[int]:
    members = world.members.get(node["segment_id"], set()) & world.everything
    return set(world.everything - members) if node["operator"] == "not_in" else set(members)


def _signal(node: Mapping[str, Any], world: World) -> set[int]:
    usual = "order_completed" if node["signal"] == "purchased_by_segment" else "product_viewed"
    wanted = node.get("event_type") or usual
    holds = node.get("product_id_property") or "product_id"
    within = node.get("within")
    since = _ago(world.now, within["amount"], within["unit"]) if within else None
    people = world.users.get(node["segment_id"], set())
    skus: set[str] = set()
    for event in world.events:
        if event.event_type == wanted and event.user in people and (not since or event.at >= since):
            found = event.properties.get(holds, "")
            skus |= {_key(str(each)) for each in (found if isinstance(found, list) else [found])}
    return {p.id for p in world.products if _key(p.columns["sku"]) in skus}


def _nothing(_: Mapping[str, Any], __: World) -> set[int]:
    return set()


_CONDITIONS: Mapping[str, Callable[[Mapping[str, Any], World], set[int]]] = {
    "product_attribute": _attribute,
    "user_behavior_signal": _signal,
    "in_segment": _member,
    "ai_visibility_metric": _nothing,
}


def _key(sku: str) -> str:
    return sku.strip().casefold()


# ── which values are seen as values of a type ────────────────────────────────────────────────────


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and value != [] and all(isinstance(x, str) for x in value)


def _is_price(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and {"amount", "currency"} <= set(value) <= {"amount", "currency", "locale"}
        and _is_number(value["amount"])
        and isinstance(value["currency"], str)
        and (value.get("locale") is None or isinstance(value["locale"], str))
    )


def _is_prices(value: Any) -> bool:
    return isinstance(value, list) and value != [] and all(map(_is_price, value))


_SEES: Mapping[str, Test] = {
    "string": _is_text,
    "url": _is_text,
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "array": _is_list,
    "price": _is_price,
    "multi_price": _is_prices,
}


# ── what the operators ask, of a value that is there ─────────────────────────────────────────────


def _text(node: Mapping[str, Any], _: World) -> Test:
    operator, wanted = node["operator"], node.get("value")
    if operator == "is_set":
        return lambda text: True
    if operator == "eq":
        return lambda text: text == wanted
    if operator == "in":
        return lambda text: text in wanted
    if operator == "matches_any_word":
        words = wanted.replace(",", " ").split() if isinstance(wanted, str) else wanted
        folded = [word.casefold() for word in words]
        return lambda text: any(_has_word(text.casefold(), word) for word in folded)
    part = wanted.casefold()
    return {
        "contains": lambda text: part in text.casefold(),
        "starts_with": lambda text: text.casefold().startswith(part),
        "ends_with": lambda text: text.casefold().endswith(part),
    }[operator]


def _has_word(text: str, word: str) -> bool:
    start = text.find(word)
    while start >= 0:
        before, after = text[start - 1 : start] if start else "", text[start + len(word) :][:1]
        if not _in_word(before) and not _in_word(after):
            return True
        start = text.find(word, start + 1)
    return False


def _in_word(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] in "LMN"


def _sku(node: Mapping[str, Any], otherwise: Test) -> Test:
    if node["operator"] == "eq":
        return lambda sku: _key(sku) == _key(node["value"])
    if node["operator"] == "in":
        keys = {_key(value) for value in node["value"]}
        return lambda sku: _key(sku) in keys
    return otherwise


def _number(node: Mapping[str, Any], _: World) -> Test:
    operator = node["operator"]
    if operator == "is_set":
        return lambda number: True
    if operator == "in":
        those = {float(value) for value in node["value"]}
        return lambda number: float(number) in those
    low = float(node["value"])
    if operator == "between":
        high = float(node["value2"])
        return lambda number: low <= float(number) <= high
    return {
        "eq": lambda number: float(number) == low,
        "gt": lambda number: float(number) > low,
        "gte": lambda number: float(number) >= low,
        "lt": lambda number: float(number) < low,
        "lte": lambda number: float(number) <= low,
    }[operator]


def _boolean(node: Mapping[str, Any], _: World) -> Test:
    wanted = {"is_true": [True], "is_false": [False], "is_set": [True, False]}[node["operator"]]
    return lambda value: value in wanted


def _array(node: Mapping[str, Any], _: World) -> Test:
    wanted = node.get("value")
    return {
        "is_set": lambda values: True,
        "contains": lambda values: wanted in values,
        "contains_any": lambda values: not set(wanted).isdisjoint(values),
        "contains_all": lambda values: set(wanted) <= set(values),
    }[node["operator"]]


def _price(node: Mapping[str, Any], world: World) -> Test:
    currency = node.get("currency")
    if node["operator"] == "is_set":
        return lambda price: currency is None or price["currency"] == currency
    amounts = {name: node[name] for name in ("value", "value2") if name in node}
    for name, value in amounts.items():
        if isinstance(value, dict):
            currency = currency or value["currency"]
            amounts[name] = value["amount"]
    only, test = currency or world.currency, _number({**node, **amounts}, world)
    return lambda price: price["currency"] == only and test(price["amount"])


def _prices(node: Mapping[str, Any], world: World) -> Test:
    test = _price(node, world)
    return lambda prices: any(test(price) for price in prices)


def _date(node: Mapping[str, Any], world: World) -> Test:
    operator, value = node["operator"], node["value"]
    if operator == "in_last":
        since = _ago(world.now, value, node["unit"])
        return lambda at: at >= since
    begin, end = _instants(value)
    if operator == "between":
        _, end = _instants(node["value2"])
        return lambda at: begin <= at < end
    return (lambda at: at >= begin) if operator == "gte" else (lambda at: at < begin)


def _instants(text: str) -> tuple[datetime, datetime]:
    """Where a day or moment begins, and where it is over."""
    if "T" not in text:
        day = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
        return day, day + timedelta(days=1)
    at = datetime.fromisoformat(text)
    return at, at + timedelta(microseconds=1)


def _ago(now: datetime, amount: int, unit: str) -> datetime:
    if unit != "months":
        return now - timedelta(**{unit: amount})
    year, month = divmod(now.year * 12 + now.month - 1 - amount, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return now.replace(year=year, month=month + 1, day=min(now.day, last))


_TESTS: Mapping[str, Callable[[Mapping[str, Any], World], Test]] = {
    "string": _text,
    "url": _text,
    "number": _number,
    "boolean": _boolean,
    "array": _array,
    "price": _price,
    "multi_price": _prices,
    "date": _date,
}
