"""Imports over the API: pause, resume, undo, do again."""

from __future__ import annotations

from typing import Any

import pytest

from pim.identity.permissions import Role
from pim.imports import undoing
from tests.api.conftest import Api, problem
from tests.api.sending import CHAIRS, IMPORT, sent, work
from tests.factories.imports import products

TWO = ["A", "B"]


def confirmed(api: Api) -> int:
    found = sent(api, CHAIRS)
    body = {"schema": found["suggested_schema"], "mapping": found["suggested_mapping"]}
    answer = api.post(f"{IMPORT}{found['job_id']}/confirm/", body)
    assert answer.status_code == 202, answer.text
    return int(found["job_id"])


def undone(api: Api, import_id: int, verb: str = "undo") -> dict[str, Any]:
    """Ask for it, and what came of it when a worker has done it."""
    answer = api.post(f"{IMPORT}{import_id}/{verb}/")
    assert answer.status_code == 202, answer.text
    assert answer.json["undo"]["status"] == "running"
    with api.app.app_context():
        undoing.run_undo(api.tenant.id, import_id)
    found: dict[str, Any] = api.get(f"{IMPORT}{import_id}/").json["undo"]
    return found


def test_an_import_is_paused_and_goes_on(api: Api) -> None:
    import_id = confirmed(api)
    for _ in range(2):
        answer = api.post(f"{IMPORT}{import_id}/pause/")
        assert (answer.status_code, answer.json["status"]) == (200, "paused")
    assert work(api, import_id)["imported_count"] == 0
    for _ in range(2):
        answer = api.post(f"{IMPORT}{import_id}/resume/")
        assert (answer.status_code, answer.json["status"]) == (200, "pending")
    assert work(api, import_id)["status"] == "done"
    for verb in ("pause", "resume"):
        answer = api.post(f"{IMPORT}{import_id}/{verb}/")
        assert answer.status_code == 409
        assert answer.json["detail"].startswith("This import is done")


def test_an_import_is_undone_and_done_again(api: Api) -> None:
    import_id = confirmed(api)
    problem(api.post(f"{IMPORT}{import_id}/undo/"), 409, "not_over")
    done = work(api, import_id)
    assert done["undo"] is None
    found = undone(api, import_id)
    assert (found["status"], found["deleted"], found["left_alone"]) == ("done", 2, 0)
    assert (found["redo"], found["change_sets"], found["change_sets_done"]) == (False, 1, 1)
    assert len(found["change_set_ids"]) == 1
    assert products(api.app, api.tenant) == {}
    problem(api.post(f"{IMPORT}{import_id}/undo/"), 409, "already_undone")
    again = undone(api, import_id, "redo")
    assert (again["redo"], again["restored"]) == (True, 2)
    assert sorted(products(api.app, api.tenant)) == TWO
    assert api.get(f"{IMPORT}{import_id}/").json["change_set_ids"] == done["change_set_ids"]


def test_what_an_undo_left_alone_is_listed(api: Api) -> None:
    import_id = confirmed(api)
    work(api, import_id)
    for sku in TWO:
        answer = api.send(
            "PATCH",
            f"/api/pim/products/{products(api.app, api.tenant)[sku].id}/",
            {"name": "Changed since"},
        )
        assert answer.status_code == 200, answer.text
    assert undone(api, import_id)["left_alone"] == 2
    path = f"{IMPORT}{import_id}/undo/left-alone/"
    page = api.get(path + "?limit=1").json
    more = api.get(f"{path}?limit=1&after={page['next']}").json
    assert more["next"] is None
    assert [each["sku"] for each in (*page["items"], *more["items"])] == TWO
    assert page["items"][0]["field"] is None
    assert page["items"][0]["reason"] == "product_changed"


@pytest.mark.parametrize("verb", ["pause", "resume", "undo", "redo"])
def test_who_may_only_look_controls_nothing(api: Api, api_as: Any, verb: str) -> None:
    import_id = confirmed(api)
    problem(api_as(Role.VIEWER).post(f"{IMPORT}{import_id}/{verb}/"), 403)
