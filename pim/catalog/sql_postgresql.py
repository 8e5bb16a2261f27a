"""What a condition means in PostgreSQL.

Small catalogs are answered from here at once, and any catalog while ClickHouse is away. A product
without a value satisfies only the negative operators. Numbers and prices are compared by jsonpath:
exact, and a value of another type simply doesn't match. Case is compared by Unicode's rules
whatever the locale of the database, as ClickHouse does it too.
"""

from __future__ import annotations

import operator as operators
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, cast, func, literal, not_, or_, true
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlalchemy.types import Numeric

from pim.catalog.filters import Condition, Value
from pim.products.identity import sku_key
from pim.products.models import Product
from pim.schema.types import dumps
from pim.segments.dsl.operators import Operator
from pim.segments.dsl.properties import Property

UNICODE = "pg_unicode_fast"

# How an amount `a` is compared; the variables are bound, only these texts enter the path.
_NUMERIC_PATHS: Mapping[str, str] = {
    "eq": "{a} == $low",
    "neq": "{a} == $low",
    "gt": "{a} > $low",
    "gte": "{a} >= $low",
    "lt": "{a} < $low",
    "lte": "{a} <= $low",
    "between": "{a} >= $low && {a} <= $high",
    "not_between": "{a} >= $low && {a} <= $high",
    "is_set": "{a} != null",
    "is_not_set": "{a} != null",
}


def folded(expression: ColumnElement[str]) -> ColumnElement[str]:
    """Text without its case, to look for parts of it and to order by: as in `analytics.folding`."""
    return func.casefold(expression.collate(UNICODE))


def search_condition(words: str) -> ColumnElement[bool]:
    """Every word is part of the SKU or of the name."""
    found: list[ColumnElement[bool]] = [true()]
    for word in words.split():
        in_sku = Product.sku_key.contains(sku_key(word), autoescape=True)
        in_name = folded(Product.name.expression).contains(word.casefold(), autoescape=True)
        found.append(or_(in_sku, in_name))
    return and_(*found)


def condition_sql(condition: Condition) -> ColumnElement[bool]:
    """The rows a condition lets through: any of its values; for a negative operator, none."""
    prop, operator = condition.prop, condition.operator
    any_of = or_(*(_matches(prop, operator, value) for value in condition.values))
    return not_(func.coalesce(any_of, False)) if operator.negative else any_of


def _matches(prop: Property, operator: Operator, value: Value) -> ColumnElement[bool]:
    """The positive form of an operator; a negative one is its negation."""
    if prop.fixed:
        return _FIXED[prop.name](operator.name, value)
    return _DATA[prop.kind](prop, operator.name, value)


def _text(expression: ColumnElement[str], operator: str, value: Value) -> ColumnElement[bool]:
    is_equal: ColumnElement[bool] = expression == value.low
    if operator in ("is_set", "is_not_set"):
        return expression != literal("")
    if operator in ("eq", "neq"):
        return is_equal
    whole, wanted = folded(expression), value.low.casefold()
    if operator == "starts_with":
        return whole.startswith(wanted, autoescape=True)
    if operator == "ends_with":
        return whole.endswith(wanted, autoescape=True)
    found: ColumnElement[bool] = whole.contains(wanted, autoescape=True)
    return found


def _sku(operator: str, value: Value) -> ColumnElement[bool]:
    if operator in ("eq", "neq"):
        return Product.sku_key == sku_key(value.low)
    return _text(Product.sku.expression, operator, value)


def _column(column: ColumnElement[Any]) -> Callable[[str, Value], ColumnElement[bool]]:
    """Comparison of an ordinary column by an ordinary operator."""

    def compare(operator: str, value: Value) -> ColumnElement[bool]:
        if operator in ("is_set", "is_not_set"):
            return column.is_not(None)
        if operator in ("between", "not_between"):
            return column.between(value.low, value.high)
        return _COMPARE[operator](column, value.low)

    return compare


