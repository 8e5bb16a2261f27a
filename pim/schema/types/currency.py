"""Currencies: ISO 4217 codes, and the symbols people write instead.

A symbol that several currencies share (`$`, `£`, `¥`, `kr`, `lei`, `Rs`) means the tenant's
default currency if that is one of them. Otherwise `$` is USD, `£` is GBP and `¥` is JPY, as
Unicode's CLDR has it; `kr` and `Rs` have no such meaning and are refused.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from babel.core import get_global
from babel.numbers import get_currency_precision, list_currencies

from pim.schema.types.base import CoercionError, shown

_SHARED_MONEY = {"XAF", "XCD", "XCG", "XOF", "XPF"}
CURRENCIES = frozenset(c for c in list_currencies() if c[0] != "X" or c in _SHARED_MONEY)
"""Every code that is or was money; testing codes and metals are left out."""

SHARED_SYMBOLS: dict[str, tuple[str | None, frozenset[str]]] = {
    symbol: (usual, frozenset(codes.split()))
    for symbol, usual, codes in (
        ("$", "USD", "USD AUD CAD NZD SGD HKD TWD MXN ARS CLP COP UYU BRL BBD BSD BMD BND BZD"
         " DOP FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD"),
        ("£", "GBP", "GBP EGP FKP GIP LBP SDG SHP SSP SYP"),
        ("¥", "JPY", "JPY CNY"),
        ("kr", None, "SEK NOK DKK ISK"),
        ("lei", "RON", "RON MDL"),
        ("rs", None, "INR PKR LKR NPR MUR SCR"),
    )
}  # fmt: skip
SYMBOLS = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "us$": "USD", "usd$": "USD", "u$s": "USD",
    "au$": "AUD", "a$": "AUD", "ca$": "CAD", "c$": "CAD", "can$": "CAD", "nz$": "NZD",
    "s$": "SGD", "sg$": "SGD", "hk$": "HKD", "nt$": "TWD", "mx$": "MXN", "r$": "BRL",
    "cn¥": "CNY", "jp¥": "JPY", "元": "CNY", "人民币": "CNY", "rmb": "CNY", "円": "JPY",
    "￥": "JPY", "₩": "KRW", "₹": "INR", "₽": "RUB", "руб": "RUB", "₺": "TRY", "tl": "TRY",
    "₴": "UAH", "грн": "UAH", "₪": "ILS", "฿": "THB", "₫": "VND", "zł": "PLN", "zl": "PLN",
    "kč": "CZK", "kčs": "CZK", "ft": "HUF", "лв": "BGN", "sfr": "CHF", "fr": "CHF",
    "₦": "NGN", "₱": "PHP",
    "₡": "CRC", "₲": "PYG", "₸": "KZT", "₵": "GHS", "₾": "GEL", "₼": "AZN", "дин": "RSD",
}  # fmt: skip


@lru_cache(maxsize=4096)
def currency_of(marker: str, default: str) -> str | None:
    """The code a marker beside an amount stands for; None if it is no currency at all.

    marker: what stands before or after the number, trimmed. default: the tenant's currency.
    Raises CoercionError for a code that doesn't exist and a symbol several currencies share.
    """
    code = marker.upper()
    if code in CURRENCIES:
        return code
    symbol = marker.casefold().rstrip(".")
    if symbol in SYMBOLS:
        return SYMBOLS[symbol]
    if symbol in SHARED_SYMBOLS:
        usual, family = SHARED_SYMBOLS[symbol]
        if default in family:
            return default
        if usual is None:
            raise CoercionError(
                "ambiguous_currency",
                f"{shown(marker)} can be {', '.join(sorted(family))}. Write the currency's code.",
            )
        return usual
    if len(code) == 3 and code.isascii() and code.isalpha():
        raise unknown_currency(marker)
    return None


@lru_cache(maxsize=4096)
def currency_beside(before: str, after: str, default: str) -> str | None:
    """The code that the marker before and the one after an amount stand for, "" being none.

    None if one of them is no currency. Raises CoercionError as `currency_of`, and if they differ.
    """
    found = [currency_of(marker, default) for marker in (before, after) if marker]
    if None in found:
        return None
    if len(found) == 2 and found[0] != found[1]:
        if _may_mean(before, found[1]):
            return found[1]
        if not _may_mean(after, found[0]):
            raise CoercionError(
                "two_currencies", f"{shown(before)} and {shown(after)} differ. Keep one of them."
            )
    return found[0]


def _may_mean(marker: str, code: str | None) -> bool:
    """Whether a shared symbol can stand for this currency (`$` for CAD)."""
    shared = SHARED_SYMBOLS.get(marker.casefold().rstrip("."))
    return shared is not None and code in shared[1]


def known_currency(code: object) -> str:
    """The code in capitals; raises CoercionError if it isn't an ISO 4217 code."""
    found = code.strip().upper() if isinstance(code, str) else ""
    if found not in CURRENCIES:
        raise unknown_currency(code)
    return found


def unknown_currency(code: object) -> CoercionError:
    """The error for something that is no currency."""
    return CoercionError(
        "unknown_currency", f"{shown(code)} is not a currency. Use a code like EUR or USD."
    )


@lru_cache(maxsize=512)
def decimals_of(code: str) -> int:
    """How many decimals the currency's amounts have: 2 for EUR, 0 for JPY."""
    return get_currency_precision(code)


@lru_cache(maxsize=1)
def current_currencies() -> tuple[str, ...]:
    """The codes in use today, in alphabetical order, to choose from."""
    today = date.today()
    found = set()
    for uses in get_global("territory_currencies").values():
        for code, _, end, tender in uses:
            if tender and code in CURRENCIES and (end is None or date(*end) >= today):
                found.add(code)
    return tuple(sorted(found))
