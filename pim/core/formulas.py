"""Cells that a spreadsheet would run: what a person opens must not do anything by being opened."""

from __future__ import annotations

_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """The cell with an apostrophe in front if a spreadsheet would take it for a formula.

    Numbers with a sign stay as they are. What is written this way doesn't read back as the same
    text, so it is for files that people open, not for those that programs exchange.
    """
    if not cell.startswith(_STARTS) or _is_number(cell):
        return cell
    return "'" + cell


def unharmed(cell: str) -> str:
    """What `harmless` was given, for cells that it has changed."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell


def _is_number(cell: str) -> bool:
    return cell.lstrip("+-").replace(".", "").replace(",", "").isdigit()
