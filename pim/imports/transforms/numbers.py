"""Numbers as people write them: which decimal sign, and with which unit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from pim.imports.transforms.base import BadParameter, Param, Ready, Setting, Transform, on_text
from pim.imports.transforms.units import UNITS, convert, unit_named
from pim.schema.types import CoercionError, Notation, shown
from pim.schema.types.base import trim
from pim.schema.types.notation import plain_characters
from pim.schema.types.number import coerce_text, digits_of

_MAX = 200
_RUN = re.compile(r"[\d.,](?:[\d.,' ]*[\d])?", re.ASCII)
_MEASURE = re.compile(r"([-+]?[ ]?[\d.,](?:[\d.,' ]*\d)?)\s*(.*)", re.ASCII | re.DOTALL)
_UNIT = re.compile(r"[^\d\s.,+-](?:\D{0,23})[23]?")


def _short(text: str) -> str:
    plain = trim(plain_characters(text))
    if len(plain) > _MAX:
        raise CoercionError("not_a_number", f"{shown(text)} is too long for a number.")
    return plain


def _number(params: Mapping[str, Any], _: Setting) -> Ready:
    notation: Notation = params["decimal"]

    def change(text: str) -> str:
        plain = _short(text)
        if not plain:
            return ""
        runs = [run for run in _RUN.finditer(plain) if any(map(str.isdigit, run[0]))]
        if len(runs) != 1:
            how = "no number" if not runs else f"{len(runs)} numbers"
            raise CoercionError("not_a_number", f"There is {how} in {shown(text)}, not one.")
        (run,) = runs
        digits = digits_of(coerce_text(run[0], notation))
        return plain[: run.start()] + digits + plain[run.end() :]

    return Ready(on_text(change), decimal=".")


def _unit(params: Mapping[str, Any], setting: Setting) -> Ready:
    wanted = None
    if params["to"]:
        wanted = unit_named(params["to"])
        if wanted is None:
            known = ", ".join(UNITS)
            message = f"{shown(params['to'])} is not a unit known here. Known are {known}."
            raise BadParameter("to", "unknown_unit", message)
    notation: Notation | None = (
        setting.decimal if params["decimal"] == "file" else params["decimal"]
    )
    return Ready(on_text(_unit_reader(wanted, notation)), decimal=".")


def _unit_reader(wanted: str | None, notation: Notation | None) -> Callable[[str], str]:
    def change(text: str) -> str:
        plain = _short(text)
        if not plain:
            return ""
        found = _MEASURE.fullmatch(plain)
        written = found[2].strip() if found else ""
        if found is None or (written and not _UNIT.fullmatch(written)):
            message = f"{shown(text)} is not a number with a unit, like 1.5 kg."
            raise CoercionError("not_a_measure", message)
        number = coerce_text(found[1].replace("- ", "-").replace("+ ", "+"), notation)
        if wanted is None or not written:
            return digits_of(number)
        unit = unit_named(written)
        value = convert(Decimal(number), unit, wanted) if unit else None
        if value is None:
            message = f"{shown(text)} can't be converted to {wanted}."
            raise CoercionError("other_unit", message)
        return digits_of(value)

    return change


NUMBER = Transform(
    "number",
    "Decimal sign",
    "Reads the number in the text with the decimal sign you name and writes it with a point.",
    _number,
    (
        Param(
            "decimal",
            "Decimal sign",
            "choice",
            required=True,
            choices=((",", "comma: 1.234,56"), (".", "point: 1,234.56")),
        ),
    ),
    example={"decimal": ","},
)
UNIT = Transform(
    "unit",
    "Strip the unit",
    "Keeps the number of “1,5 kg”; named a unit, it converts into it and refuses others.",
    _unit,
    (
        Param("to", "Unit wanted", help="kg, cm, l …; blank takes the number as it is"),
        Param(
            "decimal",
            "Decimal sign",
            "choice",
            default="file",
            choices=(("file", "as in the file"), (",", "comma"), (".", "point")),
        ),
    ),
    example={"to": "kg"},
)
