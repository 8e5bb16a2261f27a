"""Naughty strings as SKU, name, text and items of a list: in, as they are, and out again."""

from __future__ import annotations

import csv
import io
import json

import pytest
from flask import Flask

from pim.identity.permissions import Role
from pim.products.export.formats import FORMATS
from pim.products.identity import sku_key
from pim.schema.types.base import trim
from tests.api.conftest import Api
from tests.factories.identity import TestTenant, make_api_key
from tests.factories.imports import confirm, counts, issues, products, run, upload
from tests.factories.naughty import naughty
from tests.factories.products import make_vocabulary

MAPPING = {"mapping": {"sku": "sku", "name": "name", "text": "text", "items": "items"}}


def rows() -> list[list[str]]:
    """Each text as a SKU, where it can be one, as a name, a text and an item of a list."""
    found: dict[str, list[str]] = {}
    for number, text in enumerate(naughty()):
        sku = text.strip()
        if not sku or len(sku) > 255 or sku_key(sku) in found:
            sku = f"S-{number}"
        listed = json.dumps(["first", text], ensure_ascii=False)
        found[sku_key(sku)] = [sku, text[:10_000], text, listed]
    return list(found.values())


def as_csv(lines: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["sku", "name", "text", "items"], *lines])
    return text.getvalue().encode()


def imported(app: Flask, tenant: TestTenant, content: bytes, name: str) -> dict[str, int]:
    job = upload(app, tenant, content, name)
    confirm(app, tenant, job, MAPPING)
    done = run(app, tenant, job, synced=False)
    assert (done.status, done.error) == ("importing" if done.phase == "syncing" else "done", None)
    assert [(issue.line, issue.message) for issue in issues(app, tenant, job)] == []
    return counts(done)


def test_naughty_strings_are_stored_as_they_are_and_come_back_from_every_export(
    app: Flask, tenant: TestTenant
) -> None:
    make_vocabulary(app, tenant, [("text", "string"), ("items", "array")])
    given = rows()
    assert imported(app, tenant, as_csv(given), "naughty.csv") == {"created": len(given)}
    found = products(app, tenant)
    for sku, name, text, _ in given:
        product = found[sku]
        assert product.name == name.strip()
        assert product.data.get("text", "") == trim(text)
        clean = trim(text.replace("\r\n", "\n").replace("\r", "\n"))
        assert product.data["items"] == list(dict.fromkeys(filter(None, ["first", clean])))
    api = Api(app, tenant, make_api_key(app, tenant, Role.VIEWER))
    for name, form in FORMATS.items():
        file = api.get(f"/api/pim/products/export/?format={name}")
        assert imported(app, tenant, file.data, f"x{form.extension}") == {"unchanged": len(given)}


@pytest.mark.parametrize("bad", ["nul\0byte", "half \ud83d surrogate"])
def test_what_no_database_can_hold_costs_its_row_and_says_why(
    app: Flask, tenant: TestTenant, bad: str
) -> None:
    make_vocabulary(app, tenant, [("text", "string"), ("items", "array")])
    lines = [
        {"sku": sku, "name": "n", "text": text, "items": []}
        for sku, text in (("A", bad), ("B", "b"))
    ]
    job = upload(app, tenant, "\n".join(map(json.dumps, lines)), "x.jsonl")
    confirm(app, tenant, job, MAPPING)
    done = run(app, tenant, job, synced=False)
    assert counts(done) == {"created": 1, "failed": 1}
    (issue,) = issues(app, tenant, job)
    assert issue.line == 1
    assert list(products(app, tenant)) == ["B"]
