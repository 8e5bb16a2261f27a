"""Rows whose fate depends on whether their product exists: the check and the run ask the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pim.imports.chunks import Chunk, Issue
from pim.products.queries import existing_sku_keys
from pim.schema.types import shown


def settle_conditional(chunk: Chunk, issues: list[Issue]) -> tuple[list[str], int]:
    """Rows that lack required fields are fine for products there are, and fail for new ones."""
    if not chunk.conditional:
        return chunk.blocks, 0
    existing = existing_sku_keys({row.sku_key for row in chunk.conditional})
    blocks, failed = list(chunk.blocks), 0
    for row in chunk.conditional:
        if row.sku_key in existing:
            blocks.append(row.copy_text)
            continue
        failed += 1
        names = ", ".join(shown(name) for name in row.lacking)
        message = f"A new product needs {names}; this row has no value for it."
        issues.append(Issue(row.line, "error", "required", None, message, row.row))
    return blocks, failed


def no_such_product(line: int, row: Sequence[Any] | None = None) -> Issue:
    """What an import that only updates says of a row whose product isn't there."""
    message = "There is no product with this SKU, and this import only updates."
    return Issue(line, "error", "no_such_product", None, message, row)
