"""Checks over the API: started, polled, read in pages, and confirmed as they were checked."""

from __future__ import annotations

from typing import Any

from pim.identity.permissions import Role
from pim.imports import check
from tests.api.conftest import Api, problem
from tests.api.sending import IMPORT, sent, work
from tests.factories.identity import make_api_key, make_tenant
from tests.factories.products import make_product, make_vocabulary

CHAIRS = "sku,name,n\nA,Oslo chair,1\nB,Brass lamp,2\nC,Hale shelf,many\n"
BODY = {"mapping": {"sku": "sku", "name": "name", "n": "n"}}


def checked(api: Api, import_id: int, body: dict[str, Any]) -> dict[str, Any]:
    answer = api.post(f"{IMPORT}{import_id}/check/", body)
    assert answer.status_code == 202, answer.text
    assert answer.json["status"] == "checking"
    assert answer.json["check"]["state"] == "running"
    with api.app.app_context():
        check.run_check(api.tenant.id, import_id)
    found: dict[str, Any] = api.get(f"{IMPORT}{import_id}/").json
    return found


def a_file(api: Api) -> int:
    make_vocabulary(api.app, api.tenant, [("n", "number")])
    make_product(api.app, api.tenant, "A", "Chair", n=1)
    return int(sent(api, CHAIRS)["job_id"])


def test_a_check_is_polled_and_says_everything(api: Api) -> None:
    found = checked(api, a_file(api), BODY)
    assert (found["status"], found["row_count"], found["created_count"]) == ("mapping", 3, 0)
    told = found["check"]
    assert {name: told[name] for name in ("create", "update", "unchanged", "failed")} == {
        "create": 1,
        "update": 1,
        "unchanged": 0,
        "failed": 1,
    }
    assert (told["state"], told["error"], told["stopped"]) == ("done", None, None)
    (group,) = told["errors"]
    assert (group["code"], group["column"], group["count"]) == ("not_a_number", "n", 1)
    assert group["sample"][0] | {"message": ""} == {"line": 4, "value": "many", "message": ""}
    assert told["diff"][0] == {
        "line": 2,
        "status": "update",
        "sku": "A",
        "field": "name",
        "before": "Chair",
        "after": "Oslo chair",
    }
    assert told["diff_complete"] is True
    assert told["fields"] == {"name": 1}


def test_the_import_that_follows_comes_to_the_same(api: Api) -> None:
    import_id = a_file(api)
    told = checked(api, import_id, BODY)["check"]
    assert api.post(f"{IMPORT}{import_id}/confirm/", BODY).status_code == 202
    done = work(api, import_id)
    assert done["status"] == "done"
    for name, count in (("create", "created"), ("update", "updated"), ("failed", "failed")):
        assert told[name] == done[f"{count}_count"]
    assert done["check"]["create"] == 1


