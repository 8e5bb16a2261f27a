"""Numbers of a workbook as the person who made it sees them, with all their digits.

A cell holds a number and a format. Codes keep their digits (`4006381333931`, never 4.00638E+12)
and, under a format of zeros alone, their leading zeros; whole numbers have no `.0`. A date is ISO
8601: `2024-01-05`, `2024-01-05T10:30:00`, `10:30:00` – which of them the format says. A duration
is `26:30:00`, a percentage `19%`. Thousands separators, rounding and currency signs of a format
are left out: the value is exact.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

ToText = Callable[[str], str]

# Formats that are known by number. Others below 164 are plain numbers or vary by country.
_BUILT_IN = {
    9: "0%",
    10: "0.00%",
    14: "yyyy-mm-dd",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
} | dict.fromkeys([*range(27, 37), *range(50, 59)], "yyyy-mm-dd")
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_DATE_PART = re.compile(r"am/pm|a/p|y+|d+|h+|s+(?:\.0+)?|m+", re.IGNORECASE)
_REMEMBERED = 20_000
_LAST_DAY = 2_958_466  # the first of the year 10000


def text_maker(format_id: int, code: str | None, *, since_1904: bool) -> ToText:
    """A function that turns a stored number into text, for cells of one format.

    code: the format's own, for ids from 164 on.
    """
    section = _LITERAL.sub("", (code or _BUILT_IN.get(format_id, "")).split(";")[0]).strip()
    if not section or section.lower() == "general":
        return _remembering(plain_number)
    if section.count("%") == 1:
        return _remembering(_percentage)
    if set(section) == {"0"} and len(section) > 1:
        return _remembering(lambda digits: _padded(digits, len(section)))
    if _ELAPSED.search(section):
        return _remembering(_duration)
    if not re.search(r"[#?]|(?<![s.0])0|(?<!s)\.0", section, re.IGNORECASE):
        date, time = _parts(section)
        if date or time:
            grain = 1 if ".0" in section else 1000
            return _remembering(lambda digits: _moment(digits, date, time, since_1904, grain))
    return _remembering(plain_number)


def plain_number(digits: str) -> str:
    """The number in full. Digits beyond the 15 that spreadsheets keep are noise and rounded off."""
    if digits.isdigit() or (digits[:1] == "-" and digits[1:].isdigit()):
        return digits
    try:
        value = float(digits)
        return _trimmed(Decimal(f"{value:.15g}"))
    except (ValueError, ArithmeticError):
        return digits


def _trimmed(value: Decimal) -> str:
    if not value.is_finite() or abs(value.adjusted()) > 60:
        return str(value)
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _percentage(digits: str) -> str:
    try:
        return _trimmed(Decimal(plain_number(digits)).scaleb(2)) + "%"
    except ArithmeticError:
        return digits


def _padded(digits: str, width: int) -> str:
    text = plain_number(digits)
    return text.zfill(width) if text.isdigit() else text


def _parts(section: str) -> tuple[bool, bool]:
    """Whether a format shows a date and whether it shows a time.

    An m is minutes beside hours or seconds, months elsewhere.
    """
    parts = [part[0].lower() for part in _DATE_PART.findall(section)]
    date = time = False
    for place, part in enumerate(parts):
        beside = parts[max(place - 1, 0) : place] + parts[place + 1 : place + 2]
        minutes = part == "m" and ((beside[:1] == ["h"] and place > 0) or "s" in beside[-1:])
        if part in "hsa" or minutes:
            time = True
        else:
            date = True
    return date, time


def _moment(digits: str, date: bool, time: bool, since_1904: bool, grain: int) -> str:
    """The ISO form of a day number, or the number itself when it is none.

    grain: to how many milliseconds it is rounded.
    """
    try:
        days = float(digits)
    except ValueError:
        return digits
    if not 0 <= days < _LAST_DAY:
        return plain_number(digits)
    whole = int(days)
    if date and not since_1904 and whole == 60:
        return "1900-02-29" + ("T00:00:00" if time else "")  # a day only spreadsheets know
    first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30 + (whole < 60))
    moment = first + timedelta(milliseconds=grain * round(days * 86_400_000 / grain))
    if not time:
        return moment.date().isoformat()
    precision = "milliseconds" if moment.microsecond else "seconds"
    return moment.isoformat(timespec=precision) if date else moment.time().isoformat(precision)


def _duration(digits: str) -> str:
    try:
        seconds = round(float(digits) * 86_400)
    except (ValueError, OverflowError):
        return digits
    sign = "-" if seconds < 0 else ""
    minutes, second = divmod(abs(seconds), 60)
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{second:02}"


def _remembering(work_out: ToText) -> ToText:
    """Answers are a dict's own lookup, so that a repeated number costs no Python call."""

    class Known(dict[str, str]):
        def __missing__(self, digits: str) -> str:
            if len(self) >= _REMEMBERED:
                self.clear()
            text = self[digits] = work_out(digits)
            return text

    return Known().__getitem__
