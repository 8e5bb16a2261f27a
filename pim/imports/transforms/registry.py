"""The transforms there are. Adding one is a definition beside these and a line here."""

from __future__ import annotations

from pim.imports.transforms.base import Transform
from pim.imports.transforms.combine import COMBINE
from pim.imports.transforms.html import STRIP_HTML
from pim.imports.transforms.lists import JOIN, SPLIT
from pim.imports.transforms.numbers import NUMBER, UNIT
from pim.imports.transforms.patterns import EXTRACT, REPLACE
from pim.imports.transforms.text import CASE, COLLAPSE, CONSTANT, DEFAULT, TRIM
from pim.imports.transforms.words import BOOLEAN, MAP

TRANSFORMS: dict[str, Transform] = {
    each.op: each
    for each in (
        TRIM,
        COLLAPSE,
        CASE,
        REPLACE,
        EXTRACT,
        SPLIT,
        JOIN,
        DEFAULT,
        CONSTANT,
        COMBINE,
        MAP,
        BOOLEAN,
        NUMBER,
        UNIT,
        STRIP_HTML,
    )
}
