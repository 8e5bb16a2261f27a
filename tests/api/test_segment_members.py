"""What rules would hold, over the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import PRODUCTS, Api, problem
from tests.api.shop import LUMO, SEGMENTS, either, every, open_shop, where
from tests.api.test_segments import nested

PREVIEW = SEGMENTS + "preview/"


@pytest.fixture
def shop(api: Api) -> Api:
    """Thirty products P-00 … P-29; every second one is of Lumo, their stock is their number."""
    return open_shop(api, 30)


def preview(api: Api, definition: Any) -> dict[str, Any]:
    answer = api.post(PREVIEW, {"definition": definition})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_a_preview_counts_and_shows_the_first_ten_as_products(shop: Api) -> None:
    found = preview(shop, LUMO)
    assert (found["count"], found["total"], found["words"]) == (15, 30, "Brand is “Lumo”")
    assert [each["sku"] for each in found["sample"]] == [f"P-{n:02}" for n in range(0, 20, 2)]
    assert found["sample"][0] == shop.get(PRODUCTS + "by-sku/P-00/").json
    assert 0 < found["elapsed_ms"] < 10_000


def test_a_preview_of_nothing_is_empty(shop: Api) -> None:
    found = preview(shop, every({"type": "ai_visibility_metric"}))
    assert (found["count"], found["sample"]) == (0, [])


def test_the_deepest_and_the_longest_rules_are_answered(shop: Api) -> None:
    assert preview(shop, nested(8))["count"] == 21
    long = either(*(where("stock", "eq", number) for number in range(200)))
    assert preview(shop, long)["count"] == 30


def test_a_preview_stores_nothing_and_takes_nothing_else(shop: Api) -> None:
    preview(shop, LUMO)
    assert shop.get(SEGMENTS).json["items"] == []
    document = problem(shop.post(PREVIEW, {"definition": LUMO, "name": "x"}), 422)
    assert document["errors"][0]["path"] == "/name"
    document = problem(shop.post(PREVIEW, {}), 422)
    assert document["errors"][0]["path"] == "/definition"
    document = problem(shop.post(PREVIEW, {"definition": LUMO, "segment_id": "7"}), 422)
    assert document["errors"][0]["path"] == "/segment_id"
