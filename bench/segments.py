"""How fast segments are on 1,000,000 products of 12 fields, and against reading the JSON.

    python -m bench.segments                  everything
    python -m bench.segments --rows 100000    fewer, for a quick look
    python -m bench.segments --only price     conditions whose name has this in it

A preview (count and ten products, from the definition to the answer) of one condition of each type
and operator; beside it, in the same run, the same rule with values read by `JSONExtract…(data)`.
Then ten nested conditions, values to choose from among 400,000, a segment of 300,000 members until
it counts for readers, and 200 segments that real workers keep up to date while products change. The
products are brought by the real sync, and measured as they lie once their parts are merged, and
again just after a thousand of them were changed. Figures also go to `bench/results/segments.json`.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from bench import _catalogs as catalogs
from bench._services import RESULTS, services
from bench.sync import as_the_sync_does, fill_with
from pim.analytics.columns import Parameters, Read

# With fewer the slowest run of all would be their 95th percentile.
TIMES, TIMES_JSON = 40, 3
SEGMENTS, REFRESH_SECONDS = 200, 180
# What is promised, in milliseconds; for the ratio, how many times as fast.
PREVIEW, NESTED, VALUES, COMPUTE, INTERVAL = 50, 150, 100, 1_500, 60_000
RATIO_MEDIAN, RATIO_LEAST = 10, 4


@dataclass(slots=True)
class Figure:
    """One question: milliseconds of its runs, and of the same by JSON (0: there is no such).

    least: of the quickest run, which says most where the machine has other things to do.
    """

    name: str
    least: float
    median: float
    p95: float
    limit: float
    by_json: float = 0.0

    @property
    def ratio(self) -> float | None:
        """How many times as long the JSON takes."""
        return self.by_json / self.median if self.by_json else None

    def line(self) -> str:
        """One row of the table."""
        beside = f"   JSON {self.by_json:7.1f}   {self.ratio:5.1f} times" if self.ratio else ""
        late = "" if self.p95 <= self.limit else f"   more than {self.limit:g}"
        return (
            f"{self.name:44} least {self.least:6.1f}   median {self.median:6.1f}   "
            f"p95 {self.p95:6.1f}{beside}{late}"
        )


def figure_of(name: str, runs: list[float], limit: float) -> Figure:
    """What came of some runs."""
    return Figure(name, min(runs), statistics.median(runs), percentile(runs, 0.95), limit)


class JsonColumns:
    """Values read out of `data` at each question, as it is done where fields have no columns."""

    def read(self, name: str, type_name: str, parameters: Parameters) -> Read:
        """How a field is read."""
        field = parameters.bind(name)
        if type_name in ("string", "url"):
            value = f"JSONExtractString(data, {field})"
            return Read("text", value, f"notEmpty({value})")
        if type_name == "number":
            return Read("number", f"JSONExtractFloat(data, {field})", f"JSONHas(data, {field})")
        if type_name == "boolean":
            return Read("flag", f"JSONExtractBool(data, {field})", f"JSONHas(data, {field})")
        if type_name == "array":
            value = f"JSONExtract(data, {field}, 'Array(String)')"
            return Read("list", value, f"notEmpty({value})")
        if type_name == "price":
            amount = f"JSONExtractFloat(data, {field}, 'amount')"
            currency = f"JSONExtractString(data, {field}, 'currency')"
            return Read("price", amount, f"JSONHas(data, {field})", currency)
        raw = f"JSONExtractArrayRaw(data, {field})"
        amounts, currencies = (
            f"arrayMap(x -> {read}, {raw})"
            for read in ("JSONExtractFloat(x, 'amount')", "JSONExtractString(x, 'currency')")
        )
        return Read("prices", amounts, f"JSONHas(data, {field})", currencies)


def conditions() -> Iterator[tuple[str, dict[str, Any]]]:
    """One condition for each property and operator, with its name."""
    from pim.schema.fields import Field
    from pim.segments.dsl import operators_of, properties_of

    fields = [Field(name, kind) for name, kind in catalogs.RICH_FIELDS.items()]
    for key, prop in properties_of(fields).items():
        if key in ("mpn", "material", "size", "weight", "source", "updated_at"):
            continue  # as the others of their type
        for operator in operators_of(prop):
            found = {"type": "product_attribute", "property": key, "operator": operator.name}
            found |= _compared_with(key, prop.kind, operator.arity, operator.name)
            yield f"{prop.kind}: {key} {operator.name}", found


_ONE: dict[str, Any] = {
    **{"sku": "R-0004711", "name": "Lamp 4711", "brand": "OAK 7", "tags": "oak"},
    **{"description": "oslo lamp", "page": "https://shop.example/p/4711"},
    **{"stock": 250, "price": 500, "prices": 500, "ai_readability_score": 50},
    "created_at": "2026-01-01",
}


def _compared_with(key: str, kind: str, arity: str, operator: str) -> dict[str, Any]:
    value: Any = _ONE.get(key)
    if arity == "none":
        return {}
    if arity == "duration":
        return {"value": 30, "unit": "days"}
    if arity == "two":
        return {"value": value, "value2": "2099-12-31" if kind == "date" else value + 100}
    if arity == "many":
        others = [value + 1, value + 2] if isinstance(value, int) else ["lamp", "oslo", "chair"]
        return {"value": others if operator == "matches_any_word" else [value, *others]}
    return {"value": value}


def nested() -> dict[str, Any]:
    """Ten conditions of all types in groups three deep."""

    def one(name: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
        found = {"type": "product_attribute", "property": name, "operator": operator, **more}
        return found if value is None else {**found, "value": value}

    inner = [one("tags", "contains_any", ["oak", "lamp"]), one("organic", "is_true")]
    middle = [
        one("price", "between", 100, value2=600),
        one("prices", "lt", 300, currency="USD"),
        {"logic": "and", "conditions": [*inner, one("weight", "gt", 5)]},
    ]
    outer = [
        one("brand", "starts_with", "o"),
        one("description", "contains", "lamp"),
        one("stock", "gte", 10),
        one("material", "not_in", ["oak", "wool"]),
        one("created_at", "in_last", 2, unit="months"),
        {"logic": "or", "conditions": middle},
    ]
    return {"logic": "and", "conditions": outer}


def timed(question: Callable[[], Any], times: int) -> list[float]:
    """Milliseconds of each run."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        question()
        found.append((time.perf_counter() - started) * 1_000)
    return found


