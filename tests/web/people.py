"""Somebody in front of the import wizard, and what they send."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pim.imports.models import ImportJob
from tests.factories.identity import TestTenant, csrf_token
from tests.web.reading import Element, read

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
CHAIRS = (
    "Artikelnr.;Bezeichnung;VK brutto;Marke;Feld17\n"
    "NW-1;Oslo chair;149,00 €;Fjord;x9\n"
    "NW-2;Brass lamp;39,90 €;Lumo;x9\n"
    "NW-3;Hale shelf;1.299,00 €;Fjord;x2\n"
)


@dataclass
class Person:
    """Somebody in front of the wizard."""

    app: Flask
    tenant: TestTenant
    client: FlaskClient

    def get(self, path: str, status: int = 200, **more: Any) -> Element:
        answer = self.client.get(path, **more)
        assert answer.status_code == status, answer.text[:2000]
        return read(answer.text)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        sent = {"csrf_token": csrf_token(self.client), **(data or {})}
        return self.client.post(path, data=sent, **more)

    def upload(self, content: str | bytes = CHAIRS, filename: str = "sommer.csv") -> str:
        """Upload a file; the address of its mapping."""
        data = content.encode() if isinstance(content, str) else content
        answer = self.post("/pim/import", {"file": (io.BytesIO(data), filename)})
        assert answer.status_code == 303, answer.text[:2000]
        return answer.location


def form_of(page: Element, form_id: str = "mapping") -> dict[str, str]:
    """What a browser would send if the form were submitted as it stands."""
    form = next(f for f in page.all("form") if f.attrs.get("id") == form_id)
    sent = {
        field.attrs["name"]: field.attrs.get("value", "")
        for field in form.all("input")
        if field.attrs.get("type") in ("hidden", "text", None)
    }
    for select in form.all("select"):
        chosen = [o for o in select.all("option") if "selected" in o.attrs]
        option = chosen[0] if chosen else select.all("option")[0]
        sent[select.attrs["name"]] = option.attrs.get("value", option.text())
    return sent


def import_id(address: str) -> int:
    return int(address.rpartition("/")[2])


def job_at(address: str) -> ImportJob:
    """The import of an address, to be fetched or run."""
    return ImportJob(id=import_id(address))
