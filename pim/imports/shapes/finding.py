"""Finds a file's shape, or takes the one it was given, and shows what the file is then."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial

from pim.imports.readers.base import (
    SAMPLE_ROWS,
    Detection,
    Dialect,
    FileProblem,
    Format,
    Overrides,
    Reader,
    Source,
)
from pim.imports.shapes.applied import shaped
from pim.imports.shapes.known import SHAPES
from pim.imports.shapes.look import Look, first_rows
from pim.imports.shapes.prices import with_prices
from pim.imports.shapes.shaping import NONE, Shaping

_CHOSEN = "Chosen by you."


def recognising_shapes(entry: Format) -> Format:
    """A format that reads its files by their shapes."""

    def detect(source: Source, overrides: Overrides) -> Detection:
        found = entry.detect(source, overrides)
        return _detected(found, partial(entry.open, source, found.dialect), overrides)

    def open_reader(source: Source, dialect: Dialect) -> Reader:
        if dialect.shaping is None:
            return entry.open(source, dialect)
        return shaped(partial(entry.open, source, dialect), Shaping.from_dict(dialect.shaping))

    return replace(entry, detect=detect, open=open_reader)


def _detected(found: Detection, open_raw: Callable[[], Reader], overrides: Overrides) -> Detection:
    if overrides.shape == NONE:
        return replace(found, reasons=found.reasons | {"shape": _CHOSEN})
    look = Look(
        open_raw,
        found.headers,
        overrides.home_locale,
        overrides.home_currency,
        overrides.home_prices,
        chosen=bool(overrides.shape),
    )
    shaping, reason = _recognised(look, overrides.shape)
    if shaping is None:
        return found
    dialect = replace(found.dialect, shape=shaping.name, shaping=shaping.as_dict())
    with closing(shaped(open_raw, shaping)) as reader:
        rows = first_rows(reader)[:SAMPLE_ROWS]
        headers = reader.headers
    reasons = found.reasons | {"shape": f"{reason} {_told(shaping)}".strip()}
    return replace(found, dialect=dialect, headers=headers, sample_rows=rows, reasons=reasons)


def _chosen(look: Look, name: str) -> Shaping:
    shaping = SHAPES[name].plan(look)
    if shaping is None:
        raise FileProblem(
            f"This file can't be read as {SHAPES[name].label}: the columns for that are not there, "
            "or no two rows are one product.",
            code="other_shape",
            field="shape",
        )
    return with_prices(look, replace(shaping, name=name))


def _recognised(look: Look, wanted: str | None) -> tuple[Shaping | None, str]:
    if wanted:
        return _chosen(look, wanted), _CHOSEN
    if look.from_report:
        return None, ""
    for shape in SHAPES.values():
        reason = shape.fits(look)
        if reason:
            shaping = shape.plan(look)
            if shaping is not None:
                return with_prices(look, replace(shaping, name=shape.name)), reason
    return None, ""


def _told(shaping: Shaping) -> str:
    """What is done about it, in a sentence."""
    parts = []
    if shaping.fill_by:
        parts.append("What only a product's first row says is filled down to its variants.")
    if shaping.identity and shaping.variants:
        names = [variant.header for variant in shaping.variants[:2]]
        more = len(shaping.variants) - len(names)
        told = (
            " and ".join(f"“{name}”" for name in names)
            if not more
            else (", ".join(f"“{name}”" for name in names) + f" and {more:,} more")
        )
        parts.append(f"Rows of one product are joined; what differs stands in {told}.")
    elif shaping.identity:
        parts.append("Rows of one product are joined.")
    if shaping.prices:
        parts.append(f"Prices of all currencies stand together in “{shaping.prices_in}”.")
    return " ".join(parts)
