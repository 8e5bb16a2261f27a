"""Several prices: one per currency, or one per currency and locale.

`[{"amount": 19.99, "currency": "EUR", "locale": "de_DE"}]`; locale is left out where there is
none. In text, prices are separated by line breaks, `;` or `|` (or by a comma and a blank if each
part names its currency), and a locale stands in front: `de_DE: 19.99 EUR; 21.50 USD`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pim.jsontext import NotJson, loads
from pim.schema.types import number, price
from pim.schema.types.base import (
    CoerceContext,
    CoercionError,
    FieldType,
    Notation,
    caching,
    is_blank,
    shown,
    trim,
)
from pim.schema.types.currency import CURRENCIES, known_currency

MAX_PRICES = 1_000
_SEPARATOR = re.compile(r"[\n\r;|]+")
_COMMA = re.compile(r",\s+")
_LOCALE = re.compile(r"([A-Za-z]{2,3})(?:[_-]([A-Za-z]{4}))?(?:[_-]([A-Za-z]{2}|\d{3}))?", re.ASCII)
_WITH_LOCALE = re.compile(r"\s*([A-Za-z]{2,3}(?:[_-][A-Za-z0-9]{2,4}){0,2})\s*:(.*)", re.DOTALL)


def coerce(value: Any, ctx: CoerceContext) -> list[dict[str, Any]]:
    """Read prices from text, a list, one price, or an object of amounts by currency."""
    if isinstance(value, str):
        return coerce_text(value, ctx)
    if isinstance(value, (list, tuple)):
        return _prices([_item(i, item, ctx) for i, item in enumerate(value) if not is_blank(item)])
    if isinstance(value, Mapping):
        return _prices(_from_object(value, ctx))
    return _prices([_price(value, ctx)])


def _item(index: int, value: Any, ctx: CoerceContext) -> dict[str, Any]:
    try:
        return _price(value, ctx)
    except CoercionError as error:
        raise error.inside(index) from error


def coerce_text(text: str, ctx: CoerceContext) -> list[dict[str, Any]]:
    """Read prices from text or JSON text."""
    text = trim(text)
    if text[:1] in ("[", "{"):
        return coerce(_json(text), replace(ctx, decimal=ctx.decimal or "json"))
    parts = [part for part in _SEPARATOR.split(text) if not is_blank(part)]
    if len(parts) == 1 and "," in text:
        parts = _at_commas(text)
    return _prices([_price(part, ctx) for part in parts])


def _at_commas(text: str) -> list[str]:
    parts = _COMMA.split(text)
    named = all(any(c.isalpha() or c in "€$£¥" for c in part) for part in parts)
    return parts if named else [text]


def _json(text: str) -> list[Any] | dict[str, Any]:
    try:
        found: list[Any] | dict[str, Any] = loads(text)
    except NotJson as error:
        raise CoercionError(
            "bad_json",
            f"{shown(text)} starts like JSON but isn't. Write 19.99 EUR; 21.50 USD.",
        ) from error
    return found


def _from_object(value: Mapping[str, Any], ctx: CoerceContext) -> list[dict[str, Any]]:
    """One price, or `{"EUR": 19.99, "USD": 21.50}`."""
    if "amount" in value or "currency" in value or not value:
        return [_price(value, ctx)]
    return [_at_code(code, amount, ctx) for code, amount in value.items() if not is_blank(amount)]


def _at_code(code: str, amount: Any, ctx: CoerceContext) -> dict[str, Any]:
    try:
        return _entry(number.coerce(amount, ctx), known_currency(code), None)
    except CoercionError as error:
        raise error.inside(code) from error


def _price(value: Any, ctx: CoerceContext) -> dict[str, Any]:
    if isinstance(value, Mapping):
        amount, currency = price.money_from_object(value, ctx, "locale")
        locale = value.get("locale")
        return _entry(amount, currency, None if is_blank(locale) else known_locale(locale))
    found = _WITH_LOCALE.fullmatch(value) if isinstance(value, str) else None
    if found and found[1].upper() not in CURRENCIES:
        return _entry(*price.money_from_text(found[2], ctx), known_locale(found[1]))
    return _entry(*price.money(value, ctx), None)


def _entry(amount: Any, currency: str, locale: str | None) -> dict[str, Any]:
    entry = {"amount": amount, "currency": currency}
    return entry if locale is None else {**entry, "locale": locale}


def known_locale(value: Any) -> str:
    """A locale in its usual spelling (`de-de` is `de_DE`); raises CoercionError."""
    found = _LOCALE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise CoercionError(
            "unknown_locale", f"{shown(value)} is not a locale. Use one like en_US or de."
        )
    language, script, territory = found.groups(default="")
    parts = (language.lower(), script.title(), territory.upper())
    return "_".join(part for part in parts if part)


def _prices(prices: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each currency and locale once; the same price twice is one."""
    if len(prices) > MAX_PRICES:
        raise CoercionError(
            "too_many_items", f"There are {len(prices):,} prices; at most {MAX_PRICES:,} are kept."
        )
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in prices:
        key = (entry["currency"], entry.get("locale", ""))
        if found.setdefault(key, entry) != entry:
            first, again = (to_input([p], ".") for p in (found[key], entry))
            raise CoercionError(
                "price_twice",
                f"{shown(first)} and {shown(again)} are prices for the same currency. Keep one.",
            )
    return list(found.values())


def coercer(ctx: CoerceContext) -> Callable[[str], list[dict[str, Any]]]:
    """A reader for the texts of one column; every answer is a list of its own."""
    usual = price.usual_reader(ctx)

    def read_usual(text: str) -> list[dict[str, Any]]:
        found = [usual(trim(part)) for part in text.split(";")]
        currencies = {money[1] for money in found if money}
        if len(currencies) == len(found):  # each part was read, no currency twice
            return [_entry(*money, None) for money in found if money]
        return coerce_text(text, ctx)

    remembered = caching(read_usual)

    def read(text: str) -> list[dict[str, Any]]:
        return [entry.copy() for entry in remembered(text)]

    return read


def display(value: Any, locale: str) -> str:
    """The prices as people of a locale write them, separated by middle dots."""
    if not isinstance(value, (list, tuple)):
        return str(value)
    return " · ".join(_display_entry(entry, locale) for entry in value)


def _display_entry(entry: Any, locale: str) -> str:
    text = price.display(entry, locale)
    where = entry.get("locale") if isinstance(entry, Mapping) else None
    return f"{text} ({where})" if where else text


def to_input(value: Any, notation: Notation | None) -> str:
    """`de_DE: 19.99 EUR; 21.50 USD`."""
    return "; ".join(_entry_to_input(entry, notation) for entry in value)


def _entry_to_input(entry: Mapping[str, Any], notation: Notation | None) -> str:
    text = price.to_input(entry, notation)
    return f"{entry['locale']}: {text}" if entry.get("locale") else text


TYPE = FieldType(
    name="multi_price",
    label="Prices in several currencies",
    hint="19.99 EUR; 21.50 USD",
    coerce=coerce,
    coercer=coercer,
    display=display,
    to_input=to_input,
)
