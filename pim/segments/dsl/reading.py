"""The values of a condition, read as the type of its property."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from pim.schema.types import CoerceContext, CoercionError, coerce, is_blank
from pim.schema.types.currency import known_currency
from pim.schema.types.number import MAX_DIGITS
from pim.segments.dsl.ast import Attribute
from pim.segments.dsl.errors import Problems, listed, mistaken, named
from pim.segments.dsl.operators import PRESENCE, UNITS, Operator
from pim.segments.dsl.properties import Property
from pim.segments.dsl.rule import Duration, Moment

MAX_TEXT, MAX_WORD = 1_000, 200
MAX_VALUES, MAX_WORDS = 5_000, 100
# A server of ClickHouse takes no longer value than 128 kB, written with its escapes.
MAX_LIST_BYTES = 100_000
# What ClickHouse's moments hold with room to spare.
YEARS = range(1900, 2200)
_LONGEST_DAYS = 100 * 366
_DAYS: Mapping[str, float] = {
    "minutes": 1 / 1440,
    "hours": 1 / 24,
    "days": 1,
    "weeks": 7,
    "months": 31,
}
# Python reads more of ISO 8601: weeks, and days without hyphens.
_DAY_OR_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?P<time>[T ].+)?", re.ASCII)
_WHOLE_TEXT = ("eq", "neq", "in", "not_in")


class Unreadable(Exception):
    """A value that can't be read; the message is for the person who wrote it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(slots=True)
class ValueReader:
    """Reads what one condition compares with; what is wrong goes to `problems`."""

    node: Attribute
    prop: Property
    operator: Operator
    ctx: CoerceContext
    problems: Problems
    currency: str = ""

    def read(self) -> tuple[Any, ...] | None:
        """The values; None if there is anything wrong with them."""
        before = len(self.problems.found)
        self._read_currency()
        values = _BY_ARITY[self.operator.arity](self)
        if self.is_price and not self.currency and self.operator.name not in PRESENCE:
            self.currency = self.ctx.default_currency
        return values if len(self.problems.found) == before else None

    @property
    def is_price(self) -> bool:
        """Whether amounts are compared, which have a currency."""
        return self.prop.kind in ("price", "multi_price")

    def _read_currency(self) -> None:
        if self.node.currency is None:
            return
        if not self.is_price:
            message = f"{self.prop.label} is no price, so it has no currency."
            self.problems.add(f"{self.node.path}/currency", "no_price", message)
            return
        self._take_currency(self.node.currency, f"{self.node.path}/currency")

    def _take_currency(self, code: Any, path: str) -> None:
        try:
            found = known_currency(code)
        except CoercionError as error:
            self.problems.add(path, error.code, error.message)
            return
        if self.currency and found != self.currency:
            message = f"{found} and {self.currency} can't be compared. Choose one currency."
            self.problems.add(path, "two_currencies", message)
        self.currency = self.currency or found

    def none(self) -> tuple[Any, ...]:
        """Nothing to compare with; what is written nevertheless means nothing."""
        return ()

    def one(self) -> tuple[Any, ...]:
        """`value`."""
        return tuple(self._entry(self.node.value, f"{self.node.path}/value"))

    def two(self) -> tuple[Any, ...]:
        """`value` and `value2`, in that order."""
        path = self.node.path
        low = self._entry(self.node.value, f"{path}/value", "Say where the range begins.")
        high = self._entry(self.node.value2, f"{path}/value2", "Say where the range ends.")
        if low and high and _is_reversed(low[0], high[0]):
            written = f"{_written(self.node.value)} is more than {_written(self.node.value2)}"
            message = f"{written}. Write the lower end first."
            self.problems.add(f"{path}/value2", "reversed_range", message)
        return (*low, *high)

    def many(self) -> tuple[Any, ...]:
        """The entries of the list in `value`, each once."""
        path, written = f"{self.node.path}/value", self.node.value
        if self.operator.name == "matches_any_word" and isinstance(written, str):
            written = words_of(written)
        if is_blank(written):
            self.problems.add(path, "required", "Say which values to look for.")
            return ()
        if not isinstance(written, list):
            self.problems.add(path, "not_a_list", mistaken(written, "a list of values"))
            return ()
        most = MAX_WORDS if self.operator.name == "matches_any_word" else MAX_VALUES
        if len(written) > most or _bytes_of(written) > MAX_LIST_BYTES:
            message = f"The list has {len(written):,} values. At most {most:,} are allowed."
            if len(written) <= most:
                message = "The values of the list are too long together. Make it shorter."
            self.problems.add(path, "too_many_values", message)
            return ()
        read = [self._entry(each, f"{path}/{index}") for index, each in enumerate(written)]
        return tuple(dict.fromkeys(value for found in read for value in found))

    def duration(self) -> tuple[Any, ...]:
        """`value` units of time."""
        found = read_duration(
            self.node.value,
            self.node.unit,
            self.problems,
            f"{self.node.path}/value",
            f"{self.node.path}/unit",
        )
        return () if found is None else (found,)

    def _entry(
        self, written: Any, path: str, missing: str = "Say which value to look for."
    ) -> tuple[Any, ...]:
        """One value, in a tuple; empty if it can't be read."""
        if self.is_price and isinstance(written, Mapping):
            written = self._amount(written, path)
            path = f"{path}/amount"
        if is_blank(written):
            self.problems.add(path, "required", missing)
            return ()
        try:
            read: _Read = _READERS.get(self.prop.kind, _text)
            return (read(written, self),)
        except Unreadable as error:
            self.problems.add(path, error.code, error.message)
        except CoercionError as error:
            self.problems.add(path, error.code, _said_of(written, error))
        return ()

    def _amount(self, written: Mapping[str, Any], path: str) -> Any:
        self.problems.unknown_keys(written, ("amount", "currency"), path)
        if written.get("currency") is not None:
            self._take_currency(written["currency"], f"{path}/currency")
        return written.get("amount")


