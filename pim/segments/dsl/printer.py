"""A rule as a condition of ClickHouse on `products`, for one tenant.

The tenant is added here, in every subquery too, and there is no way to print without one. Texts
of ours alone enter the statement; what a person wrote is bound.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pim.analytics.columns import (
    TENANT,
    Parameters,
    Read,
    TenantColumns,
    any_at_once,
    read_fixed,
)
from pim.segments.dsl.comparing import MOMENT, Compared, matches
from pim.segments.dsl.errors import TenantMissing
from pim.segments.dsl.properties import Property
from pim.segments.dsl.reading import end_of
from pim.segments.dsl.rule import (
    Combined,
    Comparison,
    Duration,
    Member,
    Moment,
    Never,
    Part,
    Rule,
    Signalled,
)
from pim.segments.membership import members_sql

NOBODY, NEVER = "0", "1=0"


@dataclass(frozen=True, slots=True)
class PrintScope:
    """For whom and when. generations: segment id → the computation of it that counts.

    A segment without one has never been computed, and holds nothing yet.
    """

    tenant_id: int | None
    now: datetime
    generations: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on `products`, and its values, the tenant among them.

    rule: without the tenant, for a statement that asks for it beside.
    """

    rule: str
    parameters: Parameters

    @property
    def sql(self) -> str:
        """What follows WHERE."""
        return f"{TENANT} AND {self.rule}"


def print_where(
    rule: Rule, columns: TenantColumns, scope: PrintScope, parameters: Parameters | None = None
) -> Where:
    """The rule as a condition. parameters: of a statement that has others already.

    Raises TenantMissing where the scope names no tenant.
    """
    tenant = scope.tenant_id
    if isinstance(tenant, bool) or not isinstance(tenant, int) or tenant <= 0:
        raise TenantMissing("a rule is printed for a tenant, or not at all")
    printer = _Printer(columns, scope, Parameters() if parameters is None else parameters)
    condition = printer.part(rule.root)
    printer.parameters.values["tenant"] = tenant
    return Where(condition, printer.parameters)


class _Printer:
    def __init__(self, columns: TenantColumns, scope: PrintScope, parameters: Parameters) -> None:
        self.columns = columns
        self.scope = scope
        self.parameters = parameters

    def part(self, part: Part) -> str:
        """One condition or group, as something that stands alone."""
        match part:
            case Combined():
                return self._combined(part)
            case Comparison():
                return self._comparison(part)
            case Member():
                return self._member(part)
            case Signalled():
                return self._signalled(part)
            case Never():
                return f"({NEVER})"

    def _combined(self, group: Combined) -> str:
        if not group.parts:
            # No definition parses as this; a group of nothing lets nothing through.
            return f"({NEVER})"
        parts = [self.part(part) for part in group.parts]
        return f"({any_at_once(*parts) if group.logic == 'or' else ' AND '.join(parts)})"

    def _comparison(self, part: Comparison) -> str:
        prop = part.prop
        compared = Compared(
            self._read(prop),
            part.operator.name,
            self._values(part),
            part.currency,
            is_sku=prop.fixed and prop.name == "sku",
        )
        positive = f"ifNull({matches(compared, self.parameters)}, false)"
        return f"NOT {positive}" if part.operator.negative else positive

    def _read(self, prop: Property) -> Read:
        if prop.fixed:
            return read_fixed(prop.name)
        return self.columns.read(prop.name, prop.kind, self.parameters)

    def _values(self, part: Comparison) -> list[Any]:
        """What is compared with; moments as points in time, a range's end as the first outside."""
        if part.prop.kind != "date":
            return list(part.values)
        if part.operator.arity == "two":
            low, high = part.values
            return [low.at, end_of(high)]
        (value,) = part.values
        if isinstance(value, Moment):
            return [value.at]
        return [ago(self.scope.now, value)]

    def _member(self, part: Member) -> str:
        generation = self.scope.generations.get(part.segment.id)
        held = NOBODY
        if generation is not None:
            held = members_sql(part.segment.id, generation, self.parameters)
        return f"NOT ({held})" if part.negative else f"({held})"

    def _signalled(self, part: Signalled) -> str:
        bind = self.parameters.bind
        since = ""
        if part.within is not None:
            since = f" AND timestamp >= {bind(ago(self.scope.now, part.within), MOMENT)}"
        people = (
            f"SELECT user_id FROM segment_memberships FINAL WHERE {TENANT} "  # noqa: S608
            f"AND segment_id = {bind(part.segment_id)}"
        )
        sku = _sku_of_event(bind(part.product_id_property))
        return (
            f"(sku_key IN (SELECT {sku} FROM events FINAL WHERE {TENANT} "  # noqa: S608
            f"AND event_type = {bind(part.event_type)}{since} AND user_id IN ({people})))"
        )


# What Python's `str.strip` removes, by which SKUs are stored.
_BLANK = r"[\\s\\p{Z}\\x0b\\x1c-\\x1f\\x{85}]+"
_BLANKS_AROUND = f"^{_BLANK}|{_BLANK}$"


def _sku_of_event(name: str) -> str:
    """SQL: the keys of the SKUs an event names, one or a list of them; see `sku_key`."""
    listed = f"JSONExtract(properties, {name}, 'Array(String)')"
    one = f"[JSONExtractString(properties, {name})]"
    named = f"arrayJoin(if(JSONType(properties, {name}) = 'Array', {listed}, {one}))"
    return f"caseFoldUTF8(replaceRegexpAll({named}, '{_BLANKS_AROUND}', ''))"


def ago(now: datetime, duration: Duration) -> datetime:
    """The moment that lies so long before `now`; months are those of the calendar."""
    at = now.astimezone(UTC)
    if duration.unit != "months":
        return at - timedelta(**{duration.unit: duration.amount})
    months = at.year * 12 + at.month - 1 - duration.amount
    year, month = months // 12, months % 12 + 1
    return at.replace(year=year, month=month, day=min(at.day, calendar.monthrange(year, month)[1]))
