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
LOOKED_AT = 200

# The first and the last by SKU: kinds of products often share the beginning of their SKU.
_COUNT = text("""
WITH looked_at AS MATERIALIZED (
    (SELECT data FROM products WHERE tenant_id = :tenant ORDER BY sku_key LIMIT :rows)
    UNION ALL
    (SELECT data FROM products WHERE tenant_id = :tenant ORDER BY sku_key DESC LIMIT :rows)
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
    rows = db.session.execute(_COUNT, {"tenant": key[0], "rows": LOOKED_AT})
    shares = {row.key: float(row.share) for row in rows}
    if shares:
        with _lock:
            if len(_kept) > 1000:
                _kept.clear()
            _kept[key] = (time.monotonic() + KEPT_SECONDS, shares)
    return shares
