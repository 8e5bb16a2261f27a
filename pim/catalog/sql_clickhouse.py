"""What a condition means in ClickHouse: the same as in PostgreSQL, see `sql_postgresql`.

Tests hold the two to the same answers. Only texts of this module and of `pim.analytics.columns`
enter a statement; every value is bound by the server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from pim.analytics.columns import Parameters, Read, TenantColumns, read_fixed
from pim.catalog.filters import Condition, Property, Value
from pim.catalog.sql_postgresql import lowered_text
from pim.products.identity import sku_key

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
_PRESENCE = ("is_set", "is_not_set")
_MOMENT = "DateTime64(6, 'UTC')"


class Printer:
    """Conditions as SQL, for one tenant's fields and one statement's parameters."""

    def __init__(self, columns: TenantColumns, parameters: Parameters) -> None:
        self.columns = columns
        self.parameters = parameters

    def read(self, prop: Property) -> Read:
        """How a property is read."""
        if prop.fixed:
            return read_fixed(prop.name)
        return self.columns.read(prop.name, prop.kind, self.parameters)

    def search(self, words: str) -> list[str]:
        """Every word is part of the SKU or of the name."""
        found = []
        for word in words.split():
            in_sku = f"position(sku_key, {self.parameters.bind(sku_key(word))}) > 0"
            wanted = self.parameters.bind(lowered_text(word))
            found.append(f"({in_sku} OR position(lowerUTF8(name), {wanted}) > 0)")
        return found

    def condition(self, condition: Condition) -> str:
        """The rows a condition lets through: any of its values; negative, none of them."""
        prop, operator = condition.prop, condition.operator
        read = self.read(prop)
        each = [self._matches(prop, read, operator.name, value) for value in condition.values]
        any_of = " OR ".join(f"ifNull({sql}, false)" for sql in each)
        return f"NOT ({any_of})" if operator.negative else f"({any_of})"

    def _matches(self, prop: Property, read: Read, operator: str, value: Value) -> str:
        if prop.fixed and prop.name == "sku" and operator in ("eq", "neq"):
            return f"sku_key = {self.parameters.bind(sku_key(value.low))}"
        if operator in _PRESENCE and not value.currency:
            return read.is_set
        return _BY_KIND[read.kind](self, read, operator, value)

    def text(self, read: Read, operator: str, value: Value) -> str:
        """Text: exact for `is`, whatever the case for its parts."""
        if operator in ("eq", "neq"):
            return f"{read.value} = {self.parameters.bind(value.low)}"
        wanted = self.parameters.bind(lowered_text(value.low))
        if operator == "starts_with":
            return f"startsWith(lowerUTF8({read.value}), {wanted})"
        if operator == "ends_with":
            return f"endsWith(lowerUTF8({read.value}), {wanted})"
        return f"position(lowerUTF8({read.value}), {wanted}) > 0"

    def number(self, read: Read, operator: str, value: Value) -> str:
        """A number."""
        return self._compared(read.value, operator, value, "Float64")

    def moment(self, read: Read, operator: str, value: Value) -> str:
        """A moment, by whole days: a range includes its last day."""
        if operator == "between":
            low = self.parameters.bind(value.low, _MOMENT)
            end = self.parameters.bind(value.high + timedelta(days=1), _MOMENT)
            return f"({read.value} >= {low} AND {read.value} < {end})"
        return self._compared(read.value, operator, value, _MOMENT)

    def _compared(self, x: str, operator: str, value: Value, type_name: str) -> str:
        low = self.parameters.bind(value.low, type_name)
        high = "" if value.high is None else self.parameters.bind(value.high, type_name)
        return _COMPARISONS[operator].format(x=x, low=low, high=high)

    def flag(self, read: Read, operator: str, _: Value) -> str:
        """Yes or no."""
        return f"{read.value} = {'true' if operator == 'is_true' else 'false'}"

    def items(self, read: Read, _: str, value: Value) -> str:
        """A list of texts."""
        return f"has({read.value}, {self.parameters.bind(value.low)})"

    def price(self, read: Read, operator: str, value: Value) -> str:
        """An amount in a currency."""
        in_range = read.is_set if operator in _PRESENCE else self.number(read, operator, value)
        if not value.currency:
            return in_range
        return f"({in_range} AND {read.currency} = {self.parameters.bind(value.currency)})"

    def prices(self, read: Read, operator: str, value: Value) -> str:
        """Several of them: one that fits is enough."""
        in_range = (
            "true" if operator in _PRESENCE else self._compared("a", operator, value, "Float64")
        )
        if value.currency:
            in_range += f" AND c = {self.parameters.bind(value.currency)}"
        return f"arrayExists((a, c) -> {in_range}, {read.value}, {read.currency})"

    def sort_value(self, prop: Property) -> str:
        """What a list is ordered by; NULL where a product has no value, which comes last."""
        read = self.read(prop)
        return f"nullIf(lowerUTF8({read.value}), '')" if read.kind == "text" else read.value

    def bind_sort_value(self, prop: Property, value: Any) -> str:
        """A sort value of a place in the list."""
        return self.parameters.bind(value, _SORT_TYPES.get(prop.kind, "Float64"))


_SORT_TYPES = {"string": "String", "boolean": "Bool", "date": _MOMENT}
_Print = Callable[[Printer, Read, str, Value], str]
_BY_KIND: Mapping[str, _Print] = {
    "text": Printer.text,
    "number": Printer.number,
    "flag": Printer.flag,
    "list": Printer.items,
    "price": Printer.price,
    "prices": Printer.prices,
    "moment": Printer.moment,
}


def where_sql(printer: Printer, words: str, conditions: Sequence[Condition]) -> str:
    """All that narrows a list down, as one condition."""
    found = [*printer.search(words), *(printer.condition(each) for each in conditions)]
    return " AND ".join(found) or "1"