def percentile(runs: list[float], share: float) -> float:
    """The run that so large a share of them doesn't exceed."""
    return sorted(runs)[math.ceil(len(runs) * share) - 1]


def measure_rule(name: str, definition: dict[str, Any], limit: float, json_too: bool) -> Figure:
    """Preview a rule, and the same by JSON."""
    from pim.analytics.client import TooExpensive
    from pim.core.clock import now
    from pim.core.tenancy import current_tenant_id
    from pim.segments import preview
    from pim.segments.compiling import Compiled, resolve_definition
    from pim.segments.dsl import PrintScope, print_where

    preview.preview(definition)  # what is read first comes from the disk
    runs = timed(lambda: preview.preview(definition), TIMES)
    figure = figure_of(name, runs, limit)
    if json_too:
        rule = resolve_definition(definition)
        scope = PrintScope(current_tenant_id(), now())
        where = print_where(rule, JsonColumns(), scope)  # type: ignore[arg-type]
        # Less than the whole preview: what is written is not read again.
        compiled = Compiled(rule, where, vocabulary=0, generations={})

        def by_json() -> None:
            with suppress(TooExpensive):  # then it took at least as long
                preview.preview_compiled(compiled)

        figure.by_json = statistics.median(timed(by_json, TIMES_JSON))
    return figure


def measure_rules(only: str, report: Callable[[Figure], None]) -> None:
    """Every condition, then ten of them nested."""
    for name, condition in conditions():
        if only in name:
            own = condition["property"] in catalogs.RICH_FIELDS
            report(measure_rule(name, both(condition), PREVIEW, json_too=own))
    if only in "ten nested":
        report(measure_rule("ten nested", nested(), NESTED, json_too=True))


def measure_after_edits(report: Callable[[Figure], None]) -> None:
    """Some conditions where parts wait to be merged; nothing is promised of these minutes."""
    for name, condition in conditions():
        if name in ("string: brand eq", "string: description contains", "price: price between"):
            report(measure_rule(f"{name}, after edits", both(condition), NESTED, json_too=False))


def both(*conditions: dict[str, Any]) -> dict[str, Any]:
    """A rule of these conditions."""
    return {"logic": "and", "conditions": list(conditions)}


def measure_values(report: Callable[[Figure], None]) -> None:
    """Choosing from 400,000 values by a few letters."""
    from pim.analytics.queries import search_values
    from pim.analytics.registry import tenant_columns

    for typed in ("mpn1", "39", "MPN012345", ""):

        def search(typed: str = typed) -> None:
            parameters = Parameters()
            read = tenant_columns().read("mpn", "string", parameters)
            search_values(read, typed, parameters)

        runs = timed(search, TIMES)
        name = f"values with “{typed}” among {catalogs.DISTINCT_NUMBERS:,}"
        report(figure_of(name, runs, VALUES))


