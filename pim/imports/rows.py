"""Turns rows of a file into what the write path stages, many at a time.

Columns are read one after the other, each with a memory of the texts it has met: most columns of
a catalog repeat themselves. What comes out is JSON text, made once per different value; no
dictionary is made per row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from json.encoder import encode_basestring
from typing import Any, TypeVar

from pim.imports.heuristics.concepts import concept_of
from pim.imports.mapping import ColumnRule, Options
from pim.imports.skus import sku_reader
from pim.imports.suggestion import ACTIVE, NAME, SKU
from pim.imports.transforms.base import Setting
from pim.imports.transforms.pipeline import Failed, Pipeline
from pim.schema.fields import Vocabulary
from pim.schema.types import (
    CoerceContext,
    CoercionError,
    coerce,
    coercer,
    column_coercer,
    dumps,
    is_blank,
)
from pim.schema.types.currency import known_currency

MAX_SKU = 255
MAX_NAME = 10_000
_REMEMBERED = 65_536


@dataclass(frozen=True, slots=True)
class CellProblem:
    """What is wrong in one row. column: the file's, None when it isn't about one."""

    column: str | None
    code: str
    message: str


@dataclass(slots=True)
class ReadRows:
    """Rows, read. All lists are as long as the rows given; data is JSON text of an object.

    problems: by position. failed: positions that can't be imported. lacking: by position, the
    required fields a row has no value for; it fails only if its product is new. cleared: by
    position, the fields to unset.
    """

    skus: list[str]
    names: list[str | None]
    actives: list[bool | None]
    data: list[str]
    problems: dict[int, list[CellProblem]] = field(default_factory=dict)
    failed: set[int] = field(default_factory=set)
    lacking: dict[int, list[str]] = field(default_factory=dict)
    cleared: dict[int, tuple[str, ...]] = field(default_factory=dict)


Cell = TypeVar("Cell")
Fragments = tuple[list[str], Failed]
Columns = Sequence[Sequence[str]]


class RowCompiler:
    """Reads rows by the confirmed rules. Keep it for the whole file: it remembers values."""

    def __init__(
        self,
        headers: Sequence[str],
        rules: Sequence[ColumnRule],
        options: Options,
        vocabulary: Vocabulary,
    ) -> None:
        self._options = options
        self._pipelines, rules = _pipelines(headers, rules)
        self.sku_texts = sku_reader(headers, rules)
        place = {name: index for index, name in enumerate(headers)}
        fixed = {rule.target: place[rule.column] for rule in rules}
        self._sku, self._name, self._active = (fixed.get(each) for each in (SKU, NAME, ACTIVE))
        self._columns = {rule.target: rule.column for rule in rules}
        self._rules = [rule for rule in rules if rule.target not in (SKU, NAME, ACTIVE)]
        self._places = [place[rule.column] for rule in self._rules]
        self._currency = _currency_place(self._rules, self._places)
        self._readers = [
            _fragment_reader(rule, vocabulary, self._currency is not None) for rule in self._rules
        ]
        self._truth = _Remembered(lambda text: coerce("boolean", text, CoerceContext()))
        mapped = {rule.target for rule in self._rules}
        required = [known.name for known in vocabulary.fields if known.required]
        self._unmapped_required = [name for name in required if name not in mapped]
        self._required = [
            (index, rule.target)
            for index, rule in enumerate(self._rules)
            if rule.target in required
        ]

    def read(self, rows: Sequence[Sequence[str]]) -> ReadRows:
        """Read rows that are all as wide as the header."""
        if not rows:
            return ReadRows([], [], [], [])
        columns: Columns = list(zip(*rows, strict=True))
        found = ReadRows([""] * len(rows), [None] * len(rows), [None] * len(rows), [])
        untransformed: dict[int, Failed] = {}
        if self._pipelines:
            columns, untransformed = self._transformed(columns)
        self._read_fixed(columns, untransformed, found)
        codes = columns[self._currency] if self._currency is not None else ()
        fragments: list[list[str]] = []
        unreadable: set[tuple[int, int]] = set()
        for index, (rule, place, read) in enumerate(
            zip(self._rules, self._places, self._readers, strict=True)
        ):
            texts, errors = read(columns[place], codes)
            fragments.append(texts)
            for position, error in (*untransformed.get(place, ()), *errors):
                unreadable.add((position, index))
                self._note(found, position, rule.column, error.code, error.message)
        found.data = _objects(fragments, len(rows))
        self._note_blanks(fragments, unreadable, found)
        return found

    def _transformed(self, columns: Columns) -> tuple[Columns, dict[int, Failed]]:
        """The columns after their steps, which read other columns as the file has them."""
        after, failed = list(columns), {}
        for place, pipeline in self._pipelines.items():
            after[place], failed[place] = pipeline.apply(columns[place], columns)
        return after, failed

    def _read_fixed(
        self, columns: Columns, untransformed: dict[int, Failed], found: ReadRows
    ) -> None:
        if self._sku is not None:  # a preview may come before the SKU is chosen
            self._read_skus(columns[self._sku], untransformed.get(self._sku, []), found)
        if self._name is not None:
            self._read_names(columns[self._name], untransformed.get(self._name, []), found)
        if self._active is not None:
            for position, error in untransformed.get(self._active, ()):
                self._note(found, position, self._columns[ACTIVE], error.code, error.message)
            self._read_active(columns[self._active], found)

    def _read_skus(self, texts: Sequence[str], failed: Failed, found: ReadRows) -> None:
        found.skus = [text.strip() for text in texts]
        for position, error in failed:
            self._bad_sku(found, position, "", error)
        if not all(found.skus) or max(map(len, found.skus), default=0) > MAX_SKU:
            for position, sku in enumerate(found.skus):
                if (not sku or len(sku) > MAX_SKU) and position not in found.failed:
                    self._bad_sku(found, position, sku)

    def _read_names(self, texts: Sequence[str], failed: Failed, found: ReadRows) -> None:
        keep = None if self._options.blank == "keep" else ""
        found.names = [text.strip() or keep for text in texts]
        for position, error in failed:
            found.names[position] = None
            self._note(found, position, self._columns[NAME], error.code, error.message)
        for position, name in enumerate(found.names):
            if name and len(name) > MAX_NAME:
                found.names[position] = None
                message = f"This name has {len(name):,} characters; {MAX_NAME:,} are kept."
                self._note(found, position, self._columns[NAME], "too_long", message)

    def _bad_sku(
        self, found: ReadRows, position: int, sku: str, error: CoercionError | None = None
    ) -> None:
        found.failed.add(position)
        if error is not None:
            code, message = error.code, error.message
        elif sku:
            code, message = "too_long", f"This SKU has {len(sku):,} characters, not {MAX_SKU}."
        else:
            code, message = "no_sku", "This row has no SKU."
        problem = CellProblem(self._columns[SKU], code, message)
        found.problems.setdefault(position, []).append(problem)

    def _read_active(self, texts: Sequence[str], found: ReadRows) -> None:
        for position, text in enumerate(texts):
            if text:
                try:
                    found.actives[position] = self._truth[text]
                except CoercionError as error:
                    self._note(found, position, self._columns[ACTIVE], error.code, error.message)

    def _note(self, found: ReadRows, position: int, column: str, code: str, message: str) -> None:
        """A value that can't be read: costs its row, or only itself when the user chose so."""
        found.problems.setdefault(position, []).append(CellProblem(column, code, message))
        if self._options.on_error != "skip_value":
            found.failed.add(position)

    def _note_blanks(
        self, fragments: list[list[str]], unreadable: set[tuple[int, int]], found: ReadRows
    ) -> None:
        """Required fields without a value, and fields to be unset."""
        if self._unmapped_required:
            for position in range(len(found.skus)):
                found.lacking[position] = list(self._unmapped_required)
        for index, target in self._required:
            for position, text in enumerate(fragments[index]):
                if not text:
                    found.lacking.setdefault(position, []).append(target)
        if self._options.blank != "clear":
            return
        blank_columns = [index for index, texts in enumerate(fragments) if "" in texts]
        cleared: dict[int, list[str]] = {}
        for index in blank_columns:
            for position, text in enumerate(fragments[index]):
                if not text and (position, index) not in unreadable:
                    cleared.setdefault(position, []).append(self._rules[index].target)
        found.cleared = {position: tuple(names) for position, names in cleared.items()}


