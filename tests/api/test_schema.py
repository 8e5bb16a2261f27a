"""The schema over the API: what is accepted, what is refused with counts, what force does."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from pim.identity.permissions import Role
from tests.api.conftest import PRODUCTS, Api
from tests.factories.identity import make_api_key

SCHEMA = "/api/pim/schema/"


def field(name: str, type_name: str = "string", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": type_name, "required": False, "description": "", **more}


def put(api: Api, *fields: dict[str, Any], query: str = "", **more: Any) -> Any:
    return api.send("PUT", SCHEMA + query, {"fields": list(fields), **more})


def test_a_new_tenant_has_an_empty_schema(api: Api) -> None:
    answer = api.get(SCHEMA)
    assert answer.status_code == 200
    assert answer.json == {"fields": [], "default_currency": "EUR", "default_locale": "en_US"}


def test_what_is_put_is_read_back_in_its_order(api: Api) -> None:
    wanted = {
        "fields": [field("tags", "array"), field("price", "price", required=True)],
        "default_currency": "CHF",
        "default_locale": "de_CH",
    }
    answer = api.send("PUT", SCHEMA, wanted)
    assert answer.status_code == 200
    assert answer.json == wanted == api.get(SCHEMA).json


def test_required_description_and_defaults_may_be_left_out(api: Api) -> None:
    put(api, default_currency="SEK")
    answer = put(api, {"name": "stock", "type": "number"})
    assert answer.json["fields"] == [field("stock", "number")]
    assert answer.json["default_currency"] == "SEK"


def test_every_mistake_is_named_with_its_place(api: Api) -> None:
    answer = put(
        api, field("SKU"), field("a", "text"), field("b"), field("B"), default_currency="EURO"
    )
    assert answer.status_code == 422
    assert [(e["path"], e["code"]) for e in answer.json["errors"]] == [
        ("/fields/0/name", "reserved_name"),
        ("/fields/1/type", "unknown_type"),
        ("/fields/3/name", "name_twice"),
        ("/default_currency", "unknown_currency"),
    ]
    assert api.get(SCHEMA).json["fields"] == []


@pytest.mark.parametrize("body", [{}, {"fields": None}, {"fields": {}}, {"fields": ["a"]}])
def test_what_is_no_schema_is_refused(api: Api, body: Any) -> None:
    assert api.send("PUT", SCHEMA, body).status_code == 422


def test_a_type_that_values_do_not_fit_is_refused_with_counts_unless_forced(api: Api) -> None:
    put(api, field("vk"))
    for sku, value in (("A", "19,99 €"), ("B", "auf Anfrage")):
        api.make(sku, data={"vk": value})
    answer = put(api, field("vk", "price"))
    assert (answer.status_code, answer.json["code"]) == (409, "products_dont_fit")
    (misfit,) = answer.json["misfits"]
    assert (misfit["field"], misfit["kind"], misfit["count"], misfit["of"]) == ("vk", "type", 1, 2)
    assert misfit["samples"][0]["sku"] == "B"
    assert misfit["samples"][0]["value"] == "auf Anfrage"
    assert answer.json["errors"][0]["path"] == "/fields/0/type"
    assert api.get(f"{PRODUCTS}by-sku/A/").json["data"] == {"vk": "19,99 €"}

    assert put(api, field("vk", "price"), query="?force=true").status_code == 200
    price = {"amount": 19.99, "currency": "EUR"}
    assert api.get(f"{PRODUCTS}by-sku/A/").json["data"] == {"vk": price}
    assert api.get(f"{PRODUCTS}by-sku/B/").json["data"] == {}


def test_a_field_that_becomes_required_is_refused_while_products_lack_it(api: Api) -> None:
    api.make("A")
    answer = put(api, field("brand", required=True))
    assert answer.status_code == 409
    assert answer.json["misfits"][0]["kind"] == "required"
    assert answer.json["errors"][0]["path"] == "/fields/0/required"
    assert put(api, field("brand", required=True), query="?force=true").status_code == 200
    refused = api.post(PRODUCTS, {"sku": "B"})
    assert [(e["path"], e["code"]) for e in refused.json["errors"]] == [("/data/brand", "required")]


def test_values_of_a_field_that_goes_stay_and_come_back_with_it(api: Api) -> None:
    put(api, field("stock", "number"))
    api.make("A", data={"stock": 5})
    assert put(api).status_code == 200
    assert api.get(f"{PRODUCTS}by-sku/A/").json["data"] == {"stock": 5}
    assert put(api, field("stock")).status_code == 200
    assert api.get(f"{PRODUCTS}by-sku/A/").json["data"] == {"stock": "5"}


def test_a_schema_that_is_not_the_one_read_is_not_replaced(api: Api) -> None:
    tag = put(api, field("a")).headers["ETag"]
    assert api.get(SCHEMA).headers["ETag"] == tag
    put(api, field("b"))
    body = {"fields": [field("c")]}
    stale = api.send("PUT", SCHEMA, body, headers={"If-Match": tag})
    assert stale.status_code == 412
    fresh = api.get(SCHEMA).headers["ETag"]
    assert api.send("PUT", SCHEMA, body, headers={"If-Match": fresh}).status_code == 200


def test_an_editor_reads_the_schema_and_may_not_replace_it(app: Flask, api: Api) -> None:
    editor = Api(app, api.tenant, make_api_key(app, api.tenant, Role.EDITOR))
    assert editor.get(SCHEMA).status_code == 200
    assert put(editor, field("a")).status_code == 403


def test_a_parameter_nobody_knows_is_refused(api: Api) -> None:
    assert put(api, query="?froce=true").status_code == 400
    assert put(api, query="?force=perhaps").status_code == 400
