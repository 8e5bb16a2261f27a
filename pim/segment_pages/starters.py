"""Rules to begin with, made of the tenant's own fields. Pure.

Each is offered only where the schema has what it needs; what a field is for is told from its name
and type, as the catalog tells which columns to show.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pim.catalog.columns import is_image_field
from pim.schema.fields import Field, Vocabulary
from pim.segments.dsl.properties import field_key

MOST = 5
_STOCK = re.compile(r"stock|quantity|qty|inventory|bestand|lager|avail", re.I)
_TEXT = re.compile(r"desc|beschreib|copy|story", re.I)
_PRICE = re.compile(r"price|preis|prix|precio", re.I)

Definition = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Starter:
    """A rule to begin with. slug: what it is called in an address."""

    slug: str
    name: str
    description: str
    definition: Definition


def starters(vocabulary: Vocabulary) -> list[Starter]:
    """What this tenant could begin with, the most useful first."""
    found = [make(vocabulary) for make in _MAKERS]
    return [starter for starter in found if starter is not None][:MOST]


def starter(slug: str, vocabulary: Vocabulary) -> Starter | None:
    """One of them, by the name it has in an address."""
    return next((each for each in starters(vocabulary) if each.slug == slug), None)


def compare(name: str, operator: str, **more: Any) -> Definition:
    """One comparison of a rule."""
    return {"type": "product_attribute", "property": name, "operator": operator, **more}


def rule(logic: str, *conditions: Definition) -> Definition:
    """A group of them."""
    return {"logic": logic, "conditions": list(conditions)}


def _first(fields: Sequence[Field], pattern: re.Pattern[str], *types: str) -> Field | None:
    """The field whose name says it; of several the shortest."""
    named = [each for each in fields if each.type in types and pattern.search(each.name)]
    return min(named, key=lambda each: len(each.name), default=None)


def _selling_out(vocabulary: Vocabulary) -> Starter | None:
    stock = _first(vocabulary.fields, _STOCK, "number")
    if stock is None:
        return None
    few = compare(field_key(stock.name), "between", value=1, value2=10)
    return Starter(
        "running-low",
        "Running low",
        "Active products of which ten or fewer are left.",
        rule("and", compare("active", "is_true"), few),
    )


def _not_ready(vocabulary: Vocabulary) -> Starter | None:
    price = _first(vocabulary.fields, _PRICE, "price", "multi_price")
    text = _first(vocabulary.fields, _TEXT, "string")
    picture = next((each for each in vocabulary.fields if is_image_field(each)), None)
    wanted = [each for each in (price, text, picture) if each is not None]
    if not wanted:
        return None
    missing = [compare(field_key(each.name), "is_not_set") for each in wanted]
    return Starter(
        "not-ready",
        "Not ready to sell",
        "Active products that lack something a shop needs.",
        rule("and", compare("active", "is_true"), rule("or", *missing)),
    )


def _affordable(vocabulary: Vocabulary) -> Starter | None:
    price = _first(vocabulary.fields, _PRICE, "price", "multi_price")
    if price is None:
        return None
    currency = vocabulary.default_currency
    below = compare(field_key(price.name), "lt", value=50, currency=currency)
    return Starter(
        "under-50",
        f"Under 50 {currency}",
        f"Active products that cost less than 50 {currency}.",
        rule("and", compare("active", "is_true"), below),
    )


def _new(_: Vocabulary) -> Starter:
    return Starter(
        "new-this-week",
        "New this week",
        "Products that came into the catalog in the last seven days.",
        rule("and", compare("created_at", "in_last", value=7, unit="days")),
    )


def _resting(_: Vocabulary) -> Starter:
    return Starter(
        "switched-off",
        "Switched off",
        "Products that are in the catalog but not active.",
        rule("and", compare("active", "is_false")),
    )


_MAKERS = (_not_ready, _selling_out, _affordable, _new, _resting)
