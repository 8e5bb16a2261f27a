"""How figures, sizes, times and names are written on pages. Pure; registered as Jinja filters."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from decimal import Decimal

from markupsafe import Markup, escape

HUES = 12


def search_words(sent: str, most: int = 200) -> str:
    """What somebody searches for, without blanks around its words and what no text holds."""
    return " ".join(sent.replace("\0", " ").split())[:most]


def thousands(value: int | float | Decimal | None) -> str:
    """`48213` → `48,213`; nothing → `—`."""
    return "—" if value is None else f"{value:,}"


def filesize(value: int | None) -> str:
    """Bytes as people read them: `12.4 MB` (decimal units, as file managers show them)."""
    if value is None:
        return "—"
    size = float(value)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":
            break
        size /= 1000
    return f"{int(size):,} bytes" if unit == "bytes" else f"{size:,.1f} {unit}"


def duration(seconds: float | None) -> str:
    """`3.1 s`, `42 s`, `4 min 5 s`, `2 h 10 min`."""
    if seconds is None:
        return "—"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    hours, minutes = whole // 3600, whole % 3600 // 60
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def elapsed_words(then: datetime, now: datetime) -> str:
    """How long ago, in few words: `just now`, `4 min ago`, `yesterday`, then the date."""
    seconds = (now - then).total_seconds()
    if seconds < 5:
        return "just now"
    if seconds < 60:
        return f"{int(seconds)} s ago"
    if seconds < 3600:
        return f"{int(seconds // 60)} min ago"
    if seconds < 86_400:
        return f"{int(seconds // 3600)} h ago"
    if seconds < 2 * 86_400:
        return "yesterday"
    if seconds < 14 * 86_400:
        return f"{int(seconds // 86_400)} days ago"
    return f"{then.day} {then:%b %Y}"


def ago(then: datetime | None, now: datetime | None = None) -> Markup:
    """A <time> element that says how long ago, with the exact moment in its title."""
    if then is None:
        return Markup("—")
    words = elapsed_words(then, now or datetime.now(UTC))
    exact = f"{then:%Y-%m-%d %H:%M:%S} {then.tzname() or ''}".strip()
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        then.isoformat(), exact, escape(words)
    )


def plural(count: int, one: str, many: str | None = None) -> str:
    """`plural(1, "row")` → `1 row`; `plural(2104, "row")` → `2,104 rows`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def hue(seed: object) -> int:
    """A stable number from 0 to 11 for a colour class, the same on every machine and every day."""
    return zlib.crc32(str(seed).encode("utf-8", "surrogatepass")) % HUES


def initials(name: str | None) -> str:
    """`Ada King` → `AK`; one word gives its first two letters."""
    words = (name or "?").replace("@", " ").split()
    if not words:
        return "?"
    letters = words[0][:2] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


FILTERS = {
    "thousands": thousands,
    "filesize": filesize,
    "duration": duration,
    "ago": ago,
    "plural": plural,
    "hue": hue,
    "initials": initials,
}
