"""Descriptions over the API: a rule to review, or a sentence on why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pydantic import SecretStr

from pim.core import settings
from pim.identity.permissions import Role
from tests.api.conftest import Api, problem
from tests.api.shop import LUMO, SEGMENTS, open_shop
from tests.factories.messages_api import KEY, MessagesApi, a_message, a_refusal, messages_api
from tests.segments.test_describe import condition, says

DESCRIBE = SEGMENTS + "describe/"


@pytest.fixture
def claude(api: Api, monkeypatch: pytest.MonkeyPatch) -> Iterator[MessagesApi]:
    """Claude as the settings say, played by a local server."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with messages_api() as server:
        with api.app.app_context():
            known = settings()
        with_key = known.model_copy(
            update={"anthropic_api_key": SecretStr(KEY), "anthropic_base_url": server.url}
        )
        monkeypatch.setattr("pim.core.claude.app_settings", lambda: with_key)
        yield server


def test_a_description_becomes_a_rule_that_can_be_saved(api: Api, claude: MessagesApi) -> None:
    shop = open_shop(api, 4)
    claude.will(a_message(says(condition("brand", "eq", "Lumo"))))
    answer = shop.post(DESCRIBE, {"text": "lamps by Lumo"})
    assert (answer.status_code, answer.json) == (
        200,
        {"state": "rule", "definition": LUMO, "words": "Brand is “Lumo”", "why": None},
    )
    assert shop.get(SEGMENTS).json["items"] == []
    body = {"name": "Lumo", "definition": answer.json["definition"]}
    assert shop.post(SEGMENTS, body).status_code == 201


def test_what_claude_cannot_do_is_said(api: Api, claude: MessagesApi) -> None:
    shop = open_shop(api, 0)
    claude.will(a_refusal())
    assert shop.post(DESCRIBE, {"text": "lamps"}).json == {
        "state": "no_answer",
        "definition": None,
        "words": None,
        "why": "Claude declined to answer.",
    }
    claude.will(a_message(says(condition("colour", "eq", "red"))))
    found = shop.post(DESCRIBE, {"text": "red lamps"}).json
    assert (found["state"], found["definition"]) == ("not_understood", None)
    assert "colour" in found["why"]


def test_without_a_key_it_is_off_and_no_error(api: Api) -> None:
    found = api.post(DESCRIBE, {"text": "lamps"}).json
    assert (found["state"], found["definition"]) == ("off", None)
    assert found["why"].startswith("No key for Claude is set")


def test_a_wrong_request_is_named_with_its_place(api: Api) -> None:
    for body, path in (({}, "/text"), ({"text": 7}, "/text"), ({"text": "a", "b": 1}, "/b")):
        assert problem(api.post(DESCRIBE, body), 422)["errors"][0]["path"] == path


def test_whoever_may_not_make_segments_may_not_ask(api_as: Callable[[Role], Api]) -> None:
    problem(api_as(Role.VIEWER).post(DESCRIBE, {"text": "lamps"}), 403)
    assert api_as(Role.EDITOR).post(DESCRIBE, {"text": "lamps"}).status_code == 200
