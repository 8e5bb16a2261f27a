"""Chooses where in a JSON or XML file the records are."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pim.imports.heuristics.words import fold
from pim.imports.readers.base import FileProblem
from pim.imports.readers.columns import split_path

_RECORD_WORDS = (
    " product item article artikel offer shopitem produkt produit producto prodotto artikl artikal"
    " zbozi polozka towar tovar termek tuote vare produs urun product_item productitem goods sku"
    " товар offre offerta oferta angebot entry "
)


def names_a_product(name: str) -> bool:
    """Whether an element's or key's name is a word for what catalogs list."""
    return f" {fold(name.rpartition(':')[2])} " in _RECORD_WORDS


def choose_path(counts: Mapping[str, float], wanted: str | None, what: str) -> tuple[str, str]:
    """The path of the records and why. counts: the candidates and how much speaks for each.

    wanted: what the user said, as a path (`/data/products`), with dots, or just its last part.
    Raises FileProblem, naming the candidates, when there is nothing of that kind.
    """
    if wanted is None:
        best = max(counts, key=lambda path: counts[path])
        if not best:
            return best, "The file is one list of records."
        others = [f"“{path}”" for path in counts if path != best]
        reason = f"The records are in “{best}”."
        return best, reason + (f" There are also {', '.join(others[:5])}." if others else "")
    for same in (_as_path(wanted) or [], _parts(wanted)):
        found = [path for path in counts if same and split_path(path)[-len(same) :] == same]
        exact = [path for path in found if split_path(path) == same]
        if len(exact or found) == 1:
            return (exact or found)[0], "Chosen by you."
    if wanted in ("/", "$") and "" in counts:
        return "", "Chosen by you."
    known = ", ".join(f"“{path or '/'}”" for path in list(counts)[:10])
    raise FileProblem(
        f"There is no {what} “{wanted[:80]}” in this file. It has: {known}.",
        code="no_such_path",
        field="record_path",
    )


def _as_path(wanted: str) -> list[str] | None:
    return split_path(wanted.rstrip("/")) if wanted.startswith("/") else None


def _parts(wanted: str) -> list[str]:
    """`$.data.products[*]` and `data/products`, as keys."""
    plain = re.sub(r"\[[*\d]*\]", "", wanted.strip()).lstrip("$")
    return [part for part in re.split(r"[./]", plain) if part]
