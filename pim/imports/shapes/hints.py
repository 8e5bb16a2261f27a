"""What a shape makes plain about columns, for those who suggest where they go."""

from __future__ import annotations

from pim.imports.readers.base import Dialect
from pim.imports.shapes.shaping import Shaping


def spoken_for(dialect: Dialect, home_currency: str | None = None) -> dict[str, str]:
    """Columns whose values stand in others already, with the reason in words.

    home_currency: the tenant's own, whose prices may stand on their own too.
    """
    if dialect.shaping is None:
        return {}
    shaping = Shaping.from_dict(dialect.shaping)
    found: dict[str, str] = {}
    if shaping.pair_names:
        names = _listed(shaping.pair_names)
        for name, value in shaping.pairs:
            found[name] = f"names attributes; their values stand in {names}"
            found[value] = f"its values stand in {names}"
    for column, listed in shaping.listed:
        found[column] = f"its values stand in {_listed(listed)}"
    for column, currency, _ in shaping.prices:
        if currency and currency != home_currency:
            found[column] = f"its values stand in “{shaping.prices_in}”"
    if shaping.identity and not shaping.bound:
        for column in shaping.by:
            found[column] = "tells rows of one product apart, which are joined"
    return found


def _listed(names: tuple[str, ...]) -> str:
    told = " and ".join(f"“{name}”" for name in names[:2])
    return told if len(names) < 3 else f"{told} and {len(names) - 2:,} more columns"
