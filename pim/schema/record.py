"""A product's values, read by the vocabulary. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pim.core.errors import FieldError
from pim.schema.convert import resembling
from pim.schema.fields import ACTIVE, RESERVED, Field, Vocabulary, pointer
from pim.schema.types import CoerceContext, CoercionError, Notation, coerce, is_blank, shown

MAX_EXTRA_NAME = 255


@dataclass(slots=True)
class RecordResult:
    """What a product's values are.

    data: canonical values by field name. cleared: fields that were given blank. unknown_fields:
    those kept in data although the vocabulary doesn't have them. errors: one for each value that
    can't be read and each required field a new product lacks.
    """

    data: dict[str, Any] = field(default_factory=dict)
    cleared: list[str] = field(default_factory=list)
    unknown_fields: list[str] = field(default_factory=list)
    errors: list[FieldError] = field(default_factory=list)


def coerce_record(
    vocabulary: Vocabulary,
    values: Mapping[str, Any],
    *,
    path_prefix: str = "",
    creating: bool = False,
    notation: Notation | None = "json",
) -> RecordResult:
    """Read values by field name; `sku`, `name` and `active` are not for this function.

    path_prefix: JSON pointer of `values`, for errors. creating: required fields have to be there.
    notation: how numbers in texts are written; the default is for values a program sent.
    """
    result = RecordResult()
    ctx = vocabulary.context(notation)
    for name, value in values.items():
        if is_blank(value):
            result.cleared.append(name)
            continue
        known = vocabulary.get(name)
        try:
            found = _unknown(name, value, ctx) if known is None else coerce(known.type, value, ctx)
        except CoercionError as error:
            place = pointer(path_prefix, name) + error.place
            result.errors.append(FieldError(place, error.code, error.message))
            continue
        if is_blank(found):  # a list of blanks alone
            result.cleared.append(name)
            continue
        result.data[name] = found
        if known is None:
            result.unknown_fields.append(name)
    if creating and vocabulary.has_required:
        result.errors.extend(_missing(vocabulary, result, path_prefix))
    return result


def _missing(vocabulary: Vocabulary, result: RecordResult, path_prefix: str) -> list[FieldError]:
    failed = tuple(error.path + "/" for error in result.errors)
    return [
        required_error(wanted, path_prefix)
        for wanted in vocabulary.fields
        if wanted.required
        and wanted.name not in result.data
        and not any(path.startswith(pointer(path_prefix, wanted.name) + "/") for path in failed)
    ]


def required_error(wanted: Field, path_prefix: str) -> FieldError:
    """The error for a required field without a value."""
    message = f"{shown(wanted.name)} is required. Give it a value."
    return FieldError(pointer(path_prefix, wanted.name), "required", message)


def _unknown(name: str, value: Any, ctx: CoerceContext) -> Any:
    """A value the vocabulary has no field for, in the shape it resembles."""
    problem = _extra_name_problem(name)
    if problem:
        raise CoercionError("bad_name", problem)
    return coerce(resembling(value), value, ctx)


def _extra_name_problem(name: str) -> str | None:
    """What is wrong with the name of a value outside the vocabulary: less is asked of those."""
    if not name.strip() or len(name) > MAX_EXTRA_NAME or not name.isprintable():
        return f"{shown(name)} can't be a name. Use 1 to {MAX_EXTRA_NAME} printable characters."
    if name.casefold() in RESERVED or name.casefold() == ACTIVE:
        return f"{shown(name)} isn't a field but belongs to the product itself."
    return None
