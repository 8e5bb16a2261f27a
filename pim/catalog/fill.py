"""How often each field has a value, as a look at some products tells.

Of a vocabulary of sixty fields most are empty in most products. A column of dashes helps nobody,
so the columns that are shown without a choice are among those that are filled. Kept for a while
in each process: columns that come and go would be worse than a dash.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from threading import Lock

from sqlalchemy import text

from pim.core.db import db
from pim.core.tenancy import current_tenant_id

KEPT_SECONDS = 300.0
PLACES, IN_A_ROW = 25, 12

# A few in a row from places spread over all of them: a file has its products kind by kind.
_COUNT = text("""
WITH ends AS (
    SELECT min(id) AS low, max(id) AS high FROM products WHERE tenant_id = :tenant
), looked_at AS MATERIALIZED (
    SELECT found.id, found.data
    FROM ends, generate_series(0, :places - 1) AS place, LATERAL (
        SELECT id, data FROM products
        WHERE tenant_id = :tenant AND id >= low + (high - low) * place / :places
        ORDER BY id LIMIT :rows
    ) AS found
)
SELECT key, count(*)::float / (SELECT count(*) FROM looked_at) AS share
FROM looked_at, jsonb_object_keys(data) AS key GROUP BY key
""")

_kept: dict[tuple[int, int], tuple[float, Mapping[str, float]]] = {}
_lock = Lock()


def shares_of_fields(vocabulary_version: int) -> Mapping[str, float]:
    """Field → the share of products that have a value of it; empty without products."""
    key = (current_tenant_id(), vocabulary_version)
    with _lock:
        found = _kept.get(key)
    if found and found[0] > time.monotonic():
        return found[1]
    rows = db.session.execute(_COUNT, {"tenant": key[0], "places": PLACES, "rows": IN_A_ROW})
    shares = {row.key: float(row.share) for row in rows}
    if shares:
        with _lock:
            if len(_kept) > 1000:
                _kept.clear()
            _kept[key] = (time.monotonic() + KEPT_SECONDS, shares)
    return shares
