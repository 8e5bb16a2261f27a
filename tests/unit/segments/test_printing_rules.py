"""From a rule to SQL: the tenant is always there, and what people wrote is always bound."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pim.segments.dsl import PrintScope, TenantMissing, print_where
from tests.unit.segments.rules import COLUMNS, NOW, attribute, rule_of, where_of


def test_the_tenant_is_in_the_condition_and_in_its_values() -> None:
    where = where_of(attribute("brand", "eq", "Lumo"))
    assert where.sql.startswith("tenant_id = {tenant:UInt64} AND (")
    assert where.parameters.values["tenant"] == 7


@pytest.mark.parametrize("tenant", [None, 0, True, -1, "7"])
def test_a_rule_for_no_tenant_is_not_printed(tenant: Any) -> None:
    rule = rule_of(attribute("brand", "eq", "Lumo"))
    with pytest.raises(TenantMissing):
        print_where(rule, COLUMNS, PrintScope(tenant, NOW))


def test_months_are_those_of_the_calendar() -> None:
    scope = PrintScope(7, datetime(2026, 3, 31, 12, tzinfo=UTC))
    rule = rule_of(attribute("created_at", "in_last", 1, unit="months"))
    where = print_where(rule, COLUMNS, scope)
    assert where.parameters.values["p0"] == "2026-02-28 12:00:00.000000"
