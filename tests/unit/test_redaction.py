"""Secrets don't reach the log, whatever name they come under; what helps to debug does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim.observability.redaction import REMOVED, clean_text, redact

KEY = "pim_3fa9c17e_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcde"


def cleaned(**event: Any) -> dict[str, Any]:
    """An event as it is logged."""
    return dict(redact(None, "info", dict(event)))


@pytest.mark.parametrize(
    "name",
    [
        "password", "Authorization", "cookie", "set_cookie", "api_key", "apiKey", "secret_key",
        "token", "refresh_token", "csrf_token", "key_hash", "token_hash", "metrics_token",
        "credentials", "key",
    ],
)  # fmt: skip
def test_values_under_a_secrets_name_are_removed(name: str) -> None:
    assert cleaned(**{name: "hunter2"}) == {name: REMOVED}
    assert cleaned(headers={name: "hunter2"}) == {"headers": {name: REMOVED}}


@pytest.mark.parametrize(
    "text",
    [
        f"tried {KEY} twice",
        f"Authorization: Bearer {KEY}",
        "connecting to postgresql://pim:hunter2secret@db/pim failed",
        "sk-ant-hunter2secret-0123456789",
        "Basic aHVudGVyMnNlY3JldA==",
        "password=hunter2secret&x=1",
        "hash $argon2id$v=19$m=65536,t=3,p=4$hunter2secret",
    ],
)
def test_what_looks_like_a_secret_is_removed_wherever_it_stands(text: str) -> None:
    for event in (
        cleaned(event=text),
        cleaned(exception=text),
        cleaned(detail={"deep": [text]}),
        cleaned(error=ValueError(text)),
    ):
        assert REMOVED in str(event)
        assert "hunter2secret" not in str(event)
        assert "aHVudGVy" not in str(event)
        assert KEY[-20:] not in str(event)


def test_what_helps_to_debug_stays() -> None:
    event = {
        "event": "import_started",
        "import_id": 7,
        "api_key_id": 3,
        "token_count": 120,
        "tenant_id": 1,
        "ms": 1.5,
        "ok": True,
        "nothing": None,
        "sku": "pim_app",
        "url": "https://example.com/a?b=c",
    }
    assert cleaned(**event) == event


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
