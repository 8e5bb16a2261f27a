"""Somebody in front of the pages of segments, with a small shop to build rules for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from pim.analytics.sync import sync_tenant
from pim.core.tenancy import tenant_scope
from pim.products.changes import StagedProduct
from pim.segments.compute import compute_segment
from pim.segments.models import ProductSegment
from pim.segments.queries import get_segment
from tests.factories.identity import TestTenant, csrf_token
from tests.factories.products import make_products, make_vocabulary
from tests.factories.segments import make_segment
from tests.web.reading import Element, faults, read

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
BRANDS, TAGS = ("Lumo", "Hale", "Fjord & Co"), ("gift", "eco", "new")


def make_shop(app: Flask, tenant: TestTenant, count: int = 60, *, locale: str = "en_US") -> None:
    """Products in both stores: three brands, prices from 10 EUR up, one in ten not active."""
    make_vocabulary(app, tenant, locale=locale)
    make_products(
        app,
        tenant,
        [
            StagedProduct(
                sku=f"NW-{100 + i}",
                name=f"{['Oslo chair', 'Desk lamp', 'Linen throw'][i % 3]} {i}",
                active=i % 10 != 0,
                data={
                    "brand": BRANDS[i % 3],
                    "stock": i,
                    "price": {"amount": Decimal(10 + i), "currency": "EUR"},
                    "tags": list(TAGS[: i % 4]),
                },
            )
            for i in range(count)
        ],
    )
    with app.app_context():
        sync_tenant(tenant.id)


@dataclass
class Builder:
    """One person at the pages of segments."""

    app: Flask
    tenant: TestTenant
    client: FlaskClient

    def page(self, url: str = "/pim/segments", status: int = 200) -> Element:
        """A whole page, without anything that would keep somebody from using it."""
        answer = self.client.get(url)
        assert answer.status_code == status, answer.text[:2000]
        page = read(answer.text)
        found = faults(page)
        assert not found, found
        return page

    def part(self, url: str, **more: Any) -> Element:
        """What htmx gets."""
        answer = self.client.get(url, headers=HTMX, **more)
        assert answer.status_code == 200, answer.text[:2000]
        return read(answer.text)

    def post(self, url: str, fields: Any = (), *, htmx: bool = False) -> TestResponse:
        """Send a form."""
        pairs = fields.items() if isinstance(fields, dict) else fields
        data = MultiDict([("csrf_token", csrf_token(self.client)), *pairs])
        return self.client.post(url, data=data, headers=HTMX if htmx else {})

    def segment(self, name: str, rule: dict[str, Any], **more: Any) -> ProductSegment:
        """A segment, computed."""
        with self.app.app_context():
            made = make_segment(self.tenant.id, name, rule, **more)
            with tenant_scope(self.tenant.id):
                segment_id = made.id
        return self.compute(segment_id)

    def compute(self, segment_id: int) -> ProductSegment:
        """Let a worker have been there."""
        with self.app.app_context(), tenant_scope(self.tenant.id):
            compute_segment(segment_id)
            return get_segment(segment_id)

    def stored(self, segment_id: int) -> ProductSegment:
        """A segment as it is stored."""
        with self.app.app_context(), tenant_scope(self.tenant.id):
            return get_segment(segment_id)


def fields_of(page: Element, form_id: str = "editor") -> list[tuple[str, str]]:
    """What a browser would send if the form were submitted as it stands, without its token."""
    form = next(each for each in page.all("form") if each.attrs.get("id") == form_id)
    sent: list[tuple[str, str]] = []
    for field in form.all("input", "select", "textarea"):
        name = field.attrs.get("name", "")
        if not name or name == "csrf_token":
            continue
        if field.tag == "select":
            options = field.all("option")
            chosen = [each for each in options if "selected" in each.attrs] or options[:1]
            sent += [(name, each.attrs["value"]) for each in chosen]
        elif field.tag == "textarea":
            sent.append((name, "".join(str(c) for c in field.children).removeprefix("\n")))
        elif field.attrs.get("type") != "checkbox" or "checked" in field.attrs:
            sent.append((name, field.attrs.get("value", "")))
    return sent


def with_fields(sent: Iterable[tuple[str, str]], changed: dict[str, str]) -> list[tuple[str, str]]:
    """The fields with some of them written into."""
    return [(name, text) for name, text in sent if name not in changed] + list(changed.items())


def by_id(page: Element, element_id: str) -> Element:
    """The element with an id."""
    return next(each for each in page.walk() if each.attrs.get("id") == element_id)


def ids(page: Element) -> set[str]:
    """Every id there is."""
    return {each.attrs["id"] for each in page.walk() if "id" in each.attrs}
