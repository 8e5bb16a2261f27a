from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from pim.catalog.filters import FilterError
from pim.catalog.folding import fold, is_form, stands_in
from pim.catalog.state import CatalogState, range_name, read_state, state_of_url
from pim.schema.fields import Field
from pim.schema.types import CoerceContext
from pim.segments.dsl.properties import properties_of

PROPERTIES = properties_of([Field("brand", "string"), Field("price", "price")])
GERMAN = CoerceContext("EUR", "de_DE", ",")

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
words = texts.map(lambda text: " ".join(text.split())).filter(bool)
states = st.builds(
    CatalogState,
    q=words,
    filters=st.lists(texts.filter(lambda t: t.strip()), unique=True, max_size=4).map(tuple),
    sort=st.sampled_from(["sku", "name", "price", "size: EU"]),
    descending=st.booleans(),
    columns=st.none() | st.just(("brand", "größe (cm)", "a%b", "c:d")),
    import_id=st.none() | st.integers(1, 10**12),
    cursor=st.just("") | st.just("abc_-1"),
    adding=st.none() | st.just("") | st.just("price"),
)


@given(states)
def test_an_address_reads_as_the_state_it_was_written_from(state: CatalogState) -> None:
    assert state_of_url(state.url()) == state


def test_what_is_as_usual_is_not_in_the_address() -> None:
    assert CatalogState().url() == "/pim"
    assert read_state(MultiDict()) == CatalogState()


def test_narrowing_down_starts_at_the_first_page() -> None:
    state = CatalogState(cursor="abc", sort="price")
    assert state.with_filters(["brand:eq:Lumo"]).cursor == ""
    assert state.sorted_by("name").cursor == ""
    assert state.cleared().sort == "price"


def test_sorting_by_the_same_column_turns_it_round() -> None:
    state = CatalogState().sorted_by("price")
    assert (state.sort, state.descending) == ("price", False)
    assert state.sorted_by("price").descending
    assert not state.sorted_by("price").sorted_by("price").descending


def test_nonsense_in_the_address_is_passed_over() -> None:
    state = state_of_url("/pim?import_id=x&sort=-&f=&f=%20&cols=,,&after=")
    assert state == CatalogState(descending=True)


def test_a_form_carries_the_rest_of_the_address_in_hidden_inputs() -> None:
    state = CatalogState(q="lamp", filters=("a:eq:1", "b:eq:2"), cursor="x", adding="a")
    assert state.hidden("q") == [("f", "a:eq:1"), ("f", "b:eq:2")]


def test_a_range_facet_becomes_one_filter_and_replaces_its_former_one() -> None:
    name = range_name("price", "EUR")
    args = MultiDict({f"{name}_min": "100", f"{name}_max": "1.299,50"})
    before = CatalogState(filters=("price:gte:5 EUR", "price:gte:5 USD", "brand:eq:Lumo"))
    after = fold(args, before, PROPERTIES, GERMAN)
    assert after.filters == (
        "price:gte:5 USD",
        "brand:eq:Lumo",
        "price:between:100..1299.5 EUR",
    )
    assert is_form(args)


def test_emptying_a_range_facet_takes_its_filter_away() -> None:
    name = range_name("price", "EUR")
    args = MultiDict({f"{name}_min": "", f"{name}_max": " "})
    before = CatalogState(filters=("price:between:1..2 EUR", "price:is_not_set:"))
    assert fold(args, before, PROPERTIES, GERMAN).filters == ("price:is_not_set:",)


def test_a_range_with_one_end_is_at_least_or_at_most() -> None:
    name = range_name("price", "EUR")
    low = fold(MultiDict({f"{name}_min": "1"}), CatalogState(), PROPERTIES, GERMAN)
    high = fold(MultiDict({f"{name}_max": "2"}), CatalogState(), PROPERTIES, GERMAN)
    assert (low.filters, high.filters) == (("price:gte:1 EUR",), ("price:lte:2 EUR",))


def test_an_unchanged_range_leaves_the_filters_in_their_order() -> None:
    name = range_name("price", "EUR")
    state = CatalogState(filters=("price:between:1..2 EUR", "brand:eq:Lumo"))
    args = MultiDict({f"{name}_min": "1", f"{name}_max": "2"})
    assert fold(args, state, PROPERTIES, GERMAN) == state


def test_a_new_filter_is_written_the_one_way() -> None:
    args = MultiDict({"apply": "1", "add": "price", "fo": "gte", "fv": "12,50", "fc": "EUR"})
    assert fold(args, CatalogState(), PROPERTIES, GERMAN).filters == ("price:gte:12.5 EUR",)


def test_a_new_filter_without_a_value_is_refused() -> None:
    args = MultiDict({"apply": "1", "add": "brand", "fo": "eq", "fv": " "})
    with pytest.raises(FilterError, match="which value"):
        fold(args, CatalogState(), PROPERTIES, GERMAN)


def test_a_filter_of_another_currency_is_not_what_a_range_shows() -> None:
    assert stands_in("price:gte:5 EUR", "price", "EUR")
    assert not stands_in("price:gte:5 USD", "price", "EUR")
    assert not stands_in("price:gte:5", "price", "EUR")
    assert stands_in("price:gte:5", "price", "")
    assert not stands_in("nonsense", "price", "")