_COMPARE: Mapping[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "eq": operators.eq,
    "neq": operators.eq,
    "gt": operators.gt,
    "gte": operators.ge,
    "lt": operators.lt,
    "lte": operators.le,
}


def _moment(column: ColumnElement[Any]) -> Callable[[str, Value], ColumnElement[bool]]:
    """Comparison by whole days: a range includes its last day."""

    def compare(operator: str, value: Value) -> ColumnElement[bool]:
        if operator in ("between", "not_between"):
            return and_(column >= value.low, column < value.high + timedelta(days=1))
        return _COMPARE[operator](column, value.low)

    return compare


_FIXED: Mapping[str, Callable[[str, Value], ColumnElement[bool]]] = {
    "sku": _sku,
    "name": lambda operator, value: _text(Product.name.expression, operator, value),
    "source": lambda operator, value: _text(Product.source.expression, operator, value),
    "active": lambda operator, _: Product.active.is_(operator == "is_true"),
    "ai_readability_score": _column(Product.ai_readability_score.expression),
    "created_at": _moment(Product.created_at.expression),
    "updated_at": _moment(Product.updated_at.expression),
}


def value_of(prop: Property) -> ColumnElement[Any]:
    """A field's value as jsonb; NULL where there is none."""
    return Product.data.expression[prop.name]


def text_of(prop: Property) -> ColumnElement[str]:
    """A field's value as text; NULL where there is none."""
    found: ColumnElement[str] = Product.data.expression[prop.name].astext
    return found


def _data_text(prop: Property, operator: str, value: Value) -> ColumnElement[bool]:
    return _text(text_of(prop), operator, value)


def _data_boolean(prop: Property, operator: str, _: Value) -> ColumnElement[bool]:
    text = text_of(prop)
    if operator in ("is_set", "is_not_set"):
        return text.in_(("true", "false"))
    return text == ("true" if operator == "is_true" else "false")


def _data_array(prop: Property, operator: str, value: Value) -> ColumnElement[bool]:
    if operator in ("is_set", "is_not_set"):
        return text_of(prop).not_in(("[]", ""))
    return func.jsonb_exists(value_of(prop), literal(value.low))


def _numeric(amount: str) -> Callable[[Property, str, Value], ColumnElement[bool]]:
    """Comparison by jsonpath. amount: where the number is, seen from the value."""

    def compare(prop: Property, operator: str, value: Value) -> ColumnElement[bool]:
        test = _NUMERIC_PATHS[operator].format(a=amount)
        if value.currency:
            test += " && @.currency == $currency"
        variables = {"low": value.low, "high": value.high, "currency": value.currency}
        bound = {key: found for key, found in variables.items() if found not in (None, "")}
        return func.jsonb_path_exists(
            value_of(prop), cast(f"$ ? ({test})", JSONPATH), cast(literal(dumps(bound)), JSONB)
        )

    return compare


_DATA: Mapping[str, Callable[[Property, str, Value], ColumnElement[bool]]] = {
    "string": _data_text,
    "url": _data_text,
    "boolean": _data_boolean,
    "array": _data_array,
    "number": _numeric("@"),
    "price": _numeric("@.amount"),
    "multi_price": _numeric("@.amount"),
}


def sort_expression(prop: Property) -> ColumnElement[Any]:
    """What a list is ordered by; NULL where a product has no value, which comes last."""
    if prop.fixed:
        column: ColumnElement[Any] = getattr(Product, prop.name).expression
        return func.nullif(folded(column), "") if prop.kind == "string" else column
    if prop.kind == "string":
        return func.nullif(folded(text_of(prop)), "")
    if prop.kind == "boolean":
        return case((text_of(prop).in_(("true", "false")), text_of(prop) == "true"))
    number = Product.data.expression[(prop.name, "amount")] if prop.kind == "price" else None
    value = value_of(prop) if number is None else number
    return case((func.jsonb_typeof(value) == "number", cast(value.astext, Numeric)))
