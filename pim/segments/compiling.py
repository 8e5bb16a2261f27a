"""A rule as somebody wrote it, put together with what the tenant has: ready for ClickHouse."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import select

from pim.analytics.registry import tenant_columns
from pim.core.clock import now
from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.schema.queries import current_vocabulary
from pim.segments.dsl.printer import PrintScope, Where, print_where
from pim.segments.dsl.resolver import read_rule
from pim.segments.dsl.rule import Known, Rule, SegmentRef
from pim.segments.models import ProductSegment, UserSegment

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Compiled:
    """What a rule means, and as a condition for ClickHouse with its values.

    vocabulary: the version it was read by. generations: the sets of members that it asks.
    """

    rule: Rule
    where: Where
    vocabulary: int
    generations: Mapping[int, int]

    @property
    def without_members(self) -> frozenset[int]:
        """The segments it asks that were never computed."""
        return self.rule.depends_on - self.generations.keys()


class _WhenAsked(Mapping[Key, Value]):
    """A mapping that is read when something is looked up in it: most rules ask for none of it."""

    def __init__(self, read: Callable[[], dict[Key, Value]]) -> None:
        self._read = read

    @cached_property
    def _all(self) -> dict[Key, Value]:
        return self._read()

    def __getitem__(self, key: Key) -> Value:
        return self._all[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


def known_now(own_id: int | None = None) -> Known:
    """What rules of the tenant in force may speak of. own_id: the segment whose rule it is."""
    return Known(
        vocabulary=current_vocabulary(),
        segments=_WhenAsked(_segments),
        user_segments=_WhenAsked(_user_segments),
        own_id=own_id,
    )


def _segments() -> dict[int, SegmentRef]:
    rows = db.session.execute(
        select(ProductSegment.id, ProductSegment.name, ProductSegment.depends_on).where(
            ProductSegment.tenant_id == current_tenant_id()
        )
    )
    return {row.id: SegmentRef(row.id, row.name, frozenset(row.depends_on)) for row in rows}


def _user_segments() -> dict[str, str]:
    rows = db.session.execute(
        select(UserSegment.id, UserSegment.name).where(UserSegment.tenant_id == current_tenant_id())
    )
    return {row.id: row.name for row in rows}


def resolve_definition(definition: Any, own_id: int | None = None, *, path: str = "") -> Rule:
    """What a rule means. path: JSON pointer of the definition. Raises DefinitionInvalid."""
    return read_rule(definition, known_now(own_id), path=path)


def compile_definition(definition: Any, own_id: int | None = None, *, path: str = "") -> Compiled:
    """A rule as a condition on products of the tenant in force. Raises DefinitionInvalid."""
    known = known_now(own_id)
    rule = read_rule(definition, known, path=path)
    asked = generations(rule.depends_on)
    scope = PrintScope(tenant_id=current_tenant_id(), now=now(), generations=asked)
    where = print_where(rule, tenant_columns(), scope)
    return Compiled(rule, where, known.vocabulary.version, asked)


def generations(segment_ids: Collection[int]) -> dict[int, int]:
    """The sets of members that count now, of those of these segments that have one."""
    if not segment_ids:
        return {}
    rows = db.session.execute(
        select(ProductSegment.id, ProductSegment.generation).where(
            ProductSegment.tenant_id == current_tenant_id(),
            ProductSegment.id.in_(list(segment_ids)),
            ProductSegment.generation > 0,
        )
    )
    return {row.id: row.generation for row in rows}
