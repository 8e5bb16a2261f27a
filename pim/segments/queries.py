"""Segments as people see them: lists, trends, members, and who came and went.

Members are told from ClickHouse by the set that PostgreSQL says counts, so whatever is read within
a moment belongs together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, any_, func, literal, select

from pim.analytics.client import TENANT, tenant_rows
from pim.analytics.columns import Parameters
from pim.analytics.folding import contains
from pim.core.db import db
from pim.core.errors import NotFound
from pim.core.tenancy import current_tenant_id
from pim.products.identity import sku_key
from pim.products.models import Product
from pim.products.queries import products_of_tenant
from pim.segments.membership import SETS, members_sql
from pim.segments.models import ProductSegment, SegmentHistory, UserSegment

TREND_POINTS = 30
Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])


def segments_of_tenant() -> Select[ProductSegment]:
    """All segments of the tenant in force; raises NoTenant without one."""
    return select(ProductSegment).where(ProductSegment.tenant_id == current_tenant_id())


def sort_key() -> ColumnElement[str]:
    """What lists of them are ordered by; no two of a tenant share it."""
    return func.lower(ProductSegment.name)


def get_segment(segment_id: int, *, lock: bool = False) -> ProductSegment:
    """One segment as it is now; raises NotFound."""
    statement = segments_of_tenant().where(ProductSegment.id == segment_id)
    if lock:
        statement = statement.with_for_update()
    found = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("There is no such segment.")
    return found


def list_segments(
    *, limit: int, after: str | None = None, search: str = "", active: bool | None = None
) -> Sequence[tuple[ProductSegment, str]]:
    """Segments by name, each with its sort key; after: only those behind that key."""
    statement = _narrowed(
        select(ProductSegment, sort_key()).where(ProductSegment.tenant_id == current_tenant_id()),
        search,
        active,
    )
    if after is not None:
        statement = statement.where(sort_key() > after)
    statement = statement.order_by(sort_key()).limit(limit)
    rows = db.session.execute(statement.execution_options(populate_existing=True))
    return [(row[0], row[1]) for row in rows]


def count_segments(search: str = "", active: bool | None = None) -> int:
    """How many segments there are, or how many of them fit."""
    statement = select(func.count()).select_from(ProductSegment)
    narrowed = statement.where(ProductSegment.tenant_id == current_tenant_id())
    return int(db.session.scalar(_narrowed(narrowed, search, active)) or 0)


def _narrowed(statement: Statement, search: str, active: bool | None) -> Statement:
    """Every word is part of the name or of the description."""
    for word in search.split():
        statement = statement.where(
            ProductSegment.name.icontains(word, autoescape=True)
            | ProductSegment.description.icontains(word, autoescape=True)
        )
    return statement if active is None else statement.where(ProductSegment.is_active.is_(active))


# What a select shows of one: its id, its name, how many are in it.
Named = tuple[Any, str, int | None]


def names_of_segments(limit: int) -> list[Named]:
    """The first segments by name."""
    found = _names_of_segments().order_by(sort_key()).limit(limit)
    return [(row.id, row.name, row.computed_count) for row in db.session.execute(found)]


def name_of_segment(segment_id: int) -> Named | None:
    """One of them, wherever it stands; None if there is none."""
    row = db.session.execute(_names_of_segments().where(ProductSegment.id == segment_id)).first()
    return None if row is None else (row.id, row.name, row.computed_count)


def _names_of_segments() -> Select[int, str, int | None]:
    columns = select(ProductSegment.id, ProductSegment.name, ProductSegment.computed_count)
    return columns.where(ProductSegment.tenant_id == current_tenant_id())


def names_of_user_segments(limit: int) -> list[Named]:
    """The first groups of users that were sent, by name or, without one, by id."""
    name = func.coalesce(func.nullif(UserSegment.name, ""), UserSegment.id)
    found = _user_segments().order_by(func.lower(name), UserSegment.id).limit(limit)
    return [_named(segment) for segment in db.session.scalars(found)]


def name_of_user_segment(segment_id: str) -> Named | None:
    """One of them, wherever it stands; None if there is none."""
    found = db.session.scalars(_user_segments().where(UserSegment.id == segment_id)).first()
    return None if found is None else _named(found)


def _named(segment: UserSegment) -> Named:
    return segment.id, segment.name or segment.id, segment.member_count


def _user_segments() -> Select[UserSegment]:
    return select(UserSegment).where(UserSegment.tenant_id == current_tenant_id())


def users_of(segment_id: int) -> Sequence[ProductSegment]:
    """The segments whose rules name this one, by name."""
    statement = segments_of_tenant().where(literal(segment_id) == any_(ProductSegment.depends_on))
    return db.session.scalars(statement.order_by(sort_key())).all()


def page_of_user_segments(*, limit: int, after: str | None = None) -> Sequence[UserSegment]:
    """The groups of users that were sent, by id; after: only those behind that one."""
    statement = _user_segments()
    if after is not None:
        statement = statement.where(UserSegment.id > after)
    return db.session.scalars(statement.order_by(UserSegment.id).limit(limit)).all()


def count_user_segments() -> int:
    """How many groups of users were sent."""
    statement = select(func.count()).select_from(UserSegment)
    return int(
        db.session.scalar(statement.where(UserSegment.tenant_id == current_tenant_id())) or 0
    )


def history(
    segment_id: int, *, limit: int = 100, before: int | None = None
) -> Sequence[SegmentHistory]:
    """How the members changed, the latest change first. before: only those of older generations."""
    statement = select(SegmentHistory).where(
        SegmentHistory.tenant_id == current_tenant_id(), SegmentHistory.segment_id == segment_id
    )
    if before is not None:
        statement = statement.where(SegmentHistory.generation < before)
    return db.session.scalars(
        statement.order_by(SegmentHistory.generation.desc()).limit(limit)
    ).all()


def count_history(segment_id: int) -> int:
    """How many changes of its members a segment has kept."""
    statement = select(func.count()).select_from(SegmentHistory)
    own = (
        SegmentHistory.tenant_id == current_tenant_id(),
        SegmentHistory.segment_id == segment_id,
    )
    return int(db.session.scalar(statement.where(*own)) or 0)


def trends(
    segment_ids: Sequence[int], points: int = TREND_POINTS
) -> Mapping[int, list[tuple[datetime, int]]]:
    """The last counts of each segment with their moments, the oldest first, in one query."""
    wanted = select(func.unnest(literal(list(segment_ids), ARRAY(BigInteger))).label("id")).cte()
    newest = (
        select(
            SegmentHistory.computed_at,
            SegmentHistory.count.label("members"),
            SegmentHistory.generation,
        )
        .where(
            SegmentHistory.tenant_id == current_tenant_id(),
            SegmentHistory.segment_id == wanted.c.id,
        )
        .order_by(SegmentHistory.generation.desc())
        .limit(points)
        .lateral()
    )
    rows = db.session.execute(
        select(wanted.c.id.label("segment_id"), newest)
        .join_from(wanted, newest, literal(True))
        .order_by(newest.c.generation)
    )
    found: dict[int, list[tuple[datetime, int]]] = {each: [] for each in segment_ids}
    for row in rows:
        found[row.segment_id].append((row.computed_at, row.members))
    return found


@dataclass(frozen=True, slots=True)
class MembersPage:
    """Members in the order of their SKUs. after: where the next page begins, None at the end."""

    products: Sequence[Product]
    after: tuple[str, int] | None


def members(
    segment: ProductSegment,
    *,
    limit: int = 50,
    after: tuple[str, int] | None = None,
    words: str = "",
) -> MembersPage:
    """A page of the products in a segment. words: each is part of the SKU or of the name.

    after: what the page before said. Raises Unavailable.
    """
    parameters = Parameters()
    where = _members_where(segment, words, parameters)
    if after is not None:
        key, last = parameters.bind(after[0]), parameters.bind(after[1], "UInt64")
        where += f" AND (sku_key, product_id) > ({key}, {last})"
    rows = tenant_rows(
        f"SELECT product_id, sku_key FROM products FINAL WHERE {TENANT} AND {where} "  # noqa: S608
        f"ORDER BY sku_key, product_id LIMIT {limit + 1:d}",
        parameters.values,
    )
    page = rows[:limit]
    position = (str(page[-1][1]), int(page[-1][0])) if len(rows) > limit else None
    return MembersPage(_products([int(row[0]) for row in page]), position)


def count_members(segment: ProductSegment, words: str = "") -> int:
    """How many products of a segment there are (still), or how many of them fit."""
    parameters = Parameters()
    where = _members_where(segment, words, parameters)
    statement = f"SELECT count() FROM products FINAL WHERE {TENANT} AND {where}"  # noqa: S608
    return int(tenant_rows(statement, parameters.values)[0][0])


def _members_where(segment: ProductSegment, words: str, parameters: Parameters) -> str:
    conditions = [members_sql(segment.id, segment.generation, parameters)]
    for word in words.split():
        in_sku = f"position(sku_key, {parameters.bind(sku_key(word))}) > 0"
        conditions.append(f"({in_sku} OR {contains('name', word, parameters)})")
    return " AND ".join(conditions)


@dataclass(frozen=True, slots=True)
class Change:
    """One product that came into a segment or went. sku, name: None if it was deleted since."""

    product_id: int
    entered: bool
    sku: str | None
    name: str | None


# The set of members, and the last product of a page.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """Who came and who went when the members last changed. last: None if they never did.

    after: where the next page begins, None at the end.
    """

    last: SegmentHistory | None
    changes: Sequence[Change]
    after: Place | None


def latest_changes(
    segment: ProductSegment, *, entered: bool, limit: int = 50, after: Place | None = None
) -> ChangesPage:
    """The products that came in (or went) when the members last changed, by id.

    after: what the page before said; its change is gone through to the end, whatever came since.
    Raises Unavailable.
    """
    last = _last_change(segment.id, after[0] if after else None)
    if last is None:
        return ChangesPage(None, (), None)
    rows = tenant_rows(
        f"SELECT DISTINCT product_id FROM product_membership_changes WHERE {TENANT} "  # noqa: S608
        "AND segment_id = {segment:UInt64} AND generation = {generation:UInt64} "
        "AND entered = {entered:UInt8} AND product_id > {after:UInt64} "
        f"ORDER BY product_id LIMIT {limit + 1:d}",
        {
            "segment": segment.id,
            "generation": last.generation,
            "entered": int(entered),
            "after": after[1] if after else 0,
        },
    )
    ids = [int(row[0]) for row in rows[:limit]]
    known = {product.id: product for product in _products(ids)}
    changes = [_change(each, known.get(each), entered) for each in ids]
    more = (last.generation, ids[-1]) if len(rows) > limit else None
    return ChangesPage(last, changes, more)


def _last_change(segment_id: int, generation: int | None) -> SegmentHistory | None:
    """The last point at which members came or went; or the one that made this set."""
    points = select(SegmentHistory).where(
        SegmentHistory.tenant_id == current_tenant_id(),
        SegmentHistory.segment_id == segment_id,
        SegmentHistory.entered + SegmentHistory.left > 0,
    )
    if generation is not None:
        points = points.where(SegmentHistory.generation == generation)
    newest = points.order_by(SegmentHistory.generation.desc()).limit(1)
    return db.session.scalars(newest).one_or_none()


def _change(product_id: int, product: Product | None, entered: bool) -> Change:
    if product is None:
        return Change(product_id, entered, None, None)
    return Change(product_id, entered, product.sku, product.name)


def segments_with(product_id: int) -> Sequence[ProductSegment]:
    """The segments that hold a product, by name. Raises Unavailable."""
    computed = db.session.scalars(
        segments_of_tenant().where(ProductSegment.generation > 0).order_by(sort_key())
    ).all()
    if not computed:
        return []
    rows = tenant_rows(
        f"SELECT segment_id FROM {SETS} WHERE {TENANT} "  # noqa: S608
        "AND (segment_id, generation) IN "
        "arrayZip({segments:Array(UInt64)}, {generations:Array(UInt64)}) "
        "AND bitmapContains(members, {product:UInt64})",
        {
            "segments": [each.id for each in computed],
            "generations": [each.generation for each in computed],
            "product": product_id,
        },
    )
    holding = {int(row[0]) for row in rows}
    return [each for each in computed if each.id in holding]


def _products(ids: Sequence[int]) -> list[Product]:
    """Products by id in this order, without those that have been deleted meanwhile."""
    found = {
        product.id: product
        for product in db.session.scalars(products_of_tenant().where(Product.id.in_(ids)))
    }
    return [found[each] for each in ids if each in found]
