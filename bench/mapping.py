"""How often mapping suggestions without a model are right, on catalogs with known answers.

    python -m bench.mapping            figures per catalog and in all
    python -m bench.mapping --misses   and every column that was not right

The catalogs and their answers (`mapping_truth_dev.json`, whose head explains them) lie in a folder
beside the checkout (`../shared/data`) or in the one `PIM_SHARED_DATA` names; they are not part of
the project. A column may be known by an alias, its name without the XML prefix.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pim.imports.heuristics.advise import advise
from pim.imports.profile import profile_file
from pim.imports.readers.base import Overrides, Source
from pim.imports.readers.registry import READERS
from pim.imports.shapes.hints import spoken_for
from pim.imports.sniff import detect
from pim.imports.suggestion import Suggestion
from pim.schema.fields import Field, Vocabulary

BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


@dataclass(slots=True)
class Score:
    """Counts over columns; `schema` are those that must go to a known field."""

    columns: int = 0
    targets: int = 0
    schema: int = 0
    schema_right: int = 0
    types: int = 0
    wrong_sku: int = 0

    def __iadd__(self, other: Score) -> Score:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    def line(self, name: str) -> str:
        """One row of the report."""
        return (
            f"{name:22} {self.columns:4} columns   targets {_percent(self.targets, self.columns)}"
            f"   schema-only {_percent(self.schema_right, self.schema)} of {self.schema:3}"
            f"   types {_percent(self.types, self.columns)}   wrong sku {self.wrong_sku}"
        )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:5.1f} %" if whole else "     –"


def vocabulary_of(truth: dict[str, Any]) -> Vocabulary:
    """The standard schema; `active` is a fixed property of every product here."""
    fields = tuple(
        Field(entry["name"], entry["type"], entry["required"], entry["description"])
        for entry in truth["standard_schema"]
        if entry["name"] != "active"
    )
    return Vocabulary(fields, default_currency="EUR", default_locale="en_US")


def suggest_for(path: Path, vocabulary: Vocabulary) -> dict[str, Suggestion]:
    """Suggestions as an upload would get them without a model."""
    source = Source(path.name, path.stat().st_size, lambda: path.open("rb"))
    home = Overrides(
        home_locale=vocabulary.default_locale, home_currency=vocabulary.default_currency
    )
    found = detect(source, home)
    entry = READERS[found.dialect.format]
    with closing(entry.open(source, found.dialect)) as reader:
        profile = profile_file(found.headers, reader.batches(), by_program=entry.by_program)
    profile = replace(profile, spoken_for=spoken_for(found.dialect))
    return {each.column: each for each in advise(profile, vocabulary, found.sample_rows)}


def judge(
    catalog: dict[str, Any], found: dict[str, Suggestion], known: set[str], misses: list[str]
) -> Score:
    """Compare one catalog's suggestions with the truth."""
    score = Score()
    for column in catalog["columns"]:
        names = [column["column"], *column.get("aliases", ())]
        suggestion = next((found[name] for name in names if name in found), None)
        if suggestion is None:
            if not column.get("optional"):
                misses.append(f"{catalog['id']}: {column['column']} was not read")
                score.columns += 1
            continue
        target = _as_truth(suggestion, known)
        right = target in column["targets"]
        typed = suggestion.target is None or suggestion.type in column["types"]
        schema_only = not {"ignore", "new:<any>"} & set(column["targets"])
        score += Score(
            columns=1,
            targets=right,
            schema=schema_only,
            schema_right=schema_only and right,
            types=typed,
            wrong_sku=target == "sku" and not right,
        )
        if not (right and typed):
            misses.append(
                f"{catalog['id']}: {column['column']!r} → {suggestion.target} ({suggestion.type}, "
                f"{suggestion.confidence:.0%}, {suggestion.reason}); acceptable: "
                f"{column['targets']} {column['types']}"
            )
    return score


def _as_truth(suggestion: Suggestion, known: set[str]) -> str:
    if suggestion.target is None:
        return "ignore"
    return suggestion.target if suggestion.target in known else "new:<any>"


def main() -> int:
    """Print the report; 0 when there was something to measure."""
    root = Path(os.environ.get("PIM_SHARED_DATA", BESIDE))
    truth_file = root / "mapping_truth_dev.json"
    if not truth_file.exists():
        missing = f"there is no {truth_file.name} in the data folder"
        print(f"nothing to measure: {missing}", file=sys.stderr)
        return 1
    truth = json.loads(truth_file.read_text("utf-8"))
    vocabulary = vocabulary_of(truth)
    known = {"sku", "name", "active", *(each.name for each in vocabulary.fields)}
    total, misses = Score(), list[str]()
    for catalog in truth["catalogs"]:
        began = time.perf_counter()
        found = suggest_for(root / catalog["path"], vocabulary)
        took = time.perf_counter() - began
        score = judge(catalog, found, known, misses)
        total += score
        print(score.line(catalog["id"]), f"  {took * 1000:.0f} ms")
    print(total.line("all"))
    if "--misses" in sys.argv:
        print(*misses, sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
