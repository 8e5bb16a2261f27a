"""Every component in every state can be used by everyone and runs under the strict policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from jinja2 import UndefinedError

from pim.web.components import FILES
from tests.gallery import gallery_app
from tests.web.reading import faults, read

PAGES = ("", "catalog", "mapping", "progress", "sign-in", "?messages=1", "error/404", "error/403")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return gallery_app().test_client()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_names_for_everything_and_nothing_inline(client: FlaskClient, page: str) -> None:
    assert faults(read(client.get(f"/gallery/{page}").text)) == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 422, 429, 500, 503])
def test_an_error_page_says_what_happened_and_offers_a_next_step(
    client: FlaskClient, status: int
) -> None:
    answer = client.get(f"/gallery/error/{status}")
    page = read(answer.text)
    assert answer.status_code == status
    assert f"Error {status}" in page.text()
    assert any(link.attrs["href"] == "/" for link in page.all("a"))
    assert "Traceback" not in answer.text
    assert page.all("h1")[0].text() not in ("Not Found", "Unprocessable Entity", "Forbidden")


def test_an_error_without_a_sign_in_has_no_navigation() -> None:
    page = read(gallery_app(signed_in=False).test_client().get("/gallery/error/404").text)
    assert not page.all("nav")
    assert faults(page) == []


def test_the_gallery_shows_every_component(client: FlaskClient) -> None:
    templates = ROOT / "pim" / "templates"
    macros = {
        name
        for file in FILES
        for name in re.findall(
            r"{% macro ([a-z]\w*)", (templates / "components" / f"{file}.html").read_text()
        )
    }
    shown = "".join(path.read_text() for path in (ROOT / "tests/gallery/templates").rglob("*.html"))
    shown += "".join(path.read_text() for path in templates.glob("*.html"))
    shown += "".join(path.read_text() for path in templates.glob("components/*.html"))
    assert {name for name in macros if f"ui.{name}(" not in shown} <= {"wtf"}


def test_the_guide_names_every_component() -> None:
    guide = (ROOT / "docs" / "interface.md").read_text()
    for file in FILES:
        source = (ROOT / "pim" / "templates" / "components" / f"{file}.html").read_text()
        for name in re.findall(r"{% macro ([a-z]\w*)", source):
            if name not in ("flashes", "confirm_dialog", "no_answer", "toast", "histogram"):
                assert f"ui.{name}" in guide, f"docs/interface.md doesn't mention ui.{name}"


def test_a_component_that_does_not_exist_is_an_error(client: FlaskClient) -> None:
    with (
        client.application.test_request_context(),
        pytest.raises(UndefinedError, match="buton"),
    ):
        client.application.jinja_env.from_string("{{ ui.buton('Save') }}").render()


def test_values_from_files_are_text_never_markup(client: FlaskClient) -> None:
    evil = "</textarea><script>alert(1)</script>\"'>"
    source = (
        "{{ ui.field(x, 'a', x, help=x, error=x) }}{{ ui.textarea(x, 'b', x) }}"
        "{{ ui.select(x, 'c', [x, (x, x)], x) }}{{ ui.tag(x) }}{{ ui.chip(x, x, x) }}"
        "{{ ui.diff(x, x) }}{{ ui.key_values([(x, x)]) }}{{ ui.thumb(x, x) }}{{ ui.toast(x) }}"
        "{{ ui.button(x, value=x, attrs={'hx-vals': x}) }}{{ ui.progress(1, 2, x, x) }}"
        "{{ ui.facet(x, 'd', [(x, x, 1, false)]) }}{{ ui.stat(x, x) }}{{ ui.code(x) }}"
    )
    with client.application.test_request_context():
        html = client.application.jinja_env.from_string(source).render(x=evil)
    assert "<script" not in html
    assert not read(html).all("script")


def test_progress_tells_its_value_and_stays_inside_its_bounds(client: FlaskClient) -> None:
    source = "{{ ui.progress(v, m, 'Import', '3 of 4 rows') }}"
    with client.application.test_request_context():
        template = client.application.jinja_env.from_string(source)
        known = read(template.render(v=3, m=4)).all("div")[0].attrs
        beyond = read(template.render(v=9, m=4)).all("div")[0].attrs
        unknown = read(template.render(v=None, m=4)).all("div")[0].attrs
        nothing = read(template.render(v=0, m=0)).all("div")[0].attrs
    assert (known["role"], known["aria-valuenow"]) == ("progressbar", "75")
    assert known["aria-valuetext"] == "3 of 4 rows"
    assert beyond["aria-valuenow"] == "100"
    assert "aria-valuenow" not in unknown
    assert "aria-valuenow" not in nothing


def test_a_stacked_bar_fills_its_width_exactly(client: FlaskClient) -> None:
    parts = [(2118, "new", "ok"), (0, "none", "warn"), (9402, "updated", "accent")]
    with client.application.test_request_context():
        template = client.application.jinja_env.from_string("{{ ui.stacked_bar(p, 'x') }}")
        bars = read(template.render(p=parts)).all("rect")[1:]
    widths = [float(b.attrs["width"][:-1]) for b in bars if b.attrs["width"].endswith("%")]
    assert sum(widths) == pytest.approx(100, abs=0.01)
    assert len(widths) == 2
