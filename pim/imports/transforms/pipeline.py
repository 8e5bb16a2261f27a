"""The steps of one column, applied to many of its cells at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pim.imports.transforms.base import Setting, Value, within_limits
from pim.imports.transforms.steps import JsonStep, ready_steps
from pim.schema.types import CoercionError, Notation, dumps

Failed = list[tuple[int, CoercionError]]

_REMEMBERED = 16_384
_WORTH_REMEMBERING = 200
_PARTS_JOINED_BY = ", "


class Pipeline:
    """A column's steps, ready. Keep it for the whole file: it remembers values.

    What becomes of a cell depends on nothing but the cell and, for steps that name other columns,
    those cells of its row; so a check, a preview and a run come to the same.
    """

    def __init__(self, steps: Sequence[JsonStep], setting: Setting, *, as_list: bool) -> None:
        """as_list: the column goes to a list field; elsewhere a list that is left becomes text.

        Raises ValueError for steps that were never checked.
        """
        self._as_list = as_list
        self._steps = []
        self.decimal: Notation | None = setting.decimal
        needed: dict[str, None] = {}
        ready = [step.ready for step in ready_steps(steps, setting)]
        for each in ready:
            needed.update(dict.fromkeys(each.needs))
            self.decimal = each.decimal or self.decimal
        order = list(needed)
        for each in ready:
            self._steps.append((each.apply, [order.index(name) for name in each.needs]))
        self._places = [setting.headers.index(name) for name in order]
        self._alone, self._with_row = _Known(self._of_cell), _Known(self._of_row)

    def apply(
        self, cells: Sequence[str], columns: Sequence[Sequence[str]]
    ) -> tuple[list[str], Failed]:
        """The cells afterwards, "" for those that failed, and why by position.

        cells: of this column. columns: all columns of the file, as they came.
        """
        if not self._places:
            return _all(self._alone, cells)
        others = (columns[place] for place in self._places)
        return _all(self._with_row, list(zip(cells, *others, strict=True)))

    def _of_cell(self, cell: str) -> str:
        value: Value = cell
        for apply, _ in self._steps:
            value = within_limits(apply(value, ()))
        return self._written(value)

    def _of_row(self, key: tuple[str, ...]) -> str:
        value: Value = key[0]
        for apply, places in self._steps:
            value = within_limits(apply(value, [key[place + 1] for place in places]))
        return self._written(value)

    def _written(self, value: Value) -> str:
        if isinstance(value, str):
            return value
        parts = [part for part in value if part]
        if not parts:
            return ""
        return dumps(parts) if self._as_list else _PARTS_JOINED_BY.join(parts)


class _Known(dict[Any, str]):
    """Answers by cell, each worked out once; long ones are not kept."""

    def __init__(self, work_out: Callable[[Any], str]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, key: Any) -> str:
        answer = self._work_out(key)
        size = len(key) if isinstance(key, str) else sum(map(len, key))
        if size <= _WORTH_REMEMBERING:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[key] = answer
        return answer


def _all(known: _Known, keys: Sequence[Any]) -> tuple[list[str], Failed]:
    try:
        return [known[key] for key in keys], []
    except CoercionError:
        return _one_by_one(known, keys)


def _one_by_one(known: _Known, keys: Sequence[Any]) -> tuple[list[str], Failed]:
    """The slow way through a column in which something fails."""
    texts: list[str] = []
    failed: Failed = []
    for position, key in enumerate(keys):
        try:
            texts.append(known[key])
        except CoercionError as error:
            texts.append("")
            failed.append((position, error))
    return texts, failed
