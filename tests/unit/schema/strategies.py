"""Values for the property tests: canonical ones by type, and anything at all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from pim.schema.types import CoerceContext, CoercionError, coerce
from pim.schema.types.base import trim
from pim.schema.types.currency import current_currencies

NOTATIONS = st.sampled_from([None, ".", ",", "json"])
CONTEXTS = st.builds(
    CoerceContext,
    default_currency=st.sampled_from(["EUR", "USD", "CAD", "JPY", "SEK", ""]),
    default_locale=st.sampled_from(["en_US", "de_DE", "fr_CH"]),
    decimal=NOTATIONS,
)

JSON_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.text()
    | st.text(st.characters(codec=None), max_size=20)
)
ANYTHING = st.recursive(
    JSON_SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["amount", "currency", "locale", "EUR"]) | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
# Texts that look like what the readers look for reach further than arbitrary ones.
ALMOST = st.text(
    st.sampled_from("0123456789.,'- +eE€$£¥()[]{}\"|;:/\\\n\t%_ \u00a0\u202f−–٣²½EURUSDkrjanei"),
    max_size=24,
)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=30).map(trim)


def _canonical_number(value: Decimal) -> int | Decimal:
    found: int | Decimal = coerce("number", value)
    return found


NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20).map(Decimal),
    st.decimals(-(10**12), 10**12, places=2),
    st.decimals(-(10**6), 10**6, places=3),
    st.decimals(-10, 10, places=12),
).map(_canonical_number)
AMOUNTS = NUMBERS.map(abs)
PRICES = st.fixed_dictionaries(
    {"amount": AMOUNTS, "currency": st.sampled_from(current_currencies())}
)
LOCALES = st.sampled_from(["de_DE", "en_US", "fr", "zh_Hans_CN", "es_419"])
MULTI_PRICES = st.lists(
    st.builds(
        lambda price, locale: {**price, "locale": locale} if locale else price,
        PRICES,
        st.none() | LOCALES,
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda entry: (entry["currency"], entry.get("locale")),
)
URLS = st.builds(
    lambda scheme, host, path: f"{scheme}://{host}/{path}",
    st.sampled_from(["http", "https", "HTTPS"]),
    st.sampled_from(["example.com", "müller.de", "[::1]:8080", "localhost", "a-b.co.uk:80"]),
    st.text(st.characters(categories=["L", "N"]), max_size=20),
)

CANONICAL: dict[str, st.SearchStrategy[Any]] = {
    "string": WORDS.filter(bool),
    "number": NUMBERS,
    "boolean": st.booleans(),
    "array": st.lists(WORDS.filter(bool) | ALMOST.map(trim).filter(bool), min_size=1, unique=True),
    "url": URLS,
    "price": PRICES,
    "multi_price": MULTI_PRICES,
}


def attempt(
    type_name: str, value: Any, ctx: CoerceContext
) -> tuple[Any, None] | tuple[None, CoercionError]:
    """The canonical value, or the error."""
    try:
        return coerce(type_name, value, ctx), None
    except CoercionError as error:
        return None, error


def read(type_name: str, value: Any, ctx: CoerceContext) -> Any:
    """The canonical value, or the error's code."""
    found, error = attempt(type_name, value, ctx)
    return found if error is None else error.code