class _Remembered(dict[str, Any]):
    """Answers by text, each worked out once; starts over when it has grown too large."""

    def __init__(self, work_out: Callable[[str], Any]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, text: str) -> Any:
        answer = None if is_blank(text) else self._work_out(text)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[text] = answer
        return answer


def _pipelines(
    headers: Sequence[str], rules: Sequence[ColumnRule]
) -> tuple[dict[int, Pipeline], list[ColumnRule]]:
    """Steps by the place of their column, and the rules with the decimal sign they leave."""
    pipelines: dict[int, Pipeline] = {}
    after: list[ColumnRule] = []
    for rule in rules:
        if rule.transform:
            setting = Setting(tuple(headers), rule.decimal)
            pipeline = Pipeline(rule.transform, setting, as_list=rule.type == "array")
            pipelines[setting.headers.index(rule.column)] = pipeline
            rule = replace(rule, decimal=pipeline.decimal)
        after.append(rule)
    return pipelines, after


def _currency_place(rules: Sequence[ColumnRule], places: Sequence[int]) -> int | None:
    """The column that names the currency of each row's amounts, if the mapping has one."""
    for rule, place in zip(rules, places, strict=True):
        if rule.type == "string" and concept_of(rule.target) == "currency":
            return place
    return None


def _fragment_reader(
    rule: ColumnRule, vocabulary: Vocabulary, row_currency: bool
) -> Callable[[Sequence[str], Sequence[str]], Fragments]:
    """A function from a column's cells to `"field":value` texts, "" where there is no value."""
    prefix = encode_basestring(rule.target) + ":"
    default = rule.currency or vocabulary.default_currency
    if rule.type in ("string", "url"):
        return _text_reader(rule.type, prefix)
    if row_currency and rule.currency is None and rule.type in ("price", "multi_price"):
        return _money_reader(rule, prefix, vocabulary)
    ctx = CoerceContext(default, vocabulary.default_locale, rule.decimal)
    texts = _fragments(rule, prefix, ctx)

    def read_one(cell: str) -> str:
        return texts[cell] if cell else ""

    def read(cells: Sequence[str], _: Sequence[str]) -> Fragments:
        try:
            return [texts[cell] if cell else "" for cell in cells], []
        except CoercionError:
            return _one_by_one(read_one, cells)

    return read


