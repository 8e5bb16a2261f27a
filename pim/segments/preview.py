"""What a rule would give right now, while somebody is still writing it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from pim.analytics.client import READ_LIMITS, TENANT, tenant_rows
from pim.segments.asked import require_members
from pim.segments.compiling import Compiled, compile_definition

# Somebody waits for it, and types on.
LIMITS = {**READ_LIMITS, "max_execution_time": 5}


@dataclass(frozen=True, slots=True)
class Preview:
    """How many of the tenant's products fit, of how many, and those of them that came first."""

    count: int
    total: int
    product_ids: tuple[int, ...]
    elapsed_ms: float


def preview(definition: Any, own_id: int | None = None, sample: int = 10) -> Preview:
    """Count and sample a rule. own_id: the segment it is to be the rule of.

    Raises DefinitionInvalid, TooExpensive, Unavailable.
    """
    began = time.perf_counter()
    return preview_compiled(compile_definition(definition, own_id), sample, began=began)


def preview_compiled(
    compiled: Compiled, sample: int = 10, *, began: float | None = None
) -> Preview:
    """The same for a rule that has been compiled already."""
    began = time.perf_counter() if began is None else began
    require_members(compiled)
    where = compiled.where
    # One pass over the products. By id, which is at hand: the order of SKUs would cost as much as
    # all the rest.
    statement = (
        f"SELECT countIf(fits), count(), groupArraySortedIf({sample:d})(product_id, fits) "  # noqa: S608
        f"FROM (SELECT product_id, {where.rule} AS fits FROM products FINAL WHERE {TENANT})"
    )
    count, total, ids = tenant_rows(statement, where.parameters.values, limits=LIMITS)[0]
    elapsed = (time.perf_counter() - began) * 1000
    return Preview(int(count), int(total), tuple(map(int, ids)), round(elapsed, 1))
