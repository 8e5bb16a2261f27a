"""A tenant in force whose products ClickHouse has, and an empty Valkey."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.jobs.conftest import clickhouse_away, in_tenant, redis

__all__ = ["clickhouse_away", "in_tenant", "redis", "shop"]


@pytest.fixture
def shop(app: Flask, in_tenant: int) -> int:
    """A tenant with a vocabulary and twenty products P-00 … P-19; every second one is of Lumo."""
    from tests.segments.shop import fill

    fill(20)
    return in_tenant
