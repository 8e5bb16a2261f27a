"""Prices of several currencies together in one column, for a field that holds several."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pim.imports.heuristics.concepts import meanings
from pim.imports.heuristics.words import read_header
from pim.imports.readers.base import Reader
from pim.imports.shapes.look import Look
from pim.imports.shapes.rowwise import RowByRow
from pim.imports.shapes.shaping import Shaping


def fits(look: Look) -> str | None:
    """Whether prices stand in a column per currency, and the tenant has a field for them all."""
    found = _of_currencies(look.headers) if look.home_prices else []
    if len(found) < 2:
        return None
    return f"Prices in several currencies, as “{found[0][0]}” and “{found[1][0]}”."


def plan(look: Look) -> Shaping | None:
    """Nothing but bringing the prices together."""
    return Shaping("prices") if len(_of_currencies(look.headers)) > 1 else None


def with_prices(look: Look, shaping: Shaping) -> Shaping:
    """The shaping, bringing prices together too if the tenant has a field for that."""
    if look.home_prices is None or look.home_prices in look.headers:
        return shaping
    made = [variant.header for variant in shaping.variants]
    found = _of_currencies([*look.headers, *made])
    if shaping.bound and found:
        plain = next((each for each in shaping.bound if _is_price(each)), None)
        found = [(plain, "", shaping.by[0]), *found] if plain else found
    if len(found) < 2:
        return shaping
    return replace(shaping, prices=tuple(found), prices_in=look.home_prices)


def together(reader: Reader, shaping: Shaping) -> Reader:
    """The reader with the column added."""
    if not shaping.prices or shaping.prices_in is None:
        return reader
    at = reader.headers.index
    places = [
        (at(column), code, at(code_column) if code_column else -1)
        for column, code, code_column in shaping.prices
    ]

    def change(row: list[Any]) -> list[Any]:
        parts = [
            f"{row[place]} {code or row[code_place]}".strip()
            for place, code, code_place in places
            if row[place]
        ]
        return [*row, "; ".join(parts)]

    return RowByRow(reader, (shaping.prices_in,), change)


def _of_currencies(headers: list[str]) -> list[tuple[str, str, str]]:
    """Columns of prices whose headers name the currency, one per currency."""
    found: dict[str, str] = {}
    for header in headers:
        currency = read_header(header).currency
        if currency and _is_price(header):
            found.setdefault(currency, header)
    return [(header, currency, "") for currency, header in found.items()]


def _is_price(header: str) -> bool:
    known = meanings(read_header(header))
    return bool(known) and known[0].concept == "price" and known[0].strength > 0.6
