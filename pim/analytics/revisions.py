"""How often what ClickHouse holds of a tenant has changed, for whoever made something from it.

Who computes from ClickHouse notes the revision first and reads then: what arrives in between makes
the noted one stale, so nothing is missed.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from pim.analytics.client import clickhouse
from pim.core.db import db
from pim.core.tenancy import current_tenant_id

_BUMP = """
INSERT INTO analytics_revisions AS r (tenant_id, products, signals, incarnation)
VALUES (:tenant, :products, :signals, :incarnation)
ON CONFLICT (tenant_id) DO UPDATE
SET products = r.products + :products, signals = r.signals + :signals,
    incarnation = CASE WHEN r.incarnation = '' OR :renew THEN :incarnation ELSE r.incarnation END
"""
_READ = "SELECT products, signals, incarnation FROM analytics_revisions WHERE tenant_id = :tenant"
_INCARNATION = "SELECT toString(min(applied_at)) FROM pim_migrations WHERE version = 1"


@dataclass(frozen=True, slots=True)
class Revision:
    """What was read. incarnation: the ClickHouse that has all of the tenant's products."""

    products: int = 0
    signals: int = 0
    incarnation: str = ""


def current_revision() -> Revision:
    """The revision of the tenant in force."""
    row = db.session.execute(text(_READ), {"tenant": current_tenant_id()}).one_or_none()
    return Revision() if row is None else Revision(*row)


def products_changed() -> None:
    """ClickHouse has other products of the tenant than before; in the transaction that says so."""
    _bump(products=1)


def signals_changed() -> None:
    """ClickHouse has other events or groups of users than before."""
    _bump(signals=1)


def products_rebuilt() -> None:
    """ClickHouse has all of the tenant's products, whatever it was before."""
    _bump(products=1, renew=True)


def incarnation() -> str:
    """What tells this ClickHouse from one that was thrown away. Raises Unavailable."""
    return str(clickhouse().rows(_INCARNATION)[0][0])


def has_all_products(revision: Revision) -> bool:
    """Whether this ClickHouse has been given all products: not so between losing and rebuilding."""
    return revision.incarnation in ("", incarnation())


def _bump(*, products: int = 0, signals: int = 0, renew: bool = False) -> None:
    db.session.execute(
        text(_BUMP),
        {
            "tenant": current_tenant_id(),
            "products": products,
            "signals": signals,
            "incarnation": incarnation() if products else "",
            "renew": renew,
        },
    )
