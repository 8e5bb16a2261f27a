"""A page that fails says so calmly, with an incident to mention and nothing of the inside."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.errors import DeadlockDetected, UniqueViolation, UntranslatableCharacter
from sqlalchemy.exc import OperationalError, ProgrammingError

from pim.core import dberrors
from pim.core.dberrors import retrying, translate
from pim.core.errors import Conflict, Invalid, RateLimited, Unavailable
from pim.web import errors
from pim.web.security import public
from tests.factories.identity import client_of, make_tenant

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
PAGE = "/settings/account"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who is signed in."""
    return client_of(app, make_tenant(app))


@pytest.fixture
def broken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets a page fail with an error."""

    def fail_with(error: Exception) -> None:
        endpoint = app.url_map.bind("localhost").match(PAGE)[0]

        @public
        def view(**_: Any) -> str:
            raise error

        monkeypatch.setitem(app.view_functions, endpoint, view)

    return fail_with


def test_an_unknown_address_is_a_page_with_a_way_back(client: FlaskClient) -> None:
    answer = client.get("/nothing/here")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "There is nothing at this address." in answer.text
    assert 'href="/"' in answer.text


def test_an_unexpected_error_shows_its_incident_and_nothing_else(
    client: FlaskClient, broken: Any, caplog: pytest.LogCaptureFixture
) -> None:
    broken(RuntimeError("the inside of the house"))
    answer = client.get(PAGE)
    assert answer.status_code == 500
    assert "inside of the house" not in answer.text
    assert "Traceback" not in answer.text
    [logged] = [r for r in caplog.records if r.message == "unexpected_error"]
    assert logged.incident in answer.text  # type: ignore[attr-defined]
    assert logged.exc_info
    assert answer.headers["Cache-Control"] == "no-store"


def test_htmx_gets_a_part_of_a_page_instead_of_a_page(client: FlaskClient, broken: Any) -> None:
    broken(RuntimeError("the inside of the house"))
    answer = client.get(PAGE, headers=HTMX)
    assert answer.status_code == 500
    assert "<html" not in answer.text
    assert "mention" in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_a_domain_error_speaks_for_itself(client: FlaskClient, broken: Any) -> None:
    broken(RateLimited("Too many tries. <b>Wait.</b>", retry_after=7))
    answer = client.get(PAGE)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "7"
    assert "Too many tries. &lt;b&gt;Wait.&lt;/b&gt;" in answer.text


def test_even_a_broken_error_page_is_an_answer(
    client: FlaskClient, broken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> str:
        raise OperationalError("SELECT secret", {}, Exception("gone"))

    monkeypatch.setattr(errors, "render_template", fails)
    broken(RuntimeError("the inside of the house"))
    answer = client.get(PAGE)
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "secret" not in answer.text


def test_a_database_that_is_away_is_503_and_says_to_come_back(
    client: FlaskClient, broken: Any
) -> None:
    broken(OperationalError("SELECT 1", {}, Exception("connection refused")))
    answer = client.get(PAGE)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("cause", "means"),
    [
        (UniqueViolation(), Conflict),
        (DeadlockDetected(), Conflict),
        (UntranslatableCharacter(), Invalid),
        (Exception("server closed the connection"), Unavailable),
    ],
)
def test_what_postgresql_says_becomes_an_error_of_the_domain(
    cause: Exception, means: type[Exception]
) -> None:
    assert isinstance(translate(OperationalError("…", {}, cause)), means)


def test_a_fault_of_ours_stays_unexpected() -> None:
    from psycopg.errors import SyntaxError as SqlSyntaxError

    assert translate(ProgrammingError("…", {}, SqlSyntaxError())) is None
    assert translate(ValueError("…")) is None


def test_a_deadlock_is_tried_again_a_few_times_and_then_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dberrors, "PAUSE_SECONDS", 0)
    calls: list[int] = []

    def deadlocks(times: int) -> str:
        calls.append(1)
        if len(calls) <= times:
            raise OperationalError("…", {}, DeadlockDetected())
        return "done"

    with app.app_context():
        assert retrying(lambda: deadlocks(2)) == "done"
        calls.clear()
        with pytest.raises(OperationalError):
            retrying(lambda: deadlocks(9))
        assert len(calls) == 3
