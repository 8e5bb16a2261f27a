"""Many products deleted at once: which these are, what is left alone, and that nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from rq.utils import import_attribute

from pim.core.db import transaction
from pim.core.tenancy import tenant_scope
from pim.identity.permissions import Role
from pim.products import deleting, service
from tests.api.conftest import PRODUCTS, Api, problem
from tests.api.shop import LUMO, a_product, catch_up, every, open_shop, where
from tests.factories.identity import make_api_key, make_tenant
from tests.jobs.conftest import clickhouse_away

__all__ = ["clickhouse_away"]

DELETE = PRODUCTS + "bulk-delete/"


@pytest.fixture
def shop(api: Api) -> Api:
    """Twenty products P-00 … P-19; every second one is of Lumo."""
    return open_shop(api)


def begun(api: Api, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = api.post(DELETE, body, **more)
    assert answer.status_code == 202, answer.text
    assert answer.headers["Location"] == f"{PRODUCTS}deletions/{answer.json['id']}/"
    found: dict[str, Any] = answer.json
    return found


def work(api: Api, deletion: dict[str, Any]) -> dict[str, Any]:
    """What a worker would do, and the deletion after it."""
    with api.app.app_context():
        deleting.run_deletion(api.tenant.id, deletion["id"])
    found: dict[str, Any] = api.get(f"{PRODUCTS}deletions/{deletion['id']}/").json
    return found


def skus(api: Api) -> list[str]:
    return [each["sku"] for each in api.get(f"{PRODUCTS}?limit=1000&sort=sku").json["items"]]


def test_products_are_deleted_by_their_skus(shop: Api) -> None:
    deletion = begun(shop, {"skus": ["P-00", "p-01", "P-01 ", "NONE"]})
    assert (deletion["status"], deletion["total"], deletion["missing_count"]) == ("pending", 2, 1)
    assert len(skus(shop)) == 20
    done = work(shop, deletion)
    assert (done["status"], done["deleted_count"]) == ("done", 2)
    assert done["finished_at"] is not None
    assert skus(shop) == [f"P-{n:02}" for n in range(2, 20)]


def test_products_are_deleted_by_a_rule(shop: Api) -> None:
    done = work(shop, begun(shop, {"filter": LUMO}))
    assert (done["status"], done["total"], done["deleted_count"]) == ("done", 10, 10)
    assert skus(shop) == [f"P-{n:02}" for n in range(1, 20, 2)]


def test_what_has_changed_since_the_rule_found_it_is_left_alone(shop: Api) -> None:
    before, meanwhile = (shop.get(f"{PRODUCTS}by-sku/{s}/").json["id"] for s in ("P-02", "P-04"))
    shop.send("PATCH", f"{PRODUCTS}{before}/", {"data": {"brand": "Fjord"}})  # unknown to the index
    deletion = begun(shop, {"filter": LUMO})
    shop.send("PATCH", f"{PRODUCTS}{meanwhile}/", {"name": "Kept"})
    gone = shop.get(PRODUCTS + "by-sku/P-06/").json["id"]
    shop.send("DELETE", f"{PRODUCTS}{gone}/")
    done = work(shop, deletion)
    assert (done["total"], done["deleted_count"]) == (10, 7)
    assert (done["changed_count"], done["missing_count"]) == (2, 1)
    assert {"P-02", "P-04"} <= set(skus(shop))


def test_everything_is_deleted_by_who_says_whose(shop: Api) -> None:
    for body in (
        {"all": True},
        {"all": True, "confirm": "yes"},
        {"all": False, "confirm": shop.tenant.slug},
        {"all": 1, "confirm": shop.tenant.slug},
    ):
        problem(shop.post(DELETE, body), 422, "invalid")
    deletion = begun(shop, {"all": True, "confirm": shop.tenant.slug})
    shop.make("LATER")  # wasn't there when it was asked for
    assert work(shop, deletion)["deleted_count"] == 20
    assert skus(shop) == ["LATER"]


def test_pieces_are_change_sets_that_can_be_undone(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deleting, "PIECE", 4)
    done = work(shop, begun(shop, {"filter": LUMO}))
    assert len(done["change_set_ids"]) == 3
    with shop.app.app_context(), tenant_scope(shop.tenant.id), transaction():
        service.undo_change_set(done["change_set_ids"][0])
    assert len(skus(shop)) == 14
    catch_up(shop)
    assert shop.get(f"{PRODUCTS}?count=true&limit=1").json["count"] == 14


def test_what_is_interrupted_goes_on_where_it_stopped(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deleting, "PIECE", 3)
    deletion = begun(shop, {"all": True, "confirm": shop.tenant.slug})
    with shop.app.app_context(), tenant_scope(shop.tenant.id):
        assert deleting.delete_piece(deletion["id"])
    half = shop.get(f"{PRODUCTS}deletions/{deletion['id']}/").json
    assert (half["status"], half["deleted_count"]) == ("deleting", 3)
    done = work(shop, deletion)
    assert (done["status"], done["deleted_count"], len(done["change_set_ids"])) == ("done", 20, 7)
    assert work(shop, deletion) == done


def test_two_workers_at_once_delete_each_product_once(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deleting, "PIECE", 1)
    deletion = begun(shop, {"all": True, "confirm": shop.tenant.slug})

    def run() -> None:
        with shop.app.app_context():
            deleting.run_deletion(shop.tenant.id, deletion["id"])

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = work(shop, deletion)
    assert (done["deleted_count"], done["missing_count"], done["status"]) == (20, 0, "done")


def test_the_queue_knows_the_job_by_its_name(shop: Api) -> None:
    deletion = begun(shop, {"skus": ["P-00"]})
    with shop.app.app_context():
        import_attribute(deleting.RUN)(shop.tenant.id, deletion["id"])
    assert len(skus(shop)) == 19


def test_one_that_lost_its_worker_is_handed_to_another(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    deletion = begun(shop, {"skus": ["P-00"]})
    handed: list[list[int]] = []
    monkeypatch.setattr(deleting, "enqueue", lambda func, args, queue_name: handed.append(args))
    with shop.app.app_context():
        deleting.resume_deletions()
        assert [shop.tenant.id, deletion["id"]] not in handed  # it has only just begun
        monkeypatch.setattr(deleting, "SILENT_AFTER", -deleting.SILENT_AFTER)
        deleting.resume_deletions()
        assert [shop.tenant.id, deletion["id"]] in handed
        handed.clear()
        work(shop, deletion)
        deleting.resume_deletions()
        assert [shop.tenant.id, deletion["id"]] not in handed


def test_one_that_fails_again_and_again_ends_and_says_so(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    deletion = begun(shop, {"skus": ["P-00"]})

    def broken(*_: Any) -> None:
        raise RuntimeError("broken")

    with monkeypatch.context() as patch:
        patch.setattr(deleting.write, "delete_products", broken)
        for _ in range(deleting.MOST_ATTEMPTS - 1):
            assert work(shop, deletion)["status"] == "pending"
        failed = work(shop, deletion)
    assert (failed["status"], failed["deleted_count"]) == ("failed", 0)
    assert failed["error"].startswith("Something went wrong")
    assert len(skus(shop)) == 20


def test_nothing_to_delete_is_done_too(shop: Api) -> None:
    for body in ({"skus": []}, {"filter": every(where("brand", "eq", "Nobody"))}):
        done = work(shop, begun(shop, body))
        assert (done["status"], done["total"], done["change_set_ids"]) == ("done", 0, [])


def test_asked_for_twice_with_a_key_it_is_done_once(shop: Api) -> None:
    key = {"Idempotency-Key": "gone"}
    first = begun(shop, {"skus": ["P-00"]}, headers=key)
    assert begun(shop, {"skus": ["P-00"]}, headers=key) == first


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, ""),
        ({"confirm": "x"}, ""),
        ({"skus": ["A"], "all": True}, "/all"),
        ({"skus": ["A"], "filter": LUMO}, "/filter"),
        ({"skus": "A"}, "/skus"),
        ({"skus": ["A", 7]}, "/skus/1"),
        ({"skus": [" "]}, "/skus/0"),
        ({"skus": [], "sku": 1}, "/sku"),
        ({"filter": None}, "/filter/conditions"),
        ({"filter": every(where("colour", "eq", 1))}, "/filter/conditions/0/property"),
    ],
)
def test_a_wrong_request_is_named_with_its_place(
    shop: Api, body: dict[str, Any], path: str
) -> None:
    errors = problem(shop.post(DELETE, body), 422)["errors"]
    assert path in [each["path"] for each in errors]


def test_only_managers_delete_many(shop: Api, api_as: Callable[[Role], Api]) -> None:
    problem(api_as(Role.EDITOR).post(DELETE, {"skus": ["P-00"]}), 403)
    deletion = begun(api_as(Role.MANAGER), {"skus": ["P-00"]})
    problem(api_as(Role.EDITOR).get(f"{PRODUCTS}deletions/{deletion['id']}/"), 403)


def test_another_tenants_products_and_deletions_are_not_there(shop: Api) -> None:
    tenant = make_tenant(shop.app)
    other = open_shop(Api(shop.app, tenant, make_api_key(shop.app, tenant, Role.ADMIN)), 3)
    deletion = begun(shop, {"skus": ["P-00"]})
    problem(other.get(f"{PRODUCTS}deletions/{deletion['id']}/"), 404, "not_found")
    problem(other.post(DELETE, {"all": True, "confirm": shop.tenant.slug}), 422)
    assert work(other, begun(other, {"all": True, "confirm": tenant.slug}))["deleted_count"] == 3
    assert len(skus(shop)) == 20
    with shop.app.app_context():  # a worker that is told the wrong tenant finds nothing to do
        deleting.run_deletion(tenant.id, deletion["id"])
    assert len(skus(shop)) == 20


def test_without_clickhouse_skus_are_deleted_and_rules_are_refused(
    shop: Api, clickhouse_away: Callable[[], AbstractContextManager[None]]
) -> None:
    with clickhouse_away():
        problem(shop.post(DELETE, {"filter": LUMO}), 503, "unavailable")
        assert work(shop, begun(shop, {"skus": ["P-00"]}))["deleted_count"] == 1


def test_more_than_one_piece_is_deleted_whole(shop: Api) -> None:
    from tests.api.conftest import BULK

    products = [{"sku": f"M-{number}"} for number in range(6_000)]
    assert shop.post(BULK + "?results=failed", {"products": products}).json["created"] == 6_000
    deletion = begun(shop, {"skus": [each["sku"] for each in products]})
    done = work(shop, deletion)
    assert (done["deleted_count"], len(done["change_set_ids"])) == (6_000, 2)
    assert skus(shop) == [a_product(n)["sku"] for n in range(20)]
