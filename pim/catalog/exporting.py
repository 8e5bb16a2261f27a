"""The list as a file: what the address shows, all pages of it, in its order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pim.catalog import list_postgresql
from pim.catalog.keyset import ListQuery
from pim.catalog.state import CatalogState
from pim.core.errors import NotFound
from pim.products.export.base import Options
from pim.products.export.service import Export, open_export
from pim.schema.fields import Vocabulary

ADDRESS = "/pim/export"


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of the menu: a format, in words that say what it is good for."""

    label: str
    format: str
    options: Options = field(default_factory=Options)


CHOICES: dict[str, Choice] = {
    "xlsx": Choice("Excel", "xlsx"),
    "csv": Choice("CSV, to look at", "csv", Options(harmless=True, mark=True)),
    "csv-exact": Choice("CSV, to import again", "csv"),
    "jsonl": Choice("JSON Lines", "jsonl"),
}


def links(state: CatalogState) -> Iterator[tuple[Choice, str]]:
    """The menu: each choice with its address for this list."""
    whole = replace(state, cursor="", adding=None, more="", columns=None)
    for name, choice in CHOICES.items():
        url = whole.url(ADDRESS)
        yield choice, f"{url}{'&' if '?' in url else '?'}format={name}"


def export_list(query: ListQuery, vocabulary: Vocabulary, wanted: str) -> Export:
    """The products of a list as a file. Raises NotFound for a choice there isn't."""
    choice = CHOICES.get(wanted)
    if choice is None:
        raise NotFound(f"There is no export “{wanted[:40]}”.")
    statement = list_postgresql.every_product(query)
    return open_export(statement, choice.format, vocabulary, options=choice.options)
