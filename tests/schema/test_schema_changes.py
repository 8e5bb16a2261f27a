"""Changes of the vocabulary bring the products' values along, or say what wouldn't fit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pim.core.db import db, transaction
from pim.core.errors import Invalid, NotFound, StaleVersion
from pim.core.tenancy import tenant_scope
from pim.products.changes import StagedProduct
from pim.products.history import product_history
from pim.products.models import Product
from pim.products.queries import get_product
from pim.schema import service
from pim.schema.changes import Effect, ProductsDontFit, SchemaChange, fingerprint
from pim.schema.fields import Field, Vocabulary
from pim.schema.queries import current_vocabulary
from tests.factories.identity import TestTenant, make_tenant
from tests.factories.products import make_product, make_products, make_vocabulary


@contextmanager
def inside(app: Flask, tenant: TestTenant) -> Iterator[None]:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        yield


def data_by_sku(app: Flask, tenant: TestTenant) -> dict[str, dict[str, Any]]:
    with app.app_context(), tenant_scope(tenant.id):
        rows = db.session.execute(select(Product.sku, Product.data)).all()
        return {row.sku: row.data for row in rows}


def definition(name: str, type_name: str = "string", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": type_name, **more}


def refused(app: Flask, tenant: TestTenant, *args: Any, **kwargs: Any) -> tuple[Effect, ...]:
    """The effects a change of one field is refused with."""
    with pytest.raises(ProductsDontFit) as error, inside(app, tenant):
        service.change_schema(service.edited_field(*args, **kwargs))
    return error.value.effects


def test_a_tenant_starts_without_fields(app: Flask, tenant: TestTenant) -> None:
    with inside(app, tenant):
        assert current_vocabulary() == Vocabulary()


def test_a_saved_schema_is_read_back_and_its_version_rises(app: Flask, tenant: TestTenant) -> None:
    wanted = Vocabulary((Field("price", "price", True, "gross"), Field("tags", "array")), "CHF")
    with inside(app, tenant):
        first = service.save_schema(wanted)
    with inside(app, tenant):
        assert current_vocabulary() == first
        assert first.as_definition() == wanted.as_definition()
        unchanged = service.save_schema(wanted)
        changed = service.save_schema(Vocabulary(wanted.fields, "EUR"))
    assert first.version == unchanged.version < changed.version


def test_one_tenants_schema_is_not_anothers(app: Flask, tenant: TestTenant) -> None:
    other = make_tenant(app)
    make_vocabulary(app, tenant, [("price", "price")])
    with inside(app, other):
        assert current_vocabulary().fields == ()


def test_a_renamed_field_takes_its_values_along(app: Flask, tenant: TestTenant) -> None:
    make_vocabulary(app, tenant, [("Preis", "price"), ("stock", "number")])
    price = {"amount": Decimal("19.9"), "currency": "EUR"}
    product = make_product(app, tenant, "A", Preis=price, stock=3)
    make_product(app, tenant, "B", stock=4)
    with inside(app, tenant):
        saved = service.change_schema(service.edited_field("Preis", definition("price", "price")))
        assert (saved.moved, saved.vocabulary.names) == (1, ("price", "stock"))
    assert data_by_sku(app, tenant) == {"A": {"price": price, "stock": 3}, "B": {"stock": 4}}
    with inside(app, tenant):
        entry = product_history(get_product(product))[0]
        assert (entry.source, entry.reason) == ("schema", "Renamed the field “Preis” to “price”")
        assert {c.field: c.before for c in entry.changes} == {"Preis": price, "price": None}


def test_a_name_that_other_values_have_already_is_said_before(
    app: Flask, tenant: TestTenant
) -> None:
    make_vocabulary(app, tenant, [("Preis", "number")])
    make_product(app, tenant, "A", Preis=1, price=2)
    make_product(app, tenant, "B", Preis=3)
    (effect,) = refused(app, tenant, "Preis", definition("price", "number"))
    assert (effect.kind, effect.name, effect.count, effect.of) == ("taken", "price", 1, 2)
    with inside(app, tenant):
        change = service.edited_field("Preis", definition("price", "number"))
        service.change_schema(change, accepted=fingerprint([effect]))
    assert data_by_sku(app, tenant) == {"A": {"price": 1}, "B": {"price": 3}}


def test_a_field_of_another_type_converts_its_values(app: Flask, tenant: TestTenant) -> None:
    make_vocabulary(app, tenant, [("stock", "string")])
    for sku, value in (("A", "12"), ("B", "1.234,5"), ("C", "1.234")):
        make_product(app, tenant, sku, stock=value)
    with inside(app, tenant):
        change = service.edited_field("stock", definition("stock", "number"))
        assert service.change_schema(change).converted == 3
    assert data_by_sku(app, tenant) == {
        "A": {"stock": 12},
        "B": {"stock": Decimal("1234.5")},
        "C": {"stock": 1234},  # B shows that the column has decimal commas
    }


def test_values_that_do_not_fit_are_counted_before_anything_happens(
    app: Flask, tenant: TestTenant
) -> None:
    make_vocabulary(app, tenant, [("vk", "string")])
    values = {"A": "19,99", "B": "n/a", "C": "ab 5 €", "D": "5 €", "E": "ab 5 €"}
    product = {sku: make_product(app, tenant, sku, vk=text) for sku, text in values.items()}
    before = data_by_sku(app, tenant)
    (effect,) = refused(app, tenant, "vk", definition("vk", "price"))
    assert (effect.kind, effect.count, effect.of, effect.type) == ("type", 3, 5, "price")
    assert [(s.value, s.count, s.sku) for s in effect.samples] == [
        ("ab 5 €", 2, "C"),
        ("n/a", 1, "B"),
    ]
    assert "“ab 5 €” is not a price" in effect.message
    assert data_by_sku(app, tenant) == before
    with inside(app, tenant):
        change = service.edited_field("vk", definition("vk", "price"))
        saved = service.change_schema(change, force=True)
        assert (saved.converted, saved.removed) == (2, 3)
    after = data_by_sku(app, tenant)
    assert after["A"] == {"vk": {"amount": Decimal("19.99"), "currency": "EUR"}}
    assert after["B"] == after["C"] == {}
    with inside(app, tenant):
        entry = product_history(get_product(product["B"]))[0]
        assert [(c.field, c.before) for c in entry.changes] == [("vk", "n/a")]


def test_values_with_two_readings_wait_for_somebody_to_say_the_decimal_sign(
    app: Flask, tenant: TestTenant
) -> None:
    make_vocabulary(app, tenant, [("weight", "string")])
    make_product(app, tenant, "A", weight="1.250")
    (effect,) = refused(app, tenant, "weight", definition("weight", "number"))
    assert (effect.count, effect.ambiguous) == (1, 1)
    with inside(app, tenant):
        change = service.edited_field("weight", definition("weight", "number"), ".")
        service.change_schema(change)
    assert data_by_sku(app, tenant) == {"A": {"weight": Decimal("1.25")}}


def test_what_was_accepted_is_not_done_if_it_became_more(app: Flask, tenant: TestTenant) -> None:
    make_vocabulary(app, tenant, [("n", "string")])
    make_product(app, tenant, "A", n="x")
    seen = refused(app, tenant, "n", definition("n", "number"))
    make_product(app, tenant, "B", n="y")
    with inside(app, tenant):
        change = service.edited_field("n", definition("n", "number"))
    with pytest.raises(ProductsDontFit) as error, inside(app, tenant):
        service.change_schema(change, accepted=fingerprint(seen))
    assert error.value.effects[0].count == 2


def test_a_required_field_says_how_many_products_lack_it(app: Flask, tenant: TestTenant) -> None:
    make_vocabulary(app, tenant, [("brand", "string")])
    make_products(app, tenant, [StagedProduct(sku=f"S{n}") for n in range(3)])
    make_product(app, tenant, "A", brand="Lumo")
    (effect,) = refused(app, tenant, "brand", definition("brand", required=True))
    assert (effect.kind, effect.count, effect.of) == ("required", 3, 4)
    with inside(app, tenant):
        change = service.edited_field("brand", definition("brand", required=True))
        saved = service.change_schema(change, force=True)
    assert saved.vocabulary.has_required
    assert data_by_sku(app, tenant)["S1"] == {}


def test_a_field_is_renamed_and_retyped_at_once(app: Flask, tenant: TestTenant) -> None:
    make_vocabulary(app, tenant, [("Farben", "string")])
    make_product(app, tenant, "A", Farben="oak, black")
    with inside(app, tenant):
        service.change_schema(service.edited_field("Farben", definition("colours", "array")))
    assert data_by_sku(app, tenant) == {"A": {"colours": ["oak", "black"]}}


def test_values_without_a_field_become_the_new_fields_values(
    app: Flask, tenant: TestTenant
) -> None:
    make_product(app, tenant, "A", height="12,5")
    make_product(app, tenant, "B", height=["tall"])
    with pytest.raises(ProductsDontFit) as error, inside(app, tenant):
        service.change_schema(service.added_field(definition("height", "number")))
    assert (error.value.effects[0].count, error.value.effects[0].of) == (1, 2)
    with inside(app, tenant):
        service.change_schema(service.added_field(definition("height", "number")), force=True)
    assert data_by_sku(app, tenant) == {"A": {"height": Decimal("12.5")}, "B": {}}


@pytest.mark.parametrize("remove", [True, False])
def test_a_deleted_fields_values_go_or_stay_as_asked(
    app: Flask, tenant: TestTenant, remove: bool
) -> None:
    make_vocabulary(app, tenant, [("a", "string"), ("b", "string")])
    make_product(app, tenant, "A", a="1", b="2")
    with inside(app, tenant):
        saved = service.delete_field("a", remove_values=remove)
        assert (saved.vocabulary.names, saved.removed) == (("b",), int(remove))
    assert data_by_sku(app, tenant) == {"A": {"b": "2"} if remove else {"a": "1", "b": "2"}}


def test_fields_are_moved_one_place_at_a_time(app: Flask, tenant: TestTenant) -> None:
    make_vocabulary(app, tenant, [("a", "string"), ("b", "string"), ("c", "string")])

    def moved(name: str, direction: Any) -> tuple[str, ...]:
        with inside(app, tenant):
            return service.move_field(name, direction).vocabulary.names

    assert moved("c", "up") == ("a", "c", "b")
    assert moved("a", "down") == ("c", "a", "b")
    assert moved("c", "up") == ("c", "a", "b")


def test_defaults_are_checked(app: Flask, tenant: TestTenant) -> None:
    with inside(app, tenant):
        assert service.set_defaults("chf", "de-ch").vocabulary.default_locale == "de_CH"
    with pytest.raises(Invalid) as refused, inside(app, tenant):
        service.set_defaults("EURO", "nowhere")
    assert [e.path for e in refused.value.errors] == ["/default_currency", "/default_locale"]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (definition("stock"), "/name"),
        (definition("Stock"), "/name"),
        (definition("sku"), "/name"),
        (definition("active", "boolean"), "/name"),
        (definition("x", "colour"), "/type"),
    ],
)
def test_a_field_that_cannot_be_is_refused_by_its_own_paths(
    app: Flask, tenant: TestTenant, given: dict[str, Any], path: str
) -> None:
    make_vocabulary(app, tenant, [("stock", "number"), ("x2", "number")])
    with pytest.raises(Invalid) as added, inside(app, tenant):
        service.added_field(given)
    assert [error.path for error in added.value.errors] == [path]
    with pytest.raises(Invalid) as edited, inside(app, tenant):
        service.edited_field("x2", given)
    assert [error.path for error in edited.value.errors] == [path]


def test_a_field_that_is_not_there_is_not_found(app: Flask, tenant: TestTenant) -> None:
    for act in (
        lambda: service.delete_field("ghost", remove_values=True),
        lambda: service.move_field("ghost", "up"),
        lambda: service.edited_field("ghost", definition("x")),
    ):
        with pytest.raises(NotFound), inside(app, tenant):
            act()


def test_a_schema_changed_meanwhile_is_not_overwritten(app: Flask, tenant: TestTenant) -> None:
    with inside(app, tenant):
        version = service.save_schema(Vocabulary((Field("a", "string"),))).version
        service.save_schema(Vocabulary((Field("b", "string"),)))
    with pytest.raises(StaleVersion), inside(app, tenant):
        service.save_schema(Vocabulary((Field("c", "string"),)), expected_version=version)


def test_many_products_are_converted_in_portions(
    app: Flask, tenant: TestTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pim.products.reshape.ROWS_AT_ONCE", 7)
    make_vocabulary(app, tenant, [("n", "string")])
    rows = [StagedProduct(sku=f"S{i}", data={"n": str(i)}) for i in range(50)]
    make_products(app, tenant, rows)
    with inside(app, tenant):
        change = service.edited_field("n", definition("n", "number"))
        assert service.change_schema(change).converted == 50
    assert {data["n"] for data in data_by_sku(app, tenant).values()} == set(range(50))


def test_values_in_their_new_type_already_are_not_written_again(
    app: Flask, tenant: TestTenant
) -> None:
    there = make_product(app, tenant, "A", stock=3, price={"amount": 2, "currency": "EUR"})
    text = make_product(app, tenant, "B", stock="3", new=True)
    wanted = Vocabulary(
        (Field("stock", "number"), Field("price", "price"), Field("new", "boolean"))
    )
    with inside(app, tenant):
        saved = service.change_schema(SchemaChange(wanted))
    assert (saved.converted, saved.removed) == (4, 0)
    assert data_by_sku(app, tenant)["B"] == {"stock": 3, "new": True}
    with inside(app, tenant):
        assert [entry.operation for entry in product_history(get_product(there))] == ["create"]
        assert [entry.operation for entry in product_history(get_product(text))] == [
            "update",
            "create",
        ]
