"""The list of segments and the page of one: members, history, switching, copying, deleting."""

from __future__ import annotations

import pytest
from flask import Flask

from pim.analytics.client import clickhouse
from pim.analytics.sync import sync_tenant
from pim.catalog import listing
from pim.core.db import transaction
from pim.core.errors import Unavailable
from pim.core.tenancy import tenant_scope
from pim.identity.permissions import Role
from pim.schema import service as schema
from pim.schema.fields import Field, Vocabulary
from tests.factories.identity import TestTenant, client_of, csrf_token, make_tenant
from tests.factories.products import make_product
from tests.factories.segments import all_of, attribute, in_segment, make_segment
from tests.web.reading import Element, read
from tests.web.segments import HTMX, Builder, by_id, fields_of, ids, make_shop

LUMO = all_of(attribute("brand", "eq", "Lumo"))


@pytest.fixture
def builder(app: Flask, tenant: TestTenant) -> Builder:
    make_shop(app, tenant)
    return Builder(app, tenant, client_of(app, tenant, Role.MANAGER))


def skus(page: Element) -> list[str]:
    return [e.text() for e in page.all("td") if "pin-sku" in e.attrs.get("class", "")]


def href(page: Element, label: str) -> str:
    return next(a.attrs["href"] for a in page.all("a") if a.text() == label)


def test_without_segments_the_list_says_what_one_is_and_offers_some(builder: Builder) -> None:
    page = builder.page()
    assert "No segments yet" in page.text()
    assert len([a for a in page.all("a") if "?starter=" in a.attrs["href"]]) >= 3


def test_a_tenant_without_fields_is_offered_what_needs_none(app: Flask) -> None:
    tenant = make_tenant(app)
    page = Builder(app, tenant, client_of(app, tenant, Role.EDITOR)).page()
    offered = [a.attrs["href"] for a in page.all("a") if "?starter=" in a.attrs["href"]]
    assert [each.rpartition("=")[2] for each in offered] == ["new-this-week", "switched-off"]


def test_the_list_shows_how_each_segment_is(builder: Builder, app: Flask) -> None:
    segment = builder.segment("Lumo", LUMO, description="All of one brand", refresh_interval=300)
    with app.app_context():
        make_product(app, builder.tenant, "NW-999", "New lamp", brand="Lumo")
        sync_tenant(builder.tenant.id)
    builder.compute(segment.id)
    row = by_id(builder.page(), f"segment-{segment.id}")
    said = row.text()
    assert "Lumo All of one brand 21" in said
    assert "rising from 20 to 21" in said
    assert "Up to date" in said
    assert "every 5 minutes" in said
    assert "hx-trigger" not in row.attrs


def test_a_row_that_waits_looks_again_and_stops_when_it_is_computed(builder: Builder) -> None:
    segment = builder.segment("Lumo", LUMO)
    answer = builder.post(f"/pim/segments/{segment.id}/recompute", htmx=True)
    row = by_id(read(answer.text), f"segment-{segment.id}")
    assert row.attrs["hx-trigger"] == "every 1s"
    assert "Waiting" in row.text()
    builder.compute(segment.id)
    row = by_id(builder.part(f"/pim/segments/{segment.id}/row"), f"segment-{segment.id}")
    assert "hx-trigger" not in row.attrs
    assert "Up to date" in row.text()


def test_a_segment_is_found_by_words_of_its_name(builder: Builder) -> None:
    builder.segment("Lumo", LUMO)
    builder.segment("Other", LUMO)
    part = builder.part("/pim/segments?q=lum")
    assert "Lumo" in part.text()
    assert "Other" not in part.text()
    assert "Nothing matches" in builder.page("/pim/segments?q=xyz").text()


def test_a_list_of_many_goes_on_page_by_page(builder: Builder, app: Flask) -> None:
    with app.app_context():
        for number in range(53):
            make_segment(builder.tenant.id, f"Segment {number:03}", LUMO)
    first = builder.page()
    # So many rows wait that the list asks for all of them at once.
    assert by_id(first, "segments").attrs["hx-get"] == "/pim/segments"
    assert not any("hx-trigger" in row.attrs for row in first.all("tr"))
    second = builder.page(href(first, "Next"))
    assert "hx-get" not in by_id(second, "segments").attrs
    names = [e.text() for page in (first, second) for e in page.all("b") if "Segment 0" in e.text()]
    assert names == [f"Segment {number:03}" for number in range(53)]


