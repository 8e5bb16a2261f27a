"""Files sent to the API, and what the workers would make of them."""

from __future__ import annotations

import io
from typing import Any

from werkzeug.test import TestResponse

from pim.imports.models import ImportJob
from tests.api.conftest import Api
from tests.factories.imports import run

IMPORT = "/api/pim/import/"
CHAIRS = "sku;Name;Price\nA;Oslo chair;149,00 €\nB;Brass lamp;39,90 €\n"


def send(
    api: Api, content: str | bytes = CHAIRS, name: str = "shop.csv", **more: Any
) -> TestResponse:
    """Upload a file. more: further form fields."""
    data = content.encode() if isinstance(content, str) else content
    query = more.pop("query", "")
    headers = more.pop("headers", {})
    return api.app.test_client().post(
        IMPORT + "csv/" + query,
        data={"file": (io.BytesIO(data), name), **more},
        headers={"Authorization": f"Bearer {api.key}", **headers},
    )


def sent(api: Api, *args: Any, **more: Any) -> dict[str, Any]:
    """What is answered to a file."""
    answer = send(api, *args, **more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def work(api: Api, import_id: int) -> dict[str, Any]:
    """What the workers would do, and the import after it."""
    job = ImportJob(id=import_id)
    run(api.app, api.tenant, job)
    found: dict[str, Any] = api.get(f"{IMPORT}{import_id}/").json
    return found
