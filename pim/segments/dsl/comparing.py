"""What an operator means in ClickHouse, for each kind of values. The one place for it.

Says the positive form: `does_not_contain` is printed as `contains`, and whoever asks negates it
where `Operator.negative` says so, taking NULL as no. Only texts of this module and of
`pim.analytics.columns` enter a statement; every value is bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pim.analytics import folding
from pim.analytics.columns import Parameters, Read, all_at_once, any_at_once
from pim.products.identity import sku_key
from pim.segments.dsl.operators import PRESENCE

MOMENT = "DateTime64(6, 'UTC')"

_COMPARISONS: Mapping[str, str] = {
    "eq": "{x} = {low}",
    "neq": "{x} = {low}",
    "gt": "{x} > {low}",
    "gte": "{x} >= {low}",
    "lt": "{x} < {low}",
    "lte": "{x} <= {low}",
    "between": "{x} BETWEEN {low} AND {high}",
    "not_between": "{x} BETWEEN {low} AND {high}",
}
_LISTED = ("in", "not_in")


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared: how the property is read, by which operator, with what.

    values: texts, numbers, or moments. A moment's range ends with the first one outside.
    is_sku: compared as SKUs are. currency: for prices, the only one that counts; "" for any.
    """

    read: Read
    operator: str
    values: Sequence[Any] = ()
    currency: str = ""
    is_sku: bool = False


def matches(compared: Compared, parameters: Parameters) -> str:
    """SQL of the positive form; NULL or false where it doesn't hold."""
    if compared.operator in PRESENCE and not compared.currency:
        return compared.read.is_set
    if compared.is_sku and compared.operator in _WHOLE_TEXTS:
        keys = [sku_key(value) for value in compared.values]
        return _WHOLE_TEXTS[compared.operator]("sku_key", keys, parameters)
    return _BY_KIND[compared.read.kind](compared, parameters)


def _is_text(value: str, texts: Sequence[str], parameters: Parameters) -> str:
    return f"{value} = {parameters.bind(texts[0])}"


def _is_one_of(value: str, texts: Sequence[str], parameters: Parameters) -> str:
    return f"{value} IN ({parameters.bind(list(texts), 'Array(String)')})"


_WHOLE_TEXTS: Mapping[str, Callable[[str, Sequence[str], Parameters], str]] = {
    "eq": _is_text,
    "neq": _is_text,
    "in": _is_one_of,
    "not_in": _is_one_of,
}


def _text(compared: Compared, parameters: Parameters) -> str:
    """Text: exact as a whole, whatever the case in its parts."""
    value, operator = compared.read.value, compared.operator
    if whole := _WHOLE_TEXTS.get(operator):
        return whole(value, compared.values, parameters)
    if compared.read.never_null:
        return _part_of_text(value, compared, parameters)
    # Functions copy a text that may be NULL before they look at it. So it is looked at as it lies,
    # and whether there is one is asked beside.
    found = _part_of_text(f"assumeNotNull({value})", compared, parameters)
    return all_at_once(f"isNotNull({value})", found)


def _part_of_text(value: str, compared: Compared, parameters: Parameters) -> str:
    if compared.operator == "matches_any_word":
        return folding.has_any_word(value, compared.values, parameters, of_product=True)
    return _PARTS[compared.operator](value, compared.values[0], parameters, of_product=True)


class _Part(Protocol):
    def __call__(
        self, value: str, text: str, parameters: Parameters, *, of_product: bool = ...
    ) -> str: ...


_PARTS: Mapping[str, _Part] = {
    "contains": folding.contains,
    "does_not_contain": folding.contains,
    "starts_with": folding.starts_with,
    "ends_with": folding.ends_with,
}


def _compare(value: str, compared: Compared, type_name: str, parameters: Parameters) -> str:
    operator, values = compared.operator, compared.values
    if operator in _LISTED:
        return f"{value} IN ({parameters.bind(list(values), f'Array({type_name})')})"
    bound = [parameters.bind(each, type_name) for each in values]
    return _COMPARISONS[operator].format(x=value, low=bound[0], high=bound[-1])


def _number(compared: Compared, parameters: Parameters) -> str:
    return _compare(compared.read.value, compared, "Float64", parameters)


def _moment(compared: Compared, parameters: Parameters) -> str:
    value = compared.read.value
    if compared.operator in ("in_last", "not_in_last"):
        return f"{value} >= {parameters.bind(compared.values[0], MOMENT)}"
    if compared.operator in ("between", "not_between"):
        low, end = (parameters.bind(each, MOMENT) for each in compared.values)
        return f"({value} >= {low} AND {value} < {end})"
    return _compare(value, compared, MOMENT, parameters)


def _flag(compared: Compared, _: Parameters) -> str:
    return f"{compared.read.value} = {'true' if compared.operator == 'is_true' else 'false'}"


# `hasAny` says the same as the look at each entry, and takes half as long again.
_ANY_OF = "arrayExists(x -> x IN ({wanted}), {value})"
_OF_LISTS: Mapping[str, str] = {
    "contains_any": _ANY_OF,
    "contains_all": "hasAll({value}, {wanted})",
    "contains_none": _ANY_OF,
}
# Up to so many entries, a look for each costs less than one for all of them.
_FEW_ENTRIES = 3


def _items(compared: Compared, parameters: Parameters) -> str:
    value, wanted = compared.read.value, list(dict.fromkeys(compared.values))
    if len(wanted) > _FEW_ENTRIES:
        bound = parameters.bind(wanted, "Array(String)")
        return _OF_LISTS[compared.operator].format(value=value, wanted=bound)
    each = [f"has({value}, {parameters.bind(entry)})" for entry in wanted]
    return all_at_once(*each) if compared.operator == "contains_all" else any_at_once(*each)


def _price(compared: Compared, parameters: Parameters) -> str:
    read = compared.read
    in_range = read.is_set if compared.operator in PRESENCE else _number(compared, parameters)
    if not compared.currency:
        return in_range
    return f"({in_range} AND {read.currency} = {parameters.bind(compared.currency)})"


def _prices(compared: Compared, parameters: Parameters) -> str:
    """Several of them: one that fits is enough."""
    in_range = "true"
    if compared.operator not in PRESENCE:
        in_range = _compare("a", compared, "Float64", parameters)
    if compared.currency:
        in_range += f" AND c = {parameters.bind(compared.currency)}"
    return f"arrayExists((a, c) -> {in_range}, {compared.read.value}, {compared.read.currency})"


_BY_KIND: Mapping[str, Callable[[Compared, Parameters], str]] = {
    "text": _text,
    "number": _number,
    "flag": _flag,
    "list": _items,
    "price": _price,
    "prices": _prices,
    "moment": _moment,
}