_Read = Callable[[Any, ValueReader], Any]
_BY_ARITY: Mapping[str, Callable[[ValueReader], tuple[Any, ...]]] = {
    "none": ValueReader.none,
    "one": ValueReader.one,
    "two": ValueReader.two,
    "many": ValueReader.many,
    "duration": ValueReader.duration,
}


def read_duration(
    amount: Any, unit: str | None, problems: Problems, path: str, unit_path: str
) -> Duration | None:
    """How long; None if it can't be read, which is noted at the one or the other place."""
    before = len(problems.found)
    if unit not in UNITS:
        chosen = f"Choose {listed(UNITS)}."
        said = chosen if unit is None else f"{named(unit)} is not a unit of time. {chosen}"
        problems.add(unit_path, "unknown_unit", said)
    try:
        count = _whole(amount)
        if unit in UNITS and count * _DAYS[unit] > _LONGEST_DAYS:
            raise Unreadable("too_long_ago", f"{count:,} {unit} is more than 100 years.")
    except Unreadable as error:
        problems.add(path, error.code, error.message)
    else:
        if unit is not None and len(problems.found) == before:
            return Duration(count, unit)
    return None


def _whole(written: Any) -> int:
    if is_blank(written):
        raise Unreadable("required", "Say how long ago at most.")
    try:
        found = coerce("number", written, CoerceContext(decimal="json"))
    except CoercionError as error:
        raise Unreadable(error.code, _said_of(written, error)) from None
    if not isinstance(found, int) or found < 1:
        raise Unreadable("not_a_whole_number", f"{named(written)} is not a whole number from 1.")
    return found


# A field's value may also be left empty, or its field be made text; a rule's may not.
_SAID_IN_RULES: Mapping[str, str] = {
    "not_a_number": "{} is not a number. Write it like 1234.5.",
    "number_with_unit": "{} is more than a number. Write the number alone.",
    "number_too_long": f"{{}} has more than {MAX_DIGITS} digits. Round it.",
}


def _said_of(written: Any, error: CoercionError) -> str:
    """What is wrong with a value, in words that fit a rule."""
    said = _SAID_IN_RULES.get(error.code)
    return error.message if said is None else said.format(named(written))


def _text(written: Any, reader: ValueReader) -> str:
    """A text; where it is compared as a whole without blanks around it, as all values are kept."""
    if isinstance(written, (bool, dict, list)):
        hint = " Choose an operator for lists." if isinstance(written, list) else ""
        raise Unreadable("not_text", mistaken(written, "text") + hint)
    found = str(coerce("string", written, reader.ctx))
    most = MAX_WORD if reader.operator.name == "matches_any_word" else MAX_TEXT
    if len(found) > most:
        message = f"{named(written)} has {len(found):,} characters; at most {most:,} are allowed."
        raise Unreadable("too_long", message)
    whole = reader.operator.name in _WHOLE_TEXT or reader.prop.kind == "array"
    return found if whole or not isinstance(written, str) else written


def _number(written: Any, reader: ValueReader) -> int | Decimal:
    if isinstance(written, (bool, dict, list)):
        raise Unreadable("not_a_number", mistaken(written, "a number"))
    found = coerce("number", written, reader.ctx)
    assert isinstance(found, int | Decimal)
    assert math.isfinite(found)
    return found


def _moment(written: Any, _: ValueReader) -> Moment:
    problem = Unreadable(
        "not_a_moment",
        f"{named(written)} is not a day like 2026-03-31 or a moment like 2026-03-31T09:30:00Z.",
    )
    if not isinstance(written, str):
        raise problem
    form = _DAY_OR_MOMENT.fullmatch(written.strip())
    if form is None:
        raise problem
    is_day = not form["time"]
    try:
        at = datetime.fromisoformat(form[0])
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise problem from None
    if at.year not in YEARS:
        raise Unreadable("not_a_moment", f"{named(written)} is too far away.")
    return Moment(at, is_day)


_READERS: Mapping[str, _Read] = {
    "number": _number,
    "price": _number,
    "multi_price": _number,
    "date": _moment,
}


def words_of(text: str) -> list[str]:
    """The words of one text, which blanks and commas separate."""
    return text.replace(",", " ").split()


def end_of(moment: Moment) -> datetime:
    """The first instant that lies after it: of a day, the next day."""
    return moment.at + (timedelta(days=1) if moment.is_day else timedelta(microseconds=1))


def _bytes_of(values: list[Any]) -> int:
    """How long a list gets as it is sent: with its escapes, its case folded or not."""
    plain = (value for value in values if isinstance(value, (str, int, Decimal)))
    return sum(_bytes_of_text(str(value)) + 3 for value in plain)


def _bytes_of_text(text: str) -> int:
    escapes = sum(map(text.count, ("'", "\\", "\t", "\n")))
    lengths = (len(each.encode(errors="replace")) for each in (text, text.casefold()))
    return max(lengths) + escapes


def _is_reversed(low: Any, high: Any) -> bool:
    if isinstance(low, Moment):
        return low.at >= end_of(high)
    return bool(low > high)


def _written(value: Any) -> str:
    return str(value.get("amount")) if isinstance(value, Mapping) else str(value)
