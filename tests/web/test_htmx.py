"""One address, two answers: the page, or the block of it that htmx asked for."""

from __future__ import annotations

import json

import pytest
from flask import Flask, flash
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from pim.web import htmx
from pim.web.security import public
from tests.gallery import gallery_app

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
WHOLE = {"HX-Request": "true", "HX-Request-Type": "full"}


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    app = gallery_app()
    _add_views(app)
    return app.test_client()


def _add_views(app: Flask) -> None:
    @app.get("/test/moved")
    @public
    def moved() -> Response:
        flash("Saved", "ok")
        return htmx.redirect("/gallery/progress")

    @app.get("/test/told")
    @public
    def told() -> Response:
        response = htmx.render("gallery/progress.html", "running", status=422, step=1)
        htmx.trigger(response, "products-changed", count=2)
        return htmx.trigger(htmx.push_url(response, "/pim?q=lamp"), "facets-changed")


def test_a_browser_gets_the_page(client: FlaskClient) -> None:
    answer = client.get("/gallery/progress")
    assert answer.text.startswith("<!doctype html>")
    assert {"HX-Request", "HX-Request-Type"} <= set(answer.vary)


def test_htmx_gets_the_block_alone(client: FlaskClient) -> None:
    answer = client.get("/gallery/progress", headers=PART)
    assert answer.text.strip().startswith('<section id="running"')
    assert "<!doctype" not in answer.text
    assert "<h1" not in answer.text
    assert {"HX-Request", "HX-Request-Type"} <= set(answer.vary)


def test_going_back_in_the_history_gets_the_page(client: FlaskClient) -> None:
    answer = client.get("/gallery/progress", headers=WHOLE)
    assert answer.text.startswith("<!doctype html>")


def test_a_view_without_a_block_always_gives_the_page(client: FlaskClient) -> None:
    assert client.get("/gallery/catalog", headers=PART).text.startswith("<!doctype html>")


def test_a_block_may_answer_with_an_error_status_events_and_another_address(
    client: FlaskClient,
) -> None:
    answer = client.get("/test/told", headers=PART)
    assert answer.status_code == 422
    assert json.loads(answer.headers["HX-Trigger"]) == {
        "products-changed": {"count": 2},
        "facets-changed": {},
    }
    assert answer.headers["HX-Push-Url"] == "/pim?q=lamp"


def test_a_redirect_is_a_303_for_forms_and_a_header_for_htmx(client: FlaskClient) -> None:
    plain = client.get("/test/moved")
    assert (plain.status_code, plain.headers["Location"]) == (303, "/gallery/progress")
    answer = client.get("/test/moved", headers=PART)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/gallery/progress")


def test_a_message_travels_with_the_next_block_and_is_shown_once(client: FlaskClient) -> None:
    client.get("/test/moved")
    first = client.get("/gallery/progress", headers=PART).text
    assert '<hx-partial hx-target="#flashes" hx-swap="beforeend">' in first
    assert "Saved" in first
    assert "Saved" not in client.get("/gallery/progress", headers=PART).text


def test_a_message_shows_on_the_next_page(client: FlaskClient) -> None:
    client.get("/test/moved")
    assert "Saved" in client.get("/gallery/catalog").text


@pytest.mark.parametrize("status", [404, 429, 500, 503])
def test_an_error_answers_htmx_with_a_message_and_leaves_the_page_alone(
    client: FlaskClient, status: int
) -> None:
    answer = client.get(f"/gallery/error/{status}", headers=PART)
    assert answer.status_code == status
    assert answer.headers["HX-Retarget"] == "#flashes"
    assert answer.headers["HX-Reswap"] == "beforeend"
    assert answer.headers["HX-Push-Url"] == "false"
    assert "<!doctype" not in answer.text
    assert 'class="toast toast-bad"' in answer.text