def test_a_segment_that_failed_says_why_and_keeps_its_members(
    builder: Builder, app: Flask, tenant: TestTenant
) -> None:
    segment = builder.segment("Organic", all_of(attribute("organic", "is_not_set")))
    with app.app_context(), tenant_scope(tenant.id), transaction():
        schema.delete_field("organic", remove_values=True)
    builder.compute(segment.id)
    row = by_id(builder.page(), f"segment-{segment.id}").text()
    assert "Failed" in row
    assert "There is no field “organic”" in row
    page = builder.page(f"/pim/segments/{segment.id}")
    assert len(skus(page)) == 50


def test_members_are_shown_with_the_fields_of_the_schema_and_since_when(builder: Builder) -> None:
    segment = builder.segment("Lumo", LUMO)
    page = builder.page(f"/pim/segments/{segment.id}")
    members = by_id(page, "members")
    headings = [th.text() for th in members.all("th")]
    assert headings[:4] == ["Picture", "SKU", "Name", "Brand text"]
    assert headings[-1] == "Since"
    assert len(skus(members)) == 20
    since = [td.text() for td in members.all("tr")[1].all("td")][-1]
    assert "ago" in since or since == "just now"


def test_members_are_searched_paged_and_taken_along(builder: Builder) -> None:
    segment = builder.segment("All", all_of(attribute("sku", "starts_with", "nw")))
    url = f"/pim/segments/{segment.id}"
    page = builder.page(url)
    assert "1–50 of 60" in by_id(page, "members").text()
    second = builder.page(href(page, "Next"))
    assert "51–60 of 60" in by_id(second, "members").text()
    assert "1–50 of 60" in by_id(builder.page(href(second, "Previous")), "members").text()
    found = builder.part(f"{url}?q=lamp")
    assert len(skus(found)) == 20
    exported = builder.client.get(href(found, "CSV, to import again"))
    assert exported.text.count("\n") == 21
    assert "No member matches" in builder.page(f"{url}?q=zebra").text()


def test_history_is_a_drawing_and_a_table(builder: Builder, app: Flask) -> None:
    segment = builder.segment("Lumo", LUMO)
    with app.app_context():
        make_product(app, builder.tenant, "NW-999", "New lamp", brand="Lumo")
        sync_tenant(builder.tenant.id)
    builder.compute(segment.id)
    page = builder.page(f"/pim/segments/{segment.id}")
    trend = by_id(page, "trend")
    drawing = next(each for each in trend.all("svg") if each.attrs.get("role") == "img")
    assert drawing.attrs["aria-label"] == "Members rising from 20 to 21"
    rows = [[td.text() for td in tr.all("td")][1:] for tr in trend.all("tr")[1:]]
    assert rows == [["21", "1", "0"], ["20", "20", "0"]]
    assert "NW-999 New lamp" in by_id(page, "changes").text()


def test_the_page_of_one_that_waits_brings_its_members_when_they_are_there(
    builder: Builder, app: Flask
) -> None:
    with app.app_context():
        make_segment(builder.tenant.id, "Lumo", LUMO)
    page = builder.page()
    url = href(page, "Lumo")
    page = builder.page(url)
    head = by_id(page, "segment_head")
    assert "Not computed yet" in page.text()
    builder.compute(int(url.rpartition("/")[2]))
    part = builder.part(head.attrs["hx-get"])
    assert "hx-trigger" not in by_id(part, "segment_head").attrs
    assert len(skus(part)) == 20
    assert by_id(part, "members").attrs["hx-swap-oob"] == "outerMorph"


def test_a_segment_is_switched_copied_and_deleted(builder: Builder) -> None:
    segment = builder.segment("Lumo", LUMO)
    url = f"/pim/segments/{segment.id}"
    answer = builder.post(f"{url}/active", {"active": "0", "next": url})
    assert answer.location == url
    assert "Resting" in builder.page(url).text()
    copied = builder.post(f"{url}/duplicate")
    assert "Copy of Lumo" in builder.page(copied.location).text()
    assert "Delete this segment?" in builder.page(f"{url}/delete").text()
    for seen in ("", "1", "99999999999"):
        assert builder.post(f"{url}/delete", {"version": seen}).status_code == 409
    assert builder.post(f"{url}/delete", {"version": "2"}).location == "/pim/segments"
    builder.page(url, 404)


def test_a_copy_of_a_rule_whose_field_is_gone_is_put_right_before_it_is_saved(
    builder: Builder, app: Flask
) -> None:
    segment = builder.segment("Lumo", LUMO, description="All of one brand")
    with app.app_context(), tenant_scope(builder.tenant.id), transaction():
        schema.save_schema(Vocabulary((Field("stock", "number"),)), force=True)
    copied = builder.post(f"/pim/segments/{segment.id}/duplicate")
    page = builder.page(copied.location)
    fields = dict(fields_of(page))
    assert (fields["name"], fields["description"]) == ("Copy of Lumo", "All of one brand")
    assert "The copy isn't saved yet" in page.text()
    assert "There is no field “brand”" in page.text()
    assert by_id(page, "editor").attrs["action"] == "/pim/segments/new"


