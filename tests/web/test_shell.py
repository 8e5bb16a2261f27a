"""What is around every page: navigation, colours, static files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pim.web.assets import CDN, HTMX_INTEGRITY, HTMX_LOCAL
from pim.web.navigation import NAVIGATION, visible_links
from pim.web.scripts import htmx_script
from pim.web.security import content_security_policy
from pim.web.theme import local_path
from tests.gallery import Visitor, gallery_app
from tests.web.reading import read


@pytest.fixture(scope="module")
def app() -> Flask:
    return gallery_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@dataclass(frozen=True)
class Newcomer(Visitor):
    """Someone who may see the catalog alone."""

    def can(self, permission: str) -> bool:
        return permission == "catalog.read"


def labels(app: Flask, path: str, visitor: Visitor) -> dict[str, bool]:
    with app.test_request_context(path):
        return {link.label: link.current for link in visible_links(visitor)}


def test_the_navigation_leaves_out_what_someone_may_not_open(app: Flask) -> None:
    assert set(labels(app, "/pim", Newcomer())) == {"Catalog"}


def test_nobody_signed_in_sees_no_navigation(app: Flask) -> None:
    with app.test_request_context("/pim"):
        assert visible_links(None) == []


def test_every_entry_of_the_navigation_leads_to_a_page(app: Flask) -> None:
    assert set(labels(app, "/pim", Visitor())) == {entry.label for entry in NAVIGATION}


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/pim", "Catalog"),
        ("/pim/17", "Catalog"),
        ("/pim/import", "Import"),
        ("/pim/import/4/map", "Import"),
        ("/pim/imports", "Files"),
        ("/pim/schema", "Schema"),
        ("/settings/people", "Settings"),
    ],
)
def test_a_page_marks_the_entry_it_belongs_to(app: Flask, path: str, current: str) -> None:
    assert [label for label, is_current in labels(app, path, Visitor()).items() if is_current] == [
        current
    ]


def test_every_permission_of_the_navigation_is_in_the_table() -> None:
    from pim.identity.permissions import PERMISSIONS

    assert {entry.permission for entry in NAVIGATION} <= set(PERMISSIONS)


def test_the_title_names_page_tenant_and_product(client: FlaskClient) -> None:
    page = read(client.get("/gallery/catalog").text)
    assert page.all("title")[0].text() == "Catalog · Northwind Home · PIM"


def test_a_chosen_colour_is_in_the_first_byte_of_the_page(client: FlaskClient) -> None:
    assert "data-theme" not in read(client.get("/gallery/").text).all("html")[0].attrs
    client.set_cookie("theme", "dark")
    page = read(client.get("/gallery/").text)
    assert page.all("html")[0].attrs["data-theme"] == "dark"
    pressed = [b for b in page.all("button") if b.attrs.get("aria-pressed") == "true"]
    assert [button.attrs["value"] for button in pressed] == ["dark"]


def test_a_colour_nobody_offers_is_ignored(client: FlaskClient) -> None:
    client.set_cookie("theme", '"><script>')
    assert "data-theme" not in read(client.get("/gallery/").text).all("html")[0].attrs


def test_a_colour_is_chosen_without_javascript_too(client: FlaskClient) -> None:
    page = read(client.get("/gallery/catalog").text)
    form = next(f for f in page.all("form") if f.attrs["action"] == "/preferences/theme")
    data = {e.attrs["name"]: e.attrs["value"] for e in form.all("input")}
    answer = client.post("/preferences/theme", data={**data, "theme": "light"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/gallery/catalog")
    assert read(client.get("/gallery/").text).all("html")[0].attrs["data-theme"] == "light"


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "pim",
        "/a\nb",
        "",
    ],
)
def test_going_back_never_leads_to_another_site(target: str) -> None:
    assert local_path(target) == "/"


def test_static_files_are_kept_for_long_once_their_address_has_their_hash(
    client: FlaskClient,
) -> None:
    page = read(client.get("/gallery/").text)
    sheets = [e.attrs["href"] for e in page.all("link") if e.attrs["rel"] == "stylesheet"]
    assert len(sheets) >= 4
    for href in sheets:
        answer = client.get(href)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(sheets[0].split("?")[0]).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("local", [True, False])
def test_htmx_is_the_pinned_file_from_here_or_from_the_cdn(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, local: bool
) -> None:
    monkeypatch.setattr(app, "static_folder", str(tmp_path))
    if local:
        (tmp_path / "vendor").mkdir()
        (tmp_path / HTMX_LOCAL).write_bytes(b"anything")
    with app.test_request_context():
        script = read(htmx_script()).all("script")[0].attrs
        policy = content_security_policy()
    assert script["integrity"] == HTMX_INTEGRITY
    assert script["src"].startswith("/static/vendor/") is local
    assert (CDN in policy) is not local
