"""The rule builder over plain requests: every button works without a script, htmx gets its part."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from pim.core.db import transaction
from pim.core.tenancy import tenant_scope
from pim.identity.permissions import Role
from pim.schema import service as schema
from pim.segment_pages import editor
from pim.segments import service
from tests.factories.identity import TestTenant, client_of, make_tenant
from tests.factories.segments import all_of, any_of, attribute, in_segment, make_segment
from tests.web.reading import Element, read
from tests.web.segments import Builder, by_id, fields_of, ids, make_shop, with_fields

NEW = "/pim/segments/new"


@pytest.fixture
def builder(app: Flask, tenant: TestTenant) -> Builder:
    make_shop(app, tenant)
    return Builder(app, tenant, client_of(app, tenant, Role.MANAGER))


def live_count(page: Element) -> str:
    return by_id(page, "live-count").text()


def press(builder: Builder, page: Element, do: str, url: str = NEW, **changed: str) -> Element:
    """Press a button of the builder, without a script."""
    written = {name.replace("__", "-"): text for name, text in changed.items()}
    fields = with_fields(fields_of(page), written)
    answer = builder.post(f"{url}/form", [*fields, ("do", do)])
    assert answer.status_code == 200
    return read(answer.text)


def test_a_new_segment_begins_with_one_condition_to_fill_in(builder: Builder) -> None:
    page = builder.page(NEW)
    assert page.all("h1")[0].text() == "New segment"
    picker = by_id(page, "about-k1")
    groups = [group.attrs["label"] for group in picker.all("optgroup")]
    assert groups == ["Fields of your schema", "Every product", "Beyond"]
    offered = [option.text() for option in picker.all("option")]
    assert {"Brand · text", "Price · price", "Tags · list", "Created · date"} <= set(offered)
    assert "Nothing to count yet" in live_count(page)


def test_fields_are_shown_with_their_values_and_begin_a_condition(builder: Builder) -> None:
    page = builder.page(NEW)
    offered = {b.attrs["value"]: b.text() for b in by_id(page, "fields-there-are").all("button")}
    assert offered["add:r:p:brand"].startswith("Brand text")
    assert "Lumo" in offered["add:r:p:brand"]
    assert offered["add:r:p:stock"] == "Stock number 0 – 59"
    page = press(builder, page, "add:r:p:stock")
    page = press(builder, page, "add:r:p:brand")
    about = [value for name, value in fields_of(page) if name.startswith("about-")]
    assert about == ["p:stock", "p:brand"]


def test_a_nested_rule_is_built_and_saved_without_a_script(builder: Builder) -> None:
    page = builder.page(NEW)
    page = press(builder, page, "refresh", about__k1="p:brand")
    page = press(builder, page, "refresh", operator__k1="eq", value__k1="Lumo")
    assert live_count(page) == "20 of 60 products match"
    assert by_id(page, "words").text() == "Brand is “Lumo”."
    page = press(builder, page, "group:r")
    page = press(builder, page, "refresh", about__k3="p:price")
    page = press(builder, page, "add:k2", operator__k3="lt", value__k3="16")
    page = press(builder, page, "refresh", about__k4="p:tags")
    page = press(builder, page, "refresh", operator__k4="contains_all", value__k4="new")
    assert "Price is less than 16 EUR or Tags has all of “new”" in by_id(page, "words").text()
    fields = with_fields(fields_of(page), {"name": "Lumo’s best"})
    answer = builder.post(NEW, fields)
    assert answer.status_code == 303
    segment = builder.stored(int(answer.location.rpartition("/")[2]))
    assert segment.name == "Lumo’s best"
    assert segment.definition == all_of(
        attribute("brand", "eq", "Lumo"),
        any_of(
            attribute("price", "lt", 16, currency="EUR"),
            attribute("tags", "contains_all", ["new"]),
        ),
    )
    assert segment.is_active


def test_values_of_a_list_are_added_and_taken_away_one_by_one(builder: Builder) -> None:
    page = press(builder, builder.page(NEW), "refresh", about__k1="p:brand")
    page = press(builder, page, "refresh", operator__k1="in", value__k1="Lumo")
    kept = [v for n, v in fields_of(page) if n == "value-k1" and v]
    assert kept == ["Lumo"]
    fields = [*fields_of(page), ("value-k1", "Fjord & Co"), ("do", "refresh")]
    page = read(builder.post(f"{NEW}/form", fields).text)
    assert live_count(page) == "40 of 60 products match"
    page = press(builder, page, "untag:k1:0")
    assert live_count(page) == "20 of 60 products match"
    assert [v for n, v in fields_of(page) if n == "value-k1" and v] == ["Fjord & Co"]


def test_typing_renews_the_count_the_words_and_the_notes_and_nothing_else(
    builder: Builder,
) -> None:
    page = press(builder, builder.page(NEW), "refresh", about__k1="p:stock")
    fields = with_fields(fields_of(page), {"operator-k1": "gte", "value-k1": "50"})
    part = read(builder.post(f"{NEW}/preview", fields, htmx=True).text)
    assert live_count(part) == "10 of 60 products match"
    assert by_id(part, "words").attrs["hx-swap-oob"] == "outerMorph"
    assert len(by_id(part, "live").all("li")) == 10
    assert not any(name.startswith(("about-", "value-")) for name in ids(part))


def test_what_is_not_filled_in_yet_is_left_out_and_said_so(builder: Builder) -> None:
    page = press(builder, builder.page(NEW), "add:r", about__k1="p:brand", value__k1="Lumo")
    assert "20 of 60" in live_count(page)
    assert "1 condition still to be filled in is left out." in by_id(page, "live").text()
    assert by_id(page, "note-k2").text() == ""


def test_a_value_that_can_not_be_is_marked_at_its_condition(builder: Builder) -> None:
    page = press(builder, builder.page(NEW), "refresh", about__k1="p:stock")
    page = press(builder, page, "refresh", value__k1="plenty")
    assert "“plenty”" in by_id(page, "note-k1").text()
    assert by_id(page, "value-k1").attrs["aria-describedby"] == "note-k1"
    assert by_id(page, "value-k1").attrs["aria-invalid"] == "true"
    assert "until the condition that is marked is put right" in live_count(page)


def test_a_refused_segment_says_why_in_a_summary_that_leads_to_the_fields(
    builder: Builder,
) -> None:
    page = press(builder, builder.page(NEW), "add:r", about__k1="p:price", value__k1="cheap")
    answer = builder.post(NEW, fields_of(page))
    assert answer.status_code == 422
    refused = read(answer.text)
    links = {a.attrs["href"]: a.text() for a in by_id(refused, "error-summary").all("a")}
    assert links["#name"] == "A segment needs a name."
    assert links["#value-k1"].startswith("Condition 1: ")
    assert links["#about-k2"].startswith("Condition 2: ")
    assert {href.removeprefix("#") for href in links} <= ids(refused)
    assert by_id(refused, "value-k1").attrs["value"] == "cheap"


def test_a_name_that_is_taken_is_said_at_the_name(builder: Builder) -> None:
    builder.segment("Chairs", all_of(attribute("brand", "eq", "Lumo")))
    page = builder.page(f"{NEW}?starter=under-50")
    answer = builder.post(NEW, with_fields(fields_of(page), {"name": "chairs"}))
    assert answer.status_code == 422
    assert "already" in by_id(read(answer.text), "name-error").text()


def test_a_condition_moves_into_a_group_and_out_again(builder: Builder) -> None:
    page = press(builder, builder.page(NEW), "group:r", about__k1="p:brand", value__k1="Lumo")
    page = press(builder, page, "down:k1")
    assert ("node", "c:k1:k2") in fields_of(page)
    assert by_id(page, "value-k1").attrs["value"] == "Lumo"
    page = press(builder, page, "up:k1")
    assert ("node", "c:k1:r") in fields_of(page)


def test_numbers_are_written_as_people_write_them_there(app: Flask) -> None:
    tenant = make_tenant(app)
    make_shop(app, tenant, locale="de_DE")
    builder = Builder(app, tenant, client_of(app, tenant, Role.EDITOR))
    rule = all_of(attribute("price", "lt", 12.5, currency="EUR"))
    segment = builder.segment("Günstig", rule)
    page = builder.page(f"/pim/segments/{segment.id}")
    assert by_id(page, "value-k1").attrs["value"] == "12,5"
    answer = builder.post(f"/pim/segments/{segment.id}", fields_of(page))
    assert answer.status_code == 303
    assert builder.stored(segment.id).definition == rule
    assert builder.stored(segment.id).version == 1


def test_starters_are_made_of_the_fields_there_are(builder: Builder) -> None:
    page = builder.page()
    offered = {a.attrs["href"]: a.text() for a in page.all("a") if "starter" in a.attrs["href"]}
    assert "/pim/segments/new?starter=running-low" in offered
    begun = builder.page("/pim/segments/new?starter=running-low")
    assert by_id(begun, "name").attrs["value"] == "Running low"
    assert live_count(begun) == "9 of 60 products match"


def test_a_list_of_the_catalog_becomes_a_rule(builder: Builder) -> None:
    catalog = builder.page("/pim?q=chair&f=brand:eq:Lumo&f=brand:eq:Hale&f=price:lt:30%20EUR")
    page = builder.page(by_id(catalog, "save-as-segment").attrs["href"])
    assert live_count(page) == "7 of 60 products match"
    assert "Brand is one of “Lumo” or “Hale”" in by_id(page, "words").text()


def test_what_a_rule_can_not_say_of_a_list_is_named(builder: Builder) -> None:
    page = builder.page(f"{NEW}?f=price:lt:30&q=chair&import_id=12")
    said = " ".join(each.text() for each in page.all("p"))
    assert "A rule can't ask for an import" in said
    assert "names no currency" in said


def test_another_segment_and_people_can_be_asked_for(builder: Builder) -> None:
    other = builder.segment("Lumo", all_of(attribute("brand", "eq", "Lumo")))
    page = press(builder, builder.page(NEW), "add:r", about__k1="segment")
    assert "Lumo · 20 products" in [o.text() for o in by_id(page, "value-k1").all("option")]
    page = press(
        builder,
        page,
        "refresh",
        value__k1=str(other.id),
        operator__k1="not_in",
        about__k2="s:viewed_by_segment",
    )
    assert "40 of 60" in live_count(page)
    assert "Nobody has sent a segment of users yet" in by_id(page, "note-k2").text()
    assert by_id(page, "event-k2").attrs["placeholder"] == "product_viewed"


def test_the_condition_on_ai_visibility_says_that_it_matches_nothing(builder: Builder) -> None:
    page = press(builder, builder.page(NEW), "refresh", about__k1="ai")
    assert "Matches nothing yet" in by_id(page, "note-k1").text()
    assert live_count(page).startswith("0 of 60")


def test_a_field_that_is_gone_is_shown_with_what_was_asked_of_it(
    builder: Builder, app: Flask, tenant: TestTenant
) -> None:
    segment = builder.segment("Organic", all_of(attribute("organic", "is_true")))
    with app.app_context(), tenant_scope(tenant.id), transaction():
        schema.delete_field("organic", remove_values=True)
    builder.compute(segment.id)
    page = builder.page(f"/pim/segments/{segment.id}")
    assert "There is no field “organic”" in by_id(page, "note-k1").text()
    assert "It could not be computed" in page.text()
    assert ("about-k1", "p:organic") in fields_of(page)


def test_who_saves_what_somebody_else_changed_sees_both(
    builder: Builder, app: Flask, tenant: TestTenant
) -> None:
    segment = builder.segment("Chairs", all_of(attribute("brand", "eq", "Lumo")))
    url = f"/pim/segments/{segment.id}"
    mine = with_fields(fields_of(builder.page(url)), {"value-k1": "Hale"})
    with app.app_context(), tenant_scope(tenant.id), transaction():
        service.change_segment(segment.id, definition=all_of(attribute("stock", "gt", 5)))
    answer = builder.post(url, mine)
    assert answer.status_code == 409
    page = read(answer.text)
    both = next(each for each in page.all("dl") if each.attrs.get("class") == "both").text()
    assert "Stock is more than 5" in both
    assert "Brand is “Hale”" in both
    assert builder.post(url, fields_of(page)).status_code == 409, "only the button that says so"
    button = next(each for each in page.all("button") if each.attrs.get("name") == "over")
    sent = [*fields_of(page), ("over", button.attrs["value"])]
    assert builder.post(url, sent).status_code == 303
    assert builder.stored(segment.id).definition == all_of(attribute("brand", "eq", "Hale"))


def test_a_value_does_not_answer_another_question(builder: Builder) -> None:
    segment = builder.segment("Many", all_of(attribute("stock", "gt", 12)))
    url = f"/pim/segments/{segment.id}"
    opened = fields_of(builder.page(url))

    def after(**changes: str) -> Element:
        chosen = {f"{name}-k1": value for name, value in changes.items()}
        answer = builder.post(f"{url}/form", with_fields(opened, chosen), htmx=True)
        assert answer.status_code == 200, answer.text
        return read(answer.text)

    def value(part: Element) -> str:
        inputs = [e for e in part.all("input") if e.attrs.get("name") == "value-k1"]
        chosen = [o for s in part.all("select") for o in s.all("option") if "selected" in o.attrs]
        asked = [o for o in chosen if o.parent and o.parent.attrs.get("name") == "value-k1"]
        return "".join(e.attrs.get("value", "") for e in (*inputs, *asked))

    assert value(after(operator="lte")) == "12"
    assert value(after(about="p:price")) == "12"
    for other in ("segment", "p:brand", "p:created_at", "s:viewed_by_segment"):
        assert value(after(about=other)) == "", other
    for other in ("s:viewed_by_segment", "ai"):
        assert "operator-k1" not in ids(after(about=other))


def test_somebody_who_may_only_look_gets_no_buttons(builder: Builder, app: Flask) -> None:
    segment = builder.segment("Chairs", all_of(attribute("brand", "eq", "Lumo")))
    looker = Builder(app, builder.tenant, client_of(app, builder.tenant, Role.VIEWER))
    page = looker.page(f"/pim/segments/{segment.id}")
    assert {"save", "recompute"} & ids(page) == set()
    assert all(
        "disabled" in each.attrs
        for each in page.all("fieldset")
        if "editor-main" in each.attrs["class"]
    )


def test_values_are_offered_while_somebody_types(builder: Builder) -> None:
    part = builder.part("/pim/segments/values?property=brand&value-k1=lum")
    assert [(o.attrs["value"], o.text()) for o in part.all("option")] == [("Lumo", "20 products")]
    part = builder.part("/pim/segments/values?property=tags")
    assert {o.attrs["value"] for o in part.all("option")} == {"gift", "eco", "new"}
    assert builder.part("/pim/segments/values?property=nothing").all("option") == []


def test_a_segment_without_members_is_said_to_have_none_yet(builder: Builder) -> None:
    with builder.app.app_context():
        chairs = make_segment(builder.tenant.id, "Chairs", all_of(attribute("brand", "eq", "Lumo")))
        with tenant_scope(builder.tenant.id):
            chairs_id = chairs.id
    url = f"/pim/segments/{builder.segment('Others', all_of(in_segment(chairs_id, 'not_in'))).id}"
    assert "has no members yet" in by_id(builder.page(url), "note-k1").text()
    builder.compute(chairs_id)
    assert "no members yet" not in builder.page(url).text()


@pytest.mark.parametrize(
    "changes",
    [
        {"refresh_interval": "9" * 5_000},
        {"about-k1": "other", "kept-k1": '{"type": "ai_visibility_metric", "a": "\\ud800"}'},
        {"about-k1": "ai", "kept-k1": '{"a": "\\u0000"}'},
        {"about-k1": "other", "kept-k1": "[" * 400 + "]" * 400},
        {"about-k1": "other", "kept-k1": '{"a": NaN}'},
        {"value-k1": "a\0b"},
        {"about-k1": "users\0", "value-k1": "\0"},
    ],
)
def test_a_form_that_no_page_sends_is_answered_with_the_form(
    builder: Builder, changes: dict[str, str]
) -> None:
    segment = builder.segment("Chairs", all_of(attribute("brand", "eq", "Lumo")))
    fields = with_fields(fields_of(builder.page(f"/pim/segments/{segment.id}")), changes)
    answer = builder.post(f"/pim/segments/{segment.id}", fields)
    assert answer.status_code in (303, 422)
    if answer.status_code == 422:
        assert by_id(read(answer.text), "editor")
    assert builder.post(f"/pim/segments/{segment.id}/preview", fields).status_code == 200


def test_who_saves_without_saying_what_they_saw_overwrites_nothing(builder: Builder) -> None:
    segment = builder.segment("Chairs", all_of(attribute("brand", "eq", "Lumo")))
    fields = fields_of(builder.page(f"/pim/segments/{segment.id}"))
    for seen in ("", "99999999999", "\u0663"):
        sent = with_fields(fields, {"version": seen, "name": "Mine"})
        assert builder.post(f"/pim/segments/{segment.id}", sent).status_code == 409
    assert builder.stored(segment.id).name == "Chairs"


def test_a_segment_that_is_chosen_is_offered_however_many_there_are(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment = builder.segment("Zebra", all_of(attribute("brand", "eq", "Lumo")))
    builder.segment("Aardvark", all_of(attribute("brand", "eq", "Lumo")))
    other = builder.segment("Others", all_of(in_segment(segment.id)))
    monkeypatch.setattr(editor, "MOST_SEGMENTS", 1)
    page = builder.page(f"/pim/segments/{other.id}")
    offered = [o.text() for o in by_id(page, "value-k1").all("option")]
    assert offered[1:] == ["Aardvark · 20 products", "Zebra · 20 products"]


def test_a_segment_can_not_ask_for_itself(builder: Builder) -> None:
    segment = builder.segment("Chairs", all_of(attribute("brand", "eq", "Lumo")))
    other = builder.segment("Others", all_of(in_segment(segment.id)))
    page = builder.page(f"/pim/segments/{segment.id}")
    fields = with_fields(
        fields_of(page),
        {"about-k1": "segment", "operator-k1": "in", "value-k1": str(other.id)},
    )
    answer = builder.post(f"/pim/segments/{segment.id}", fields)
    assert answer.status_code == 422
    assert "can't be made of each other" in by_id(read(answer.text), "note-k1").text()


def test_a_rule_of_two_hundred_conditions_is_shown_and_saved(builder: Builder) -> None:
    rule: dict[str, Any] = all_of(*(attribute("stock", "neq", i) for i in range(200)))
    segment = builder.segment("Many", rule)
    page = builder.page(f"/pim/segments/{segment.id}")
    assert builder.post(f"/pim/segments/{segment.id}", fields_of(page)).status_code == 303
    assert builder.stored(segment.id).definition == rule