def test_what_no_text_holds_is_searched_without(builder: Builder) -> None:
    segment = builder.segment("Lumo", LUMO)
    for url in ("/pim/segments", f"/pim/segments/{segment.id}", "/pim", "/pim/imports"):
        builder.page(f"{url}?q=%00lum%00o")


def test_who_switches_it_while_changing_the_rule_can_save_afterwards(builder: Builder) -> None:
    segment = builder.segment("Lumo", LUMO)
    url = f"/pim/segments/{segment.id}"
    fields = dict(fields_of(builder.page(url)))
    headers = {**HTMX, "HX-Target": "segment_head"}
    data = {"csrf_token": csrf_token(builder.client), "active": "0", "version": fields["version"]}
    part = read(builder.client.post(f"{url}/active", data=data, headers=headers).text)
    version = by_id(part, "editor-version")
    assert version.attrs["hx-swap-oob"] == "outerMorph"
    saved = builder.post(url, {**fields, "version": version.attrs["value"]})
    assert saved.status_code == 303
    data["version"] = "1"
    part = read(builder.client.post(f"{url}/active", data=data, headers=headers).text)
    assert "editor-version" not in ids(part)


def test_a_segment_that_another_asks_for_is_not_deleted(builder: Builder) -> None:
    segment = builder.segment("Lumo", LUMO)
    builder.segment("Others", all_of(in_segment(segment.id)))
    answer = builder.post(f"/pim/segments/{segment.id}/delete", {"version": "1"})
    assert answer.status_code == 409
    assert "is used by “Others”" in read(answer.text).text()


def test_the_catalog_shows_the_members_of_a_segment(builder: Builder) -> None:
    segment = builder.segment("Lumo", LUMO)
    page = builder.page(f"/pim?segment={segment.id}&q=chair")
    assert len(skus(page)) == 20
    chip = next(each for each in page.all("a") if "Segment Lumo" in each.text())
    assert chip.attrs["href"] == "/pim?q=chair"
    form = builder.page(f"/pim?add=:segment&segment={segment.id}")
    assert [o.text() for o in by_id(form, "filter-value").all("option")] == ["Lumo"]
    applied = builder.client.get(f"/pim?add=:segment&apply=1&fv={segment.id}")
    assert applied.location == f"/pim?segment={segment.id}"


def test_the_catalog_says_that_a_segment_is_gone(builder: Builder) -> None:
    page = builder.page("/pim?segment=4711", 422)
    assert "There is no such segment any more" in page.text()
    assert href(page, "Leave it out") == "/pim"


def test_both_stores_list_the_same_members(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = builder.segment("Lumo", LUMO)
    url = f"/pim?segment={segment.id}&f=stock:lt:30&sort=-name"
    small = skus(builder.page(url))
    monkeypatch.setattr(listing, "SMALL_CATALOG", 0)
    assert skus(builder.page(url)) == small
    assert len(small) == 10


def test_without_clickhouse_the_pages_say_so_calmly(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = builder.segment("Lumo", LUMO)

    def away(*_: object, **__: object) -> None:
        raise Unavailable("ClickHouse does not answer.")

    with builder.app.app_context():
        monkeypatch.setattr(clickhouse(), "rows", away)
    page = builder.page(f"/pim/segments/{segment.id}")
    assert "Members can't be shown right now" in page.text()
    assert "ClickHouse does not answer." in by_id(page, "live-count").text()
    assert {"segment_head", "editor"} <= ids(page)
    assert "Segments are resting" in builder.page(f"/pim?segment={segment.id}").text()


def test_a_products_page_says_which_segments_it_is_in(builder: Builder) -> None:
    segment = builder.segment("Lumo", LUMO)
    builder.segment("Nothing", all_of(attribute("stock", "gt", 1_000)))
    found = builder.page(f"/pim?segment={segment.id}")
    product = next(a.attrs["href"] for a in found.all("a") if "data-open" in a.attrs)
    facts = by_id(builder.page(product), "product-facts")
    assert href(facts, "Lumo") == f"/pim/segments/{segment.id}"
    assert "Nothing" not in facts.text()


def test_another_tenants_segment_is_not_there(builder: Builder, app: Flask) -> None:
    segment = builder.segment("Lumo", LUMO)
    other = make_tenant(app)
    stranger = Builder(app, other, client_of(app, other, Role.ADMIN))
    stranger.page(f"/pim/segments/{segment.id}", 404)
    assert "There is no such segment" in stranger.page(f"/pim?segment={segment.id}", 422).text()
