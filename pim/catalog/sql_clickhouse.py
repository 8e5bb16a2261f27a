"""A filter as a condition of ClickHouse. It means the same as in PostgreSQL (`sql_postgresql`).

Tests hold the two to the same answers. How values are compared is said by the rule language
(`pim.segments.dsl.comparing`); every value is bound by the server.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pim.analytics import folding
from pim.analytics.columns import Parameters, Read, TenantColumns, any_at_once, read_fixed
from pim.catalog.filters import Condition, Value
from pim.products.identity import sku_key
from pim.segments.dsl.comparing import MOMENT, Compared, matches
from pim.segments.dsl.properties import Property


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
            in_name = folding.contains("name", word, self.parameters, of_product=True)
            found.append(any_at_once(in_sku, in_name))
        return found

    def condition(self, condition: Condition) -> str:
        """The rows a condition lets through: any of its values; negative, none of them."""
        prop, operator = condition.prop, condition.operator
        read = self.read(prop)
        each = [self._matches(prop, read, operator.name, value) for value in condition.values]
        any_of = any_at_once(*(f"ifNull({sql}, false)" for sql in each))
        return f"NOT ({any_of})" if operator.negative else f"({any_of})"

    def _matches(self, prop: Property, read: Read, operator: str, value: Value) -> str:
        compared = Compared(
            read, operator, _values(prop, value), value.currency, is_sku=_is_sku(prop)
        )
        return matches(compared, self.parameters)

    def sort_value(self, prop: Property) -> str:
        """What a list is ordered by; NULL where a product has no value, which comes last."""
        read = self.read(prop)
        return f"nullIf({folding.folded(read.value)}, '')" if read.kind == "text" else read.value

    def bind_sort_value(self, prop: Property, value: Any) -> str:
        """A sort value of a place in the list."""
        return self.parameters.bind(value, _SORT_TYPES.get(prop.kind, "Float64"))


def _values(prop: Property, value: Value) -> list[Any]:
    """What is compared with. A range of days ends before the day after its last."""
    if value.high is None:
        return [value.low]
    high = value.high + timedelta(days=1) if prop.kind == "date" else value.high
    return [value.low, high]


def _is_sku(prop: Property) -> bool:
    return prop.fixed and prop.name == "sku"


_SORT_TYPES = {"string": "String", "boolean": "Bool", "date": MOMENT}


def where_sql(printer: Printer, words: str, conditions: Sequence[Condition]) -> str:
    """All that narrows a list down, as one condition."""
    found = [*printer.search(words), *(printer.condition(each) for each in conditions)]
    return " AND ".join(found) or "1"
