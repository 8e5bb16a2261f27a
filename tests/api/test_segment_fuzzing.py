"""Whatever is sent to what takes rules and signals, it is answered in order: never with a fault."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import PRODUCTS, Api
from tests.api.shop import SEGMENTS, every, open_shop

WORDS = st.sampled_from(
    [
        *("type", "logic", "conditions", "property", "operator", "value", "value2", "unit"),
        *("value_type", "currency", "signal", "segment_id", "within", "amount", "event_type"),
        *("and", "or", "product_attribute", "user_behavior_signal", "in_segment"),
        *("ai_visibility_metric", "purchased_by_segment", "brand", "stock", "price", "tags"),
        *("sku", "active", "created_at", "eq", "in", "between", "contains_any", "in_last", "lt"),
        *("matches_any_word", "is_set", "days", "EUR", "number", "string", "2026-01-31"),
    ]
)
TEXTS = st.one_of(
    WORDS, st.text(max_size=12), st.sampled_from(["'", "\\", "{p0:String}", "%", "`"])
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=5)),
    max_leaves=15,
)
ATTRIBUTES = st.fixed_dictionaries(
    {
        "type": st.just("product_attribute"),
        "property": st.sampled_from(
            ["brand", "stock", "price", "tags", "sku", "name", "active", "created_at", "nothing"]
        ),
        "operator": st.sampled_from(
            [
                *("eq", "neq", "contains", "starts_with", "matches_any_word", "in", "not_in", "gt"),
                *("between", "not_between", "contains_all", "contains_none", "in_last", "is_true"),
                *("is_set", "is_not_set"),
            ]
        ),
    },
    optional={
        "value": st.one_of(LEAVES, st.lists(LEAVES, max_size=3)),
        "value2": LEAVES,
        "unit": st.sampled_from(["days", "months", "years", 3]),
        "currency": st.sampled_from(["EUR", "usd", "XXX", ""]),
    },
)
CONDITIONS = st.one_of(
    ATTRIBUTES,
    st.fixed_dictionaries(
        {"type": st.just("user_behavior_signal")},
        optional={
            "signal": st.sampled_from(["purchased_by_segment", "viewed_by_segment", "sold"]),
            "segment_id": TEXTS,
            "event_type": TEXTS,
            "product_id_property": TEXTS,
            "within": ANYTHING,
        },
    ),
    st.fixed_dictionaries(
        {"type": st.just("in_segment"), "segment_id": st.integers(-1, 2**64)},
        optional={"operator": st.sampled_from(["in", "not_in", "eq"])},
    ),
    ANYTHING,
)
RULES = st.one_of(
    ANYTHING,
    st.lists(CONDITIONS, min_size=1, max_size=4).map(lambda found: every(*found)),
    ATTRIBUTES.map(every),
)

many = settings(
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def shop(api: Api) -> Api:
    """A few products."""
    return open_shop(api, 4)


def is_answered_in_order(answer: Any) -> None:
    """Either it worked, or a problem says what is wrong and where."""
    if answer.status_code < 300:
        return
    assert answer.status_code in (400, 404, 409, 422), answer.text
    assert answer.content_type == "application/problem+json"
    for error in answer.json.get("errors", []):
        assert error["message"].strip()
        assert "Traceback" not in error["message"]


@many
@given(rule=RULES)
def test_rules(shop: Api, rule: Any) -> None:
    answer = shop.post(SEGMENTS + "preview/", {"definition": rule})
    is_answered_in_order(answer)
    listed = shop.get(f"{PRODUCTS}?{urlencode({'filter': json.dumps(rule), 'count': 'true'})}")
    is_answered_in_order(listed)
    if answer.status_code == 200 and listed.status_code == 200:
        assert listed.json["count"] == answer.json["count"]


@many
@given(body=st.one_of(ANYTHING, st.fixed_dictionaries({"name": TEXTS, "definition": RULES})))
def test_segments(shop: Api, body: Any) -> None:
    answer = shop.send("POST", SEGMENTS, raw=json.dumps(body))
    is_answered_in_order(answer)
    if answer.status_code == 201:
        again = shop.get(answer.headers["Location"])
        assert again.json["definition"] == body["definition"]
        assert again.json["words"]


@many
@given(
    events=st.one_of(
        ANYTHING,
        st.lists(
            st.fixed_dictionaries(
                {
                    "event_id": TEXTS,
                    "event_type": TEXTS,
                    "user_id": st.one_of(TEXTS, st.integers(0, 2**70)),
                    "timestamp": st.one_of(TEXTS, st.datetimes().map(lambda at: at.isoformat())),
                },
                optional={"properties": ANYTHING},
            ),
            max_size=3,
        ),
    )
)
def test_events(shop: Api, events: Any) -> None:
    is_answered_in_order(shop.post("/api/pim/events/bulk/", {"events": events}))


@many
@given(users=ANYTHING, name=LEAVES)
def test_user_segments(shop: Api, users: Any, name: Any) -> None:
    body = {"user_ids": users, "name": name}
    is_answered_in_order(shop.send("PUT", "/api/pim/user-segments/vip/members/", body))


@many
@given(
    given_=ANYTHING, tool=st.sampled_from(["list_product_segments", "get_product_segment_detail"])
)
def test_tools(shop: Api, given_: Any, tool: str) -> None:
    is_answered_in_order(shop.send("POST", f"/api/copilot/tools/{tool}/", raw=json.dumps(given_)))
