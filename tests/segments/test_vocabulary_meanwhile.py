"""The vocabulary is changed while segments are made, computed and looked after."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy import text

from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.schema.changes import SchemaChange
from pim.schema.fields import Field, Vocabulary
from pim.schema.service import change_schema
from pim.segments import compute, lease, queries, renaming
from tests.factories.segments import make_segment
from tests.segments.shop import FIELDS
from tests.segments.test_compute import LUMO

MAKER = SchemaChange(Vocabulary((Field("maker", "string"), *FIELDS[1:])), {"maker": "brand"})


def test_a_segment_made_while_a_field_is_renamed_is_made_for_its_new_name(app: Flask, shop: int):
    made: list[str] = []

    def make() -> None:
        with app.app_context(), tenant_scope(shop):
            try:
                made.append(make_segment(shop, "Lumo", LUMO).name)
            except Exception as error:
                made.append(str(error))

    making = threading.Thread(target=make)
    with transaction():
        change_schema(MAKER, force=True)
        making.start()
        making.join(0.5)
        assert made == []
    making.join()
    assert "no field “brand”" in made[0]


def test_settling_and_renaming_do_not_wait_for_each_other_in_a_circle(app: Flask, shop: int):
    for number in range(60):
        make_segment(shop, f"Lumo {number}", LUMO)
    for segment, _ in queries.list_segments(limit=100):
        compute.compute_segment(segment.id)
    failed: list[BaseException] = []
    backwards = "UPDATE product_segments SET due_at = now() - id % 1000 * interval '1 s'"

    def again(work: Callable[[], object]) -> None:
        with app.app_context(), tenant_scope(shop):
            try:
                for _ in range(30):
                    with transaction():
                        work()
            except BaseException as error:
                failed.append(error)

    def settle() -> None:
        db.session.execute(text(backwards + " WHERE id = :id"), {"id": queries_first})
        db.session.commit()
        lease.settle_unchanged()

    queries_first = queries.list_segments(limit=1)[0][0].id
    with transaction():
        db.session.execute(text(backwards))
    others = [
        threading.Thread(target=again, args=[work])
        for work in (settle, lambda: renaming.follow_renames(shop, renames={"maker": "no such"}))
    ]
    for each in others:
        each.start()
    for each in others:
        each.join()
    assert failed == []
