"""The application in a real browser, one browser and one server for each test process.

A page that writes an error to the console or breaks the content policy fails its test, whatever
the test was about. An answer that is refused on purpose (422, 409) is named with `expect_refusal`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from pim.identity.permissions import Role
from pim.identity.sessions import COOKIE
from tests.browser.chromium import launched
from tests.factories.identity import TestTenant, make_member, make_session

WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running Chromium for all tests of this process."""
    with launched() as running:
        yield running


@pytest.fixture(scope="session")
def address(app: Flask) -> Iterator[str]:
    """Where the application answers, without a slash at the end."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@dataclass
class Visit:
    """A browser window, and all that it complained about."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to an address of the application."""
        self.page.goto(self.address + path)
        return self.page

    def expect_refusal(self, status: int) -> None:
        """The browser notes answers of 400 and above as errors; this one is meant."""
        self.expected.append(f"status of {status}")

    def unexpected(self) -> list[str]:
        """Complaints that no test asked for."""
        return [c for c in self.complaints if not any(e in c for e in self.expected)]


Visitor = Callable[..., Visit]


@pytest.fixture
def visit(app: Flask, browser: Browser, address: str) -> Iterator[Visitor]:
    """Make a window in which somebody is signed in: `visit(tenant, Role.EDITOR, size=NARROW)`."""
    made: list[Visit] = []

    def start(
        tenant: TestTenant | None = None,
        role: Role = Role.ADMIN,
        *,
        size: dict[str, int] = WIDE,
        scheme: str = "light",
        script: bool = True,
    ) -> Visit:
        options: dict[str, Any] = {"viewport": size, "color_scheme": scheme}
        touch = size["width"] < 500
        context = browser.new_context(has_touch=touch, java_script_enabled=script, **options)
        context.set_default_timeout(10_000)
        if tenant is not None:
            token = make_session(app, make_member(app, tenant, role), tenant)
            context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        made.append(Visit(context.new_page(), address))
        _listen(made[-1])
        return made[-1]

    yield start
    for each in made:
        each.page.context.close()
    assert [complaint for each in made for complaint in each.unexpected()] == []


def _listen(visit: Visit) -> None:
    visit.page.on(
        "console",
        lambda said: visit.complaints.append(said.text) if said.type == "error" else None,
    )
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
