"""What PostgreSQL holds of products becomes columns: nothing lost, nothing invented, no mix-up."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pim.analytics.kinds import KINDS, column_type, kind_of
from pim.analytics.projector import attributes_of, columns_of

FIELDS = ("brand", "weight", "vegan", "tags", "price", "prices", "a.b", "", "ünï `'\"\\ \n")

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
amounts = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
prices = st.fixed_dictionaries(
    {"amount": amounts, "currency": st.sampled_from(["EUR", "USD"])},
    optional={"locale": st.sampled_from(["de_DE", "en_US"])},
)
strange = st.sampled_from(
    [
        *({}, [], None, {"amount": "12"}, {"amount": 1, "currency": None}, [1], ["a", 1], [[]]),
        *({"amount": 1, "currency": "EUR", "more": 2}, [{"amount": 1}], {"currency": "EUR"}),
        *({"amount": True, "currency": "EUR"}, [None], ["a", None]),
    ]
)
values = (
    texts
    | amounts
    | st.booleans()
    | st.lists(texts, min_size=1, max_size=4)
    | prices
    | st.lists(prices, min_size=1, max_size=3)
    | strange
)
products = st.dictionaries(st.sampled_from(FIELDS), values, max_size=len(FIELDS))


def expected(value: Any) -> tuple[str, tuple[Any, ...]] | None:
    """The kind and stored parts of one value, said once more in the plainest way."""
    if isinstance(value, bool):
        return "flag", (value,)
    if isinstance(value, str):
        return "text", (value,)
    if isinstance(value, (int, float)):
        return "number", (float(value),)
    if plain_price(value):
        return "price", (float(value["amount"]), value["currency"])
    if isinstance(value, list) and value and all(isinstance(entry, str) for entry in value):
        return "list", (value,)
    if isinstance(value, list) and value and all(plain_price(entry) for entry in value):
        return "prices", (
            [float(price["amount"]) for price in value],
            [price["currency"] for price in value],
            [price.get("locale") or "" for price in value],
        )
    return None


def plain_price(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) <= {"amount", "currency", "locale"}
        and type(value.get("amount")) in (int, float)
        and isinstance(value.get("currency"), str)
        and isinstance(value.get("locale"), (str, type(None)))
    )


def project(documents: list[dict[str, Any]]) -> tuple[dict[Any, int], dict[str, Any]]:
    attributes = attributes_of([json.dumps(document) for document in documents])
    fields = sorted({field for field, _ in attributes})
    numbers = {(field, kind): fields.index(field) for field, kind in attributes}
    return numbers, columns_of(attributes, numbers)


def missing(kind: str) -> tuple[Any, ...]:
    return tuple(default for _, _, default in KINDS[kind].parts)


def listed(parts: tuple[Any, ...]) -> list[Any]:
    return [list(part) if isinstance(part, tuple) else part for part in parts]


@given(st.lists(products, max_size=12))
def test_each_value_is_in_the_column_of_its_kind_and_nowhere_else(documents: list[dict[str, Any]]):
    numbers, columns = project(documents)
    for row, document in enumerate(documents):
        for (field, kind), number in numbers.items():
            found = tuple(columns[name][row] for name in KINDS[kind].columns(number))
            value = expected(document.get(field))
            wanted = value[1] if value is not None and value[0] == kind else missing(kind)
            assert listed(found) == listed(wanted), (field, kind, document)
        for field, value in document.items():
            if (its := expected(value)) is not None:
                assert (field, its[0]) in numbers


@given(st.lists(products, min_size=1, max_size=12))
def test_every_column_is_as_long_as_the_block_and_has_a_type(documents: list[dict[str, Any]]):
    _, columns = project(documents)
    assert {len(column) for column in columns.values()} <= {len(documents)}
    assert all(column_type(name) for name in columns)


def test_a_block_larger_than_what_is_decoded_at_once_keeps_its_order():
    documents: list[dict[str, Any]] = [{"n": row} for row in range(4_500)]
    documents[3_000] = {"late": "only here"}
    numbers, columns = project(documents)
    assert columns[f"number_{numbers['n', 'number']}"] == [
        None if row == 3_000 else row for row in range(4_500)
    ]
    late = columns[f"text_{numbers['late', 'text']}"]
    assert [row for row, value in enumerate(late) if value is not None] == [3_000]


def test_whole_numbers_beyond_64_bits_are_numbers_still():
    _, columns = project([{"big": 10**30}, {"big": -(10**30)}])
    assert list(columns.values()) == [[1e30, -1e30]]


def test_a_field_without_a_column_is_left_out():
    attributes = attributes_of(['{"a": "x", "b": "y"}'])
    assert columns_of(attributes, {("a", "text"): None, ("b", "text"): 3}) == {"text_3": ["y"]}


def test_only_columns_of_ours_have_a_type():
    assert column_type("text_0") == "Nullable(String)"
    assert column_type("prices_3_locale") == "Array(LowCardinality(String))"
    for name in ("text_00", "text_200", "text_1_amount", "price_1", "sku", "text_1; DROP", ""):
        assert column_type(name) is None


def test_an_empty_list_and_an_empty_object_have_no_kind():
    assert kind_of([]) is None
    assert kind_of({}) is None
    assert kind_of(None) is None