def measure_computing(report: Callable[[Figure], None]) -> None:
    """A segment of 300,000 members until it counts."""
    from pim.analytics import revisions
    from pim.core.db import transaction
    from pim.segments import service
    from pim.segments.compute import compute_segment

    def computed(number: int) -> float:
        with transaction():
            revisions.products_changed()
        started = time.perf_counter()
        assert compute_segment(number) in ("computed", "unchanged")
        return (time.perf_counter() - started) * 1_000

    def below(stock: int) -> dict[str, Any]:
        condition = {"type": "product_attribute", "property": "stock", "operator": "lt"}
        return both({**condition, "value": stock})

    with transaction():
        revisions.products_rebuilt()
        large = service.create_segment("Large", below(167)).id
    runs = []
    for stock in range(160, 174, 2):  # each has 3,600 products that the one before hasn't
        with transaction():
            service.change_segment(large, definition=below(stock))
        runs.append(computed(large))
    report(figure_of("computing 300,000 members", runs, COMPUTE))


def measure_refreshing(rows: int, report: Callable[[Figure], None]) -> None:
    """200 new segments at the usual interval, and how late they are while products change."""
    from bench._refreshing import refresh
    from pim.core.db import transaction
    from pim.segments import service

    every = [each for _, each in conditions()]
    with transaction():
        made = [
            service.create_segment(
                f"Segment {number}", {"logic": "or", "conditions": [every[number % len(every)]]}
            ).id
            for number in range(SEGMENTS)
        ]
    skus = [f"R-{number:07d}" for number in range(0, rows, 7)]
    found = refresh(made, skus, REFRESH_SECONDS)
    print(f"{SEGMENTS} new segments had their first members after {found.first:.0f} s")
    print(f"{found.checked} of {SEGMENTS} were up to date within their interval in the end")
    report(figure_of(f"{SEGMENTS} segments at 60 s: the latest is late", found.late, INTERVAL))


def change_a_thousand() -> None:
    """Write a thousand products of all the catalog anew, as edits would."""
    from pim.analytics.client import clickhouse

    names = [
        row[0]
        for row in clickhouse().rows(
            "SELECT name FROM system.columns WHERE table = 'products' "
            "AND database = currentDatabase() AND default_kind = '' ORDER BY position"
        )
    ]
    values = ", ".join("version + 1000000000" if name == "version" else name for name in names)
    clickhouse().command(
        f"INSERT INTO products ({', '.join(names)}) SELECT {values} FROM products "
        "WHERE product_id % 1000 = 7",
        settings={"optimize_on_insert": 0},
    )


def summary(figures: list[Figure]) -> dict[str, Any]:
    """What is promised and what came out."""
    ratios = [figure.ratio for figure in figures if figure.ratio]
    return {
        "late": [figure.name for figure in figures if figure.p95 > figure.limit],
        "ratio_median": round(statistics.median(ratios), 1) if ratios else None,
        "ratio_least": round(min(ratios), 1) if ratios else None,
        "ratio_median_promised": RATIO_MEDIAN,
        "ratio_least_promised": RATIO_LEAST,
    }


def main() -> None:
    """Measure, print a table, keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000, help="products of the catalog")
    parser.add_argument("--only", default="", help="conditions whose name has this in it")
    given = parser.parse_args()
    figures: list[Figure] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the services end too

    def report(figure: Figure) -> None:
        print(figure.line(), flush=True)
        figures.append(figure)

    with services() as owner_url:
        from pim import create_app

        with create_app().app_context():
            rows = catalogs.rich(given.rows)
            tenant_id = fill_with(rows, owner_url, catalogs.RICH_FIELDS)
            as_the_sync_does(tenant_id)
            _measure(tenant_id, given.rows, given.only, report)
    RESULTS.mkdir(exist_ok=True)
    found = [asdict(figure) | {"ratio": figure.ratio} for figure in figures]
    result = {"summary": summary(figures), "figures": found}
    print(json.dumps(result["summary"], indent=1))
    (RESULTS / "segments.json").write_text(json.dumps(result, indent=1))


def _measure(tenant_id: int, rows: int, only: str, report: Callable[[Figure], None]) -> None:
    from pim.analytics.client import clickhouse
    from pim.core.tenancy import tenant_scope

    with tenant_scope(tenant_id):
        clickhouse().command("OPTIMIZE TABLE products FINAL")
        measure_rules(only, report)
        if not only:
            measure_values(report)
            measure_computing(report)
        change_a_thousand()
        measure_after_edits(report)
        if not only:
            measure_refreshing(rows, report)


if __name__ == "__main__":
    main()