def _fragments(rule: ColumnRule, prefix: str, ctx: CoerceContext) -> _Remembered:
    read = coercer(rule.type, ctx)

    def work_out(text: str) -> str:
        value = read(text)
        return "" if is_blank(value) else prefix + dumps(value)

    class Fragments(_Remembered):
        def __missing__(self, text: str) -> str:
            return super().__missing__(text) or ""

    return Fragments(work_out)


def _text_reader(
    type_name: str, prefix: str
) -> Callable[[Sequence[str], Sequence[str]], Fragments]:
    """For values that are texts: mostly different ones, so nothing is remembered."""
    column = column_coercer(type_name, CoerceContext())

    def read(cells: Sequence[str], _: Sequence[str]) -> Fragments:
        result = column(cells)
        quote = encode_basestring
        texts = [prefix + quote(text) if text else "" for text in result.values]
        return texts, result.errors

    return read


def _money_reader(
    rule: ColumnRule, prefix: str, vocabulary: Vocabulary
) -> Callable[[Sequence[str], Sequence[str]], Fragments]:
    """Amounts whose currency stands in another cell of the row."""

    class ByCurrency(dict[str, _Remembered]):
        def __missing__(self, code: str) -> _Remembered:
            wanted = vocabulary.default_currency if is_blank(code) else known_currency(code)
            ctx = CoerceContext(wanted, vocabulary.default_locale, rule.decimal)
            self[code] = _fragments(rule, prefix, ctx)
            return self[code]

    by_currency = ByCurrency()

    def read_one(pair: tuple[str, str]) -> str:
        cell, code = pair
        return str(by_currency[code][cell]) if cell else ""

    def read(cells: Sequence[str], codes: Sequence[str]) -> Fragments:
        pairs = list(zip(cells, codes, strict=True))
        try:
            return [by_currency[code][cell] if cell else "" for cell, code in pairs], []
        except CoercionError:
            return _one_by_one(read_one, pairs)

    return read


def _one_by_one(read: Callable[[Cell], str], cells: Sequence[Cell]) -> Fragments:
    """The slow way through a column in which something can't be read."""
    texts: list[str] = []
    errors: list[tuple[int, CoercionError]] = []
    for position, cell in enumerate(cells):
        try:
            texts.append(read(cell))
        except CoercionError as error:
            texts.append("")
            errors.append((position, error))
    return texts, errors


def _objects(fragments: list[list[str]], count: int) -> list[str]:
    """One JSON object per row."""
    if not fragments:
        return ["{}"] * count
    if any("" in texts for texts in fragments):
        return ["{" + ",".join(filter(None, row)) + "}" for row in zip(*fragments, strict=True)]
    return ["{" + ",".join(row) + "}" for row in zip(*fragments, strict=True)]
