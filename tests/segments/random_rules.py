"""Random rules over random products, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

NOW = datetime(2026, 3, 31, 12, 30, tzinfo=UTC)
TYPES: Mapping[str, str] = {
    "brand": "string",
    "description": "string",
    "page": "url",
    "stock": "number",
    "weight (kg)": "number",
    "organic": "boolean",
    "tags": "array",
    "price": "price",
    "prices": "multi_price",
    "source": "string",
    "O'Neil: \\ %": "string",
}
TEXTS = (
    *("Lumo", "lumo", "LUMO", "Lumo & Söhne", "Straße", "STRASSE", "ΟΔΟΣ οδος", "İstanbul", "ı"),
    *("K\u212a", "ﬁsh", "ſ", "ärm", "Ärm", "a\u0308rm", "жук", "شركة", "山田 電気", "👩‍🔧 tool"),
    *(
        "100% _x",
        "a\\b'\"",
        "O'Neil",
        "x; DROP",
        "{tenant:UInt64}",
        "tab\there",
        "two\nlines",
        "a.b",
    ),
    *(
        "0",
        "1",
        "true",
        "null",
        "[]",
        "oak",
        "Oak table",
        "soaked",
        "oak-wood",
        "oak_wood",
        "ÉTÉ été",
    ),
)
WORDS = (*("oak", "OAK", "strasse", "οδος", "tool", "e", "été", "lumo", "a.b", "100%", "電気"),)
# So many that they are looked for in another way.
MANY_WORDS = ("oak", "tool", "e", "lumo", "100")
NUMBERS = (0, 1, -1, 2, 10, 100, Decimal("0.1"), Decimal("2.5"), Decimal("-3.75"), 10**15)
CURRENCIES = ("EUR", "USD", "CHF")
# What a field of another type would hold, and what no field would.
STRANGE: tuple[Any, ...] = (
    *("text", "", 7, Decimal("7.5"), True, False, None, [], ["a", 1], [["a"]], {}, {"a": 1}),
    *({"amount": "5", "currency": "EUR"}, {"amount": 5}, [{"amount": 5, "currency": 3}]),
    {"amount": 5, "currency": "EUR", "more": 1},
    10**25,
)
SEGMENTS = (1, 2, 3)
USERS = ("ann", "bob", "cy", "Dé")
_MOMENTS = tuple(NOW - timedelta(minutes=m) for m in (0, 1, 30, 60, 1440, 10080, 44640, 525600))


def a_product(pick: random.Random) -> dict[str, Any]:
    """Values of the fields: of the right type, of another, or none."""
    data: dict[str, Any] = {}
    for name, kind in TYPES.items():
        luck = pick.random()
        if luck < 0.12:
            data[name] = pick.choice(STRANGE)
        elif luck < 0.8:
            data[name] = _VALUES[kind](pick)
    return data


def a_moment(pick: random.Random) -> datetime:
    """Often exactly where a range ends, or just beside it."""
    moved = timedelta(microseconds=pick.choice((0, 0, 1, -1)))
    at = pick.choice(_MOMENTS)
    day = at.replace(hour=0, minute=0) if pick.random() < 0.4 else at
    return day + moved


def a_definition(pick: random.Random, depth: int = 1) -> dict[str, Any]:
    """A group of one to four conditions, some of them groups again."""
    conditions = [
        a_definition(pick, depth + 1) if depth < 8 and pick.random() < 0.25 else a_condition(pick)
        for _ in range(pick.choice((1, 1, 2, 2, 3, 4)))
    ]
    return {"logic": pick.choice(("and", "or")), "conditions": conditions}


def a_condition(pick: random.Random) -> dict[str, Any]:
    """One condition of any type."""
    luck = pick.random()
    if luck < 0.03:
        return {"type": "ai_visibility_metric", "metric": "share"}
    if luck < 0.1:
        segment = pick.choice((*SEGMENTS,))
        return {"type": "in_segment", "segment_id": segment, "operator": pick.choice(_IN)}
    if luck < 0.2:
        return _a_signal(pick)
    name, kind = pick.choice(list(_PROPERTIES.items()))
    operator = pick.choice(_OPERATORS[kind])
    if name in _ALWAYS and operator in ("is_set", "is_not_set"):
        operator = "is_true" if kind == "boolean" else "eq"
    found = {"type": "product_attribute", "property": name, "operator": operator}
    return found | _compared_with(operator, kind, pick)


def _a_signal(pick: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "user_behavior_signal",
        "signal": pick.choice(("purchased_by_segment", "viewed_by_segment")),
        "segment_id": pick.choice(("vip", "O'Neil", "nobody")),
    }
    if pick.random() < 0.3:
        found["event_type"] = "wished"
    if pick.random() < 0.3:
        found["product_id_property"] = pick.choice(("sku's", "items"))
    if pick.random() < 0.5:
        found["within"] = {"amount": pick.randint(1, 40), "unit": pick.choice(_UNITS)}
    return found


def _compared_with(operator: str, kind: str, pick: random.Random) -> dict[str, Any]:
    if operator in ("is_set", "is_not_set", "is_true", "is_false"):
        priced = kind in ("price", "multi_price") and pick.random() < 0.5
        return {"currency": pick.choice(CURRENCIES)} if priced else {}
    if operator in ("in_last", "not_in_last"):
        return {"value": pick.randint(1, 60), "unit": pick.choice(_UNITS)}
    if operator in ("between", "not_between"):
        low, high = sorted((_one(kind, pick), _one(kind, pick)), key=_order)
        return {"value": low, "value2": high} | _currency(kind, pick)
    if operator == "matches_any_word":
        words = pick.sample(WORDS, pick.randint(1, 3))
        if pick.random() < 0.3:
            words = [*MANY_WORDS, *words[:1]]
        return {"value": " ".join(words) if pick.random() < 0.5 else words}
    if operator in ("in", "not_in", "contains_any", "contains_all", "contains_none"):
        return {"value": [_one(kind, pick) for _ in range(pick.randint(1, 6))]} | _currency(
            kind, pick
        )
    value = _one(kind, pick)
    if kind in ("string", "url") and operator not in ("eq", "neq") and pick.random() < 0.7:
        value = _a_part(value, pick)
    if kind in ("price", "multi_price") and pick.random() < 0.3:
        return {"value": {"amount": value, "currency": pick.choice(CURRENCIES)}}
    return {"value": value} | _currency(kind, pick)


def _a_part(text: str, pick: random.Random) -> str:
    start = pick.randrange(len(text))
    part = text[start : start + pick.randint(1, 4)]
    return pick.choice((str.upper, str.lower, str))(part) if part.strip() else text


def _currency(kind: str, pick: random.Random) -> dict[str, Any]:
    if kind in ("price", "multi_price") and pick.random() < 0.5:
        return {"currency": pick.choice(CURRENCIES)}
    return {}


def _order(value: Any) -> Any:
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value


def _one(kind: str, pick: random.Random) -> Any:
    if kind == "date":
        at = a_moment(pick)
        return at.date().isoformat() if pick.random() < 0.5 else at.isoformat()
    if kind in ("number", "price", "multi_price"):
        return pick.choice(NUMBERS)
    if kind == "sku":
        return pick.choice(("r-", "R-", " r-")) + str(pick.randrange(30))
    return pick.choice(TEXTS)


def _price(pick: random.Random) -> dict[str, Any]:
    return {"amount": pick.choice(NUMBERS), "currency": pick.choice(CURRENCIES)}


def _prices(pick: random.Random) -> list[dict[str, Any]]:
    found = [_price(pick) for _ in range(pick.randint(1, 3))]
    return [each | ({"locale": "de_DE"} if pick.random() < 0.3 else {}) for each in found]


_VALUES: Mapping[str, Callable[[random.Random], Any]] = {
    "string": lambda pick: " ".join(pick.sample(TEXTS, pick.choice((1, 1, 2)))),
    "url": lambda pick: pick.choice(TEXTS),
    "number": lambda pick: pick.choice(NUMBERS),
    "boolean": lambda pick: pick.random() < 0.5,
    "array": lambda pick: pick.sample(TEXTS, pick.randint(1, 3)),
    "price": _price,
    "multi_price": _prices,
}
_FIXED = {
    "sku": "sku",
    "name": "string",
    "active": "boolean",
    "source": "string",
    "created_at": "date",
    "updated_at": "date",
    "ai_readability_score": "number",
}
_ALWAYS = frozenset({"sku", "active", "source"})
_PROPERTIES = {("data.source" if n == "source" else n): k for n, k in TYPES.items()} | _FIXED
_IN = ("in", "not_in")
_UNITS = ("minutes", "hours", "days", "weeks", "months")
_PRESENCE = ("is_set", "is_not_set")
_TEXT = (
    *("eq", "neq", "contains", "does_not_contain", "starts_with", "ends_with"),
    *("matches_any_word", *_IN, *_PRESENCE),
)
_NUMBER = ("eq", "neq", "gt", "gte", "lt", "lte", "between", "not_between", *_IN, *_PRESENCE)
_OPERATORS: Mapping[str, tuple[str, ...]] = {
    "string": _TEXT,
    "url": _TEXT,
    "sku": _TEXT,
    "number": _NUMBER,
    "price": _NUMBER,
    "multi_price": _NUMBER,
    "boolean": ("is_true", "is_false", *_PRESENCE),
    "array": (
        *("contains", "does_not_contain", "contains_any", "contains_all", "contains_none"),
        *_PRESENCE,
    ),
    "date": ("gte", "lt", "between", "not_between", "in_last", "not_in_last"),
}
