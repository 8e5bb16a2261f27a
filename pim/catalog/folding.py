"""What the forms of the catalog send, folded into the one way an address is written. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from pim.catalog.filters import (
    FilterError,
    Value,
    operators_of,
    read_value,
    split_token,
    token_of,
    write_value,
)
from pim.catalog.state import Arguments, CatalogState, RangeInput, read_ranges
from pim.schema.types import CoerceContext
from pim.segments.dsl.properties import Property

# What the form calls the filter by a segment; no field can be called so.
IN_SEGMENT = ":segment"
_RANGE_OPERATORS = frozenset({"gte", "lte", "between"})


def is_form(args: Arguments) -> bool:
    """Whether a form was sent whose answer has another address than was asked for."""
    keys = set(args.keys())
    return bool(keys & {"apply", "columns_form"}) or any(k.startswith("range:") for k in keys)


def fold(
    args: Arguments, state: CatalogState, properties: Mapping[str, Property], ctx: CoerceContext
) -> CatalogState:
    """The state with what the forms say in it. Raises FilterError that names the field."""
    for given in read_ranges(args):
        state = _fold_range(given, state, properties, ctx)
    if args.get("apply", ""):
        state = _fold_new_filter(args, state, properties, ctx)
    return state


def _fold_range(
    given: RangeInput,
    state: CatalogState,
    properties: Mapping[str, Property],
    ctx: CoerceContext,
) -> CatalogState:
    """A range facet stands for all filters of its field that have its operators and currency."""
    prop = properties.get(given.field)
    if prop is None:
        return state
    kept = [token for token in state.filters if not stands_in(token, given.field, given.currency)]
    if not given.low and not given.high:
        return state.with_filters(kept)
    if given.low and given.high:
        name, text = "between", f"{given.low}..{given.high}"
    elif given.low:
        name, text = "gte", given.low
    else:
        name, text = "lte", given.high
    if given.currency:
        text = f"{text} {given.currency}"
    token = _canonical(given.field, prop, name, text, ctx)
    if token in state.filters:
        return state
    return state.with_filters([*kept, token])


def stands_in(token: str, field: str, currency: str) -> bool:
    """Whether a filter is one that the range facet of this field and currency shows."""
    try:
        found, operator, value = split_token(token)
    except FilterError:
        return False
    same_currency = value.rpartition(" ")[2] == currency if currency else " " not in value
    return found == field and operator in _RANGE_OPERATORS and same_currency


def _fold_new_filter(
    args: Arguments, state: CatalogState, properties: Mapping[str, Property], ctx: CoerceContext
) -> CatalogState:
    field, name = args.get("add", ""), args.get("fo", "")
    if field == IN_SEGMENT:
        return _fold_segment(args, state)
    prop = properties.get(field)
    if prop is None:
        raise FilterError("Choose what to filter by.")
    operator = next((each for each in operators_of(prop) if each.name == name), None)
    if operator is None:
        raise FilterError(f"{prop.label}: choose how to compare.", field=field)
    text = args.get("fv", "").strip()
    if operator.arity == "two":
        text = f"{text}..{args.get('fv2', '').strip()}"
    elif operator.arity == "none":
        text = ""
    if currency := args.get("fc", "").strip():
        text = f"{text} {currency}".strip()
    return state.with_filters([*state.filters, _canonical(field, prop, name, text, ctx)])


def _fold_segment(args: Arguments, state: CatalogState) -> CatalogState:
    chosen = args.get("fv", "").strip()
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 19):
        raise FilterError("Choose a segment.")
    return state.with_segment(int(chosen))


def _canonical(
    field: str, prop: Property, operator_name: str, text: str, ctx: CoerceContext
) -> str:
    """The token of a filter, its numbers written plainly."""
    operator = next(each for each in operators_of(prop) if each.name == operator_name)
    value: Value = read_value(prop, operator, text, ctx)
    return token_of(field, operator_name, write_value(prop, operator, value))