def test_the_values_that_would_change_are_listed_in_pages_and_filtered(api: Api) -> None:
    import_id = a_file(api)
    checked(api, import_id, BODY)
    address = f"{IMPORT}{import_id}/check/diff/"
    seen, after = [], ""
    while True:
        page = api.get(f"{address}?limit=1&after={after}" if after else f"{address}?limit=1").json
        seen += [(cell["sku"], cell["field"]) for cell in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == [("A", "name"), ("B", "name"), ("B", "n")]
    for query, skus in (
        ("sku=b", ["B", "B"]),
        ("field=n", ["B"]),
        ("status=update", ["A"]),
        ("status=create&field=name&count=true", ["B"]),
        ("sku=%25", []),
    ):
        found = api.get(f"{address}?{query}").json
        assert [cell["sku"] for cell in found["items"]] == skus, query
    problem(api.get(f"{address}?status=gone"), 400, "bad_parameter")
    problem(api.get(f"{address}?line=2"), 400, "bad_parameter")


def test_what_can_t_be_confirmed_can_t_be_checked(api: Api) -> None:
    import_id = a_file(api)
    address = f"{IMPORT}{import_id}/check/"
    refused = problem(api.post(address, {"mapping": {"name": "name"}}), 422, "invalid")
    assert refused["errors"][0]["code"] == "sku_missing"
    editor = Api(api.app, api.tenant, make_api_key(api.app, api.tenant, Role.EDITOR))
    adds = {"mapping": {"sku": "sku", "n": {"to": "weight", "type": "number"}}}
    problem(editor.post(address, adds), 403, "forbidden")
    viewer = Api(api.app, api.tenant, make_api_key(api.app, api.tenant, Role.VIEWER))
    problem(viewer.post(address, BODY), 403, "forbidden")
    assert editor.post(address, BODY).status_code == 202
    problem(api.post(address, BODY), 409, "checking")
    problem(api.post(f"{IMPORT}{import_id}/confirm/", BODY), 409, "checking")


def test_values_that_would_be_converted_first_are_not_guessed_at(api: Api) -> None:
    import_id = a_file(api)
    body = {
        "schema": {"fields": [{"name": "n", "type": "string"}]},
        "mapping": {"sku": "sku", "n": "n"},
    }
    refused = problem(api.post(f"{IMPORT}{import_id}/check/", body), 409, "schema_first")
    assert "“n”" in refused["detail"]


def test_the_checks_of_another_tenant_are_not_there(api: Api) -> None:
    import_id = a_file(api)
    checked(api, import_id, BODY)
    other = make_tenant(api.app)
    stranger = Api(api.app, other, make_api_key(api.app, other, Role.ADMIN))
    problem(stranger.get(f"{IMPORT}{import_id}/check/diff/"), 404, "not_found")
    problem(stranger.post(f"{IMPORT}{import_id}/check/", BODY), 404, "not_found")


def test_a_check_that_is_cancelled_leaves_nothing(api: Api) -> None:
    import_id = a_file(api)
    assert api.post(f"{IMPORT}{import_id}/check/", BODY).status_code == 202
    assert api.post(f"{IMPORT}{import_id}/cancel/").status_code == 200
    with api.app.app_context():
        check.run_check(api.tenant.id, import_id)
    found = api.get(f"{IMPORT}{import_id}/").json
    assert found["status"] in ("cancelled", "mapping")
    assert api.get(f"{IMPORT}{import_id}/check/diff/").json["items"] == []


def test_an_import_that_would_deactivate_much_asks_first(api: Api) -> None:
    make_vocabulary(api.app, api.tenant, [("n", "number")])
    for sku in ("A", "B", "C"):
        make_product(api.app, api.tenant, sku)
    body = {"mapping": {"sku": "sku"}, "options": {"absent": "deactivate"}}
    import_id = int(sent(api, "sku,name\nA,x\n")["job_id"])
    problem(api.post(f"{IMPORT}{import_id}/absent/", {"deactivate": True}), 409, "not_asked")
    assert api.post(f"{IMPORT}{import_id}/confirm/", body).status_code == 202
    asking = work(api, import_id)
    assert (asking["status"], asking["deactivated_count"]) == ("paused", 0)
    assert asking["absent"] == {"count": 2, "active": 3, "unseen": 0, "threshold": 20}
    problem(api.post(f"{IMPORT}{import_id}/absent/", {"deactivate": "yes"}), 422, "invalid")
    answered = api.post(f"{IMPORT}{import_id}/absent/", {"deactivate": True})
    assert (answered.status_code, answered.json["absent"]) == (200, None)
    done = work(api, import_id)
    assert (done["status"], done["deactivated_count"]) == ("done", 2)


def test_a_check_says_how_many_would_be_deactivated(api: Api) -> None:
    import_id = a_file(api)
    make_product(api.app, api.tenant, "GONE")
    told = checked(api, import_id, {**BODY, "options": {"absent": "deactivate"}})["check"]
    assert told["deactivate"] == 1
    assert checked(api, import_id, BODY)["check"]["deactivate"] is None
