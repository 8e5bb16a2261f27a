"""Products of one moment, read by a cursor on the server, some thousand at a time.

One REPEATABLE READ transaction of its own: what is written while a million rows go out changes
nothing of them, and the memory holds one batch, whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import ARRAY, Label, Select, Subquery, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.products.export.base import Measure, Row
from pim.products.models import Product

BATCH_ROWS = 2_000
_FROZEN = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class Snapshot:
    """The products a statement finds, as of now. Close it.

    statement: selects `Product`, narrowed down and ordered.
    """

    def __init__(self, statement: Select[Product]) -> None:
        current_tenant_id()  # raises without one; the transaction below is told of it
        self._session = Session(db.engine)
        try:
            self._connection = self._session.connection(
                execution_options={
                    "isolation_level": "REPEATABLE READ",
                    "postgresql_readonly": True,
                }
            )
        except BaseException:
            self.close()
            raise
        self._statement = statement

    def close(self) -> None:
        """End the transaction, whether all rows were read or not."""
        self._session.close()

    def batches(self, *, as_text: bool) -> Iterator[Sequence[Row]]:
        """The rows. The first batch is read at once, so that what goes wrong goes wrong here.

        as_text: values as PostgreSQL's JSON text, else as an object.
        """
        data = Product.data.expression.cast(Text) if as_text else Product.data.expression
        rows = self._connection.execution_options(yield_per=BATCH_ROWS).execute(
            self._statement.with_only_columns(Product.sku, Product.name, Product.active, data)
        )
        partitions = rows.partitions()
        first = next(partitions, [])
        return chain([first], partitions)

    def unknown_fields(self, known: Sequence[str], limit: int) -> list[str]:
        """Fields with a value that aren't among those known, by name; `limit` of them at most."""
        names = bindparam("known", list(known), type_=ARRAY(Text))
        others = Product.data.expression.op("-", return_type=JSONB())(names)
        inner = self._unordered(others.label("others"))
        key = func.jsonb_object_keys(inner.c.others).label("key")
        found = select(key).where(inner.c.others != {}).distinct().limit(limit).subquery()
        return list(self._connection.scalars(select(found.c.key).order_by(found.c.key)))

    def measure(self) -> Measure:
        """How much there is."""
        size = func.octet_length(Product.data.expression.cast(Text))
        inner = self._unordered(size.label("size"))
        statement = select(
            func.count(),
            func.coalesce(func.sum(inner.c.size), 0),
            func.coalesce(func.max(inner.c.size), 0),
        ).select_from(inner)
        rows, total, largest = self._connection.execute(statement).one()
        return Measure(rows, int(total), largest)

    def larger_than(self, size: int) -> Iterator[Sequence[Row]]:
        """The rows whose values are longer than some bytes of JSON, SKU and values alone."""
        statement = self._statement.order_by(None).where(
            func.octet_length(Product.data.expression.cast(Text)) > size
        )
        found = self._connection.execution_options(yield_per=50).execute(
            statement.with_only_columns(Product.sku, Product.name, Product.active, Product.data)
        )
        yield from found.partitions()

    def _unordered(self, column: Label[Any]) -> Subquery:
        return self._statement.order_by(None).with_only_columns(column).subquery()
