"""A reader's rows, shaped: each step is a reader around a reader."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pim.imports.readers.base import Reader
from pim.imports.shapes.families import Families
from pim.imports.shapes.grouped import Grouped
from pim.imports.shapes.prices import together
from pim.imports.shapes.rowwise import listed, pairs, replaced, said
from pim.imports.shapes.scattered import Scattered, find_scattered
from pim.imports.shapes.shaping import Shaping
from pim.imports.shapes.variants import Fold


def shaped(open_raw: Callable[[], Reader], shaping: Shaping) -> Reader:
    """The rows of a file as products. The file is opened again when its rows are scattered."""
    return together(_joined(open_raw, shaping), shaping)


def _joined(open_raw: Callable[[], Reader], shaping: Shaping) -> Reader:
    reader = _with_families(open_raw, shaping)
    if not shaping.identity:
        return reader
    fold = Fold(reader.headers, shaping)
    apart: Callable[[], Scattered | None] | None = None
    if shaping.scattered:
        apart = partial(find_scattered, partial(_with_families, open_raw, shaping), fold)
    return Grouped(reader, fold.headers, fold.key, fold.rows, apart)


def _with_families(open_raw: Callable[[], Reader], shaping: Shaping) -> Reader:
    """All steps but the last, which needs rows as these make them."""
    reader = said(replaced(open_raw(), shaping.replace), shaping.says)
    reader = listed(reader, shaping.listed)
    if shaping.fill_by:
        family = Families(reader.headers, shaping)
        reader = Grouped(reader, family.headers, family.key, family.rows)
    return pairs(reader, shaping.pairs, shaping.pair_names)
