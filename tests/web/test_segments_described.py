"""A rule described in words: Claude suggests, a person looks at it, nothing is saved by it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from pydantic import SecretStr

from pim.core import settings
from pim.identity.permissions import Role
from tests.factories.identity import TestTenant, client_of
from tests.factories.messages_api import KEY, MessagesApi, a_message, a_refusal, messages_api
from tests.segments.test_describe import condition, says
from tests.web.reading import Element, read
from tests.web.segments import Builder, by_id, fields_of, ids, make_shop, with_fields

NEW = "/pim/segments/new"


@pytest.fixture
def builder(app: Flask, tenant: TestTenant) -> Builder:
    make_shop(app, tenant)
    return Builder(app, tenant, client_of(app, tenant, Role.EDITOR))


@pytest.fixture
def claude(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[MessagesApi]:
    """Claude as the settings say, played by a local server."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with messages_api() as server:
        with app.app_context():
            known = settings()
        with_key = known.model_copy(
            update={"anthropic_api_key": SecretStr(KEY), "anthropic_base_url": server.url}
        )
        monkeypatch.setattr("pim.core.claude.app_settings", lambda: with_key)
        yield server


def described(builder: Builder, page: Element, words: str, *, htmx: bool = False) -> Element:
    fields = with_fields(fields_of(page), {"words": words})
    answer = builder.post(f"{NEW}/describe", fields, htmx=htmx)
    assert answer.status_code == 200, answer.text[:2000]
    return read(answer.text)


def test_without_a_key_nothing_is_offered(builder: Builder) -> None:
    assert "describe" not in ids(builder.page(NEW))
    answer = builder.post(f"{NEW}/describe", {"words": "lamps"})
    assert "No key for Claude is set" in read(answer.text).text()


def test_a_description_becomes_a_rule_in_the_form_and_is_not_saved(
    builder: Builder, claude: MessagesApi
) -> None:
    claude.will(a_message(says(condition("brand", "eq", "Lumo"))))
    page = described(builder, builder.page(NEW), "everything by Lumo")
    assert "Claude suggests this rule" in page.text()
    assert ("value-k1", "Lumo") in fields_of(page)
    assert "20 of 60" in by_id(page, "live-count").text()
    assert "No segments yet" in builder.page().text()


def test_the_rule_that_stood_there_can_be_brought_back(
    builder: Builder, claude: MessagesApi
) -> None:
    claude.will(a_message(says(condition("brand", "eq", "Lumo"))))
    begun = builder.page(f"{NEW}?starter=running-low")
    page = described(builder, begun, "everything by Lumo")
    back = builder.post(f"{NEW}/form", [*fields_of(page), ("do", "before")])
    assert ("about-k2", "p:stock") in fields_of(read(back.text))


def test_why_no_rule_came_of_it_is_said_and_the_form_stays(
    builder: Builder, claude: MessagesApi
) -> None:
    claude.will(a_refusal())
    begun = builder.page(f"{NEW}?starter=running-low")
    part = described(builder, begun, "lamps", htmx=True)
    assert "Claude declined to answer." in part.text()
    assert "about-k2" in ids(part)
    part = described(builder, begun, " ", htmx=True)
    assert "Say which products you want." in part.text()
