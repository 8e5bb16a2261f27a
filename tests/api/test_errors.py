"""Whatever goes wrong under /api/ comes as a problem document that says what and where."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pim.identity.permissions import Role
from tests.api.conftest import BULK, PRODUCTS, Api, problem
from tests.factories.identity import make_api_key, make_tenant, signed_in_client


def test_without_a_token_or_with_a_wrong_one_the_answer_is_401(app: Flask, api: Api) -> None:
    client = app.test_client()
    for header in (
        None,
        "Bearer pim_00000000_nonsense",
        "Bearer",
        "Basic " + api.key,
        "Bearer \u00e9",
    ):
        headers = {"Authorization": header} if header else {}
        answer = client.get(PRODUCTS, headers=headers)
        problem(answer, 401, "not_signed_in")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_role_that_may_not_is_told_so(api_as: Callable[[Role], Api]) -> None:
    viewer, editor = api_as(Role.VIEWER), api_as(Role.EDITOR)
    product = editor.make("A")
    assert viewer.get(PRODUCTS).status_code == 200
    for method, path in (
        ("POST", PRODUCTS),
        ("POST", BULK),
        ("PATCH", f"{PRODUCTS}{product['id']}/"),
        ("PUT", f"{PRODUCTS}{product['id']}/"),
        ("DELETE", f"{PRODUCTS}{product['id']}/"),
    ):
        problem(viewer.send(method, path, {}), 403, "forbidden")
    problem(editor.send("DELETE", f"{PRODUCTS}{product['id']}/"), 403, "forbidden")


def test_what_belongs_to_another_tenant_is_not_found(app: Flask, api: Api) -> None:
    other_tenant = make_tenant(app)
    other = Api(app, other_tenant, make_api_key(app, other_tenant))
    product = other.make("SECRET-1")
    address = f"{PRODUCTS}{product['id']}/"
    for method, body in (("GET", None), ("PATCH", {}), ("PUT", {"data": {}}), ("DELETE", None)):
        problem(api.send(method, address, body), 404, "not_found")
    problem(api.get(PRODUCTS + "by-sku/SECRET-1/"), 404, "not_found")
    assert api.get(PRODUCTS).json["items"] == []
    assert other.get(address).json == product


@pytest.mark.parametrize(
    "path", ["/api/", "/api/nothing", "/api/pim/nothing/", PRODUCTS + "9" * 30 + "/"]
)
def test_an_unknown_address_is_a_problem_too(api: Api, path: str) -> None:
    problem(api.get(path), 404, "not_found")


def test_a_method_that_is_not_offered_names_those_that_are(api: Api) -> None:
    answer = api.send("PUT", PRODUCTS, {})
    problem(answer, 405, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_the_slash_at_the_end_the_answer_is_a_308_that_keeps_the_query(
    api: Api, method: str
) -> None:
    answer = api.send(method, PRODUCTS.rstrip("/") + "?q=chair")
    problem(answer, 308)
    assert answer.headers["Location"].endswith("/api/pim/products/?q=chair")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_another_media_type_is_415(api: Api, kind: str | None) -> None:
    problem(api.post(PRODUCTS, raw="{}", kind=kind), 415, "unsupported_media_type")
    problem(api.post(BULK, raw="{}", kind=kind), 415, "unsupported_media_type")


def test_compressed_bodies_and_other_charsets_are_415(api: Api) -> None:
    problem(api.post(PRODUCTS, {}, headers={"Content-Encoding": "gzip"}), 415)
    problem(api.post(PRODUCTS, raw="{}", kind="application/json; charset=latin1"), 415)
    assert api.post(PRODUCTS, {"sku": "A"}, kind="application/json; charset=UTF-8").status_code == (
        201
    )


def test_a_body_that_is_too_large_is_413(api: Api) -> None:
    huge = '{"sku": "A", "name": "' + "x" * (2 * 1024 * 1024) + '"}'
    problem(api.post(PRODUCTS, raw=huge), 413, "too_large")
    problem(api.post(BULK, raw=b" " * (32 * 1024 * 1024 + 1)), 413, "too_large")
    problem(api.post(BULK, {"products": [{}] * 10_001}), 413, "too_many_products")


class Endless(io.RawIOBase):
    """A body that says nothing of its length, as chunked ones do."""

    def __init__(self, size: int) -> None:
        self.left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        given = min(self.left, len(buffer))
        buffer[:given] = b" " * given
        self.left -= given
        return given


@pytest.mark.parametrize(
    ("path", "kind", "headers"),
    [
        (PRODUCTS, "json", {}),
        (PRODUCTS, "json", {"Idempotency-Key": "k"}),
        (BULK, "json", {}),
        (BULK + "?on_error=reject", "x-ndjson", {}),
    ],
)
def test_a_body_of_unknown_length_that_is_too_large_is_413_too(
    api: Api, path: str, kind: str, headers: dict[str, str]
) -> None:
    answer = api.app.test_client().post(
        path,
        environ_overrides={"wsgi.input": Endless(40_000_000), "wsgi.input_terminated": True},
        content_type=f"application/{kind}",
        headers={"Authorization": f"Bearer {api.key}", **headers},
    )
    problem(answer, 413, "too_large")


def test_a_body_that_is_not_json_is_400_with_line_and_column(api: Api) -> None:
    document = problem(api.post(PRODUCTS, raw='{"sku": "A",\n "data": {"x": NaN}}'), 400)
    assert (document["line"], document["column"], document["offset"]) == (2, 16, 28)
    assert document["errors"] == [
        {"path": "/data/x", "code": "json_syntax", "message": "NaN is not a JSON value."}
    ]


def test_text_that_cannot_be_stored_is_400_with_its_pointer(api: Api) -> None:
    document = problem(api.post(PRODUCTS, raw=r'{"sku": "A", "data": {"x": ["\u0000"]}}'), 400)
    assert document["errors"][0]["path"] == "/data/x/0"
    assert document["errors"][0]["code"] == "invalid_text"


def test_an_unexpected_error_has_an_incident_and_no_trace(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the inside of the house")

    monkeypatch.setattr("pim.products.queries.list_products", broken)
    answer = api.get(PRODUCTS)
    document = problem(answer, 500, "internal_error")
    assert "inside of the house" not in answer.text
    logged = [r for r in caplog.records if r.message == "unexpected_error"]
    assert logged[-1].incident == document["incident"]  # type: ignore[attr-defined]
    assert logged[-1].exc_info


def test_a_cookie_without_its_token_changes_nothing(app: Flask, api: Api) -> None:
    from tests.factories.identity import csrf_token, make_member

    client = signed_in_client(app, make_member(app, api.tenant), api.tenant)
    assert client.get(PRODUCTS).status_code == 200
    problem(client.post(PRODUCTS, json={"sku": "A"}), 400, "csrf_failed")
    headers = {"X-CSRF-Token": csrf_token(client)}
    assert client.post(PRODUCTS, json={"sku": "A"}, headers=headers).status_code == 201


def test_a_wrong_token_is_not_rescued_by_a_cookie(app: Flask, api: Api) -> None:
    from tests.factories.identity import make_member

    client = signed_in_client(app, make_member(app, api.tenant), api.tenant)
    problem(client.get(PRODUCTS, headers={"Authorization": "Bearer pim_wrong"}), 401)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=True)
    | st.text(st.characters(), max_size=12)
    | st.sampled_from(["\0", "\ud800", "a" * 300, "1e400", "{", "1,5", "true", " "]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["sku", "name", "active", "data", "id", "version", "x", "é", "\0", "a/b"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(ANYTHING, st.sampled_from(["create", "bulk", "reject", "lines", "patch", "put"]))
@example({"sku": "A", "data": {"x": 10**39}}, "create")
@example({"products": [{"sku": "A", "x": 1e308}]}, "bulk")
@example({"sku": "\ud800", "\ud800": "\ud800"}, "lines")
@example({"sku": "\0", "\0": "\0"}, "bulk")
def test_no_json_text_whatsoever_is_a_500(api: Api, value: object, route: str) -> None:
    product = f"{PRODUCTS}{_a_product(api)}/"
    if route in ("bulk", "reject", "lines") and not isinstance(value, list):
        value = [value]
    text = json.dumps({"products": value} if route in ("bulk", "reject") else value)
    method, path, kind = {
        "create": ("POST", PRODUCTS, "application/json"),
        "bulk": ("POST", BULK, "application/json"),
        "reject": ("POST", BULK + "?on_error=reject", "application/json"),
        "lines": ("POST", BULK, "application/x-ndjson"),
        "patch": ("PATCH", product, "application/json"),
        "put": ("PUT", product, "application/json"),
    }[route]
    if route == "lines":
        text = "\n".join(json.dumps(line) for line in value)  # type: ignore[attr-defined]
    answer = api.send(method, path, raw=text, kind=kind)
    assert answer.status_code < 500, answer.text
    assert '"error"' not in answer.text
    if answer.status_code >= 400:
        problem(answer, answer.status_code)


def _a_product(api: Api) -> int:
    items = api.get(PRODUCTS + "?limit=1").json["items"]
    return int(items[0]["id"]) if items else int(api.make("THE-ONE")["id"])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(
        ["limit", "after", "count", "q", "sort", "active", "import_id", "updated_since", "fields"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    | st.sampled_from(
        ["-1", "1e3", "9" * 25, "\0", "%", "_", "2026-13-01", "0001-01-01T00:00+23:59"]
    ),
)
def test_no_query_parameter_whatsoever_is_a_500(api: Api, name: str, value: str) -> None:
    answer = api.app.test_client().get(
        PRODUCTS, query_string={name: value}, headers={"Authorization": f"Bearer {api.key}"}
    )
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert problem(answer, answer.status_code)["errors"][0]["path"] == name
