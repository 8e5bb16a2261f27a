"""What a shape does to a file, as plain data: kept with the dialect, applied by every reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

NONE = "none"


@dataclass(frozen=True, slots=True)
class Variant:
    """A column for the values that rows of one kind have in another.

    label: what tells these rows, as `de_DE`; the header is `name-de_DE`.
    """

    column: str
    label: str

    @property
    def header(self) -> str:
        """The name of the column that is made."""
        return f"{self.column}-{self.label}"


@dataclass(frozen=True, slots=True)
class Shaping:
    """Columns are named by their headers. Steps happen in the order of the fields.

    replace: (column, text, what to read instead). says: (column, text, added column, its text).
    listed: (column, names), a column that holds `name=value, …`. fill_by: adjacent rows with the
    same value here are one product with its variants; `fill` are the columns that only the first
    of them has; rows without any of `marks` only bring a picture, `picture`, and all pictures
    stand together in `pictures`. pairs: (name column, value column); each name of `pair_names`
    gets a column. identity: rows with the same value here are one product, told apart by the
    columns `by`; those of `main` fill the plain columns, others fill `variants`. bound: columns
    that mean nothing in rows other than the main ones. prices: (column of
    amounts, their currency, or else the column it stands in), all together in `prices_in`.
    scattered: such rows may be far from each
    other. rest: differences met where no column was made for them go to a last one.
    """

    name: str
    replace: tuple[tuple[str, str, str], ...] = ()
    says: tuple[tuple[str, str, str, str], ...] = ()
    listed: tuple[tuple[str, tuple[str, ...]], ...] = ()
    fill_by: str | None = None
    fill: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    picture: str | None = None
    pictures: str | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    pair_names: tuple[str, ...] = ()
    identity: str | None = None
    by: tuple[str, ...] = ()
    main: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    bound: tuple[str, ...] = ()
    prices: tuple[tuple[str, str, str], ...] = ()
    prices_in: str | None = None
    scattered: bool = False
    rest: bool = False

    def as_dict(self) -> dict[str, Any]:
        """JSON shape, without what doesn't apply."""
        plain: dict[str, Any] = _as_lists(asdict(self))
        return {key: value for key, value in plain.items() if value}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Shaping:
        """The reverse of `as_dict`."""
        known = {field.name for field in fields(cls)}
        values = {key: _as_tuples(value) for key, value in stored.items() if key in known}
        values["variants"] = tuple(Variant(**each) for each in stored.get("variants", ()))
        return cls(**values)


def _as_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_lists(inner) for key, inner in value.items()}
    return [_as_lists(inner) for inner in value] if isinstance(value, tuple | list) else value


def _as_tuples(value: Any) -> Any:
    return tuple(_as_tuples(inner) for inner in value) if isinstance(value, list) else value
