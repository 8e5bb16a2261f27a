"""ClickHouse as a projection of PostgreSQL: sync, proof of equality, counts and facets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Make the client known and listen to what products writes."""
    from pim.analytics import client, nudge
    from pim.core import EXTENSION
    from pim.products.signals import change_set_written

    client.init_app(app, app.extensions[EXTENSION])
    change_set_written.connect(nudge.change_set_written)
