"""The SKUs of rows as the run reads them: what counts rows and what writes them must agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter

from pim.imports.mapping import ColumnRule
from pim.imports.suggestion import SKU
from pim.imports.transforms.base import Setting
from pim.imports.transforms.pipeline import Pipeline

SkuTexts = Callable[[Sequence[Sequence[str]]], Sequence[str]]


def sku_reader(headers: Sequence[str], rules: Sequence[ColumnRule]) -> SkuTexts:
    """A function from rows to the texts of their SKUs, "" for one whose steps fail.

    Keep it for the whole file: it remembers values.
    """
    rule = next((rule for rule in rules if rule.target == SKU), None)
    if rule is None:
        return lambda rows: [""] * len(rows)
    place = list(headers).index(rule.column)
    cell = itemgetter(place)
    if not rule.transform:
        return lambda rows: list(map(cell, rows))
    setting = Setting(tuple(headers), rule.decimal)
    pipeline = Pipeline(rule.transform, setting, as_list=False)

    def transformed(rows: Sequence[Sequence[str]]) -> Sequence[str]:
        columns = list(zip(*rows, strict=True))
        return pipeline.apply(columns[place], columns)[0] if rows else []

    return transformed
