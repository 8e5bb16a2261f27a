"""What operators see: one line a request, health by name, metrics for who may have them."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr

from pim import create_app
from pim.config import Settings
from pim.core import EXTENSION
from pim.identity.permissions import Role
from pim.observability import health, logs
from tests.factories.identity import make_api_key, make_tenant


def with_settings(app: Flask, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Settings:
    """The application's settings with some of them changed for this test."""
    changed: Settings = app.extensions[EXTENSION].model_copy(update=changes)
    monkeypatch.setitem(app.extensions, EXTENSION, changed)
    return changed


@pytest.fixture
def lines(app: Flask, capsys: pytest.CaptureFixture[str]) -> Any:
    """The lines logged so far, as JSON."""
    logs.configure(app.extensions[EXTENSION].model_copy(update={"log_format": "json"}))

    def read() -> list[dict[str, Any]]:
        return [json.loads(line) for line in capsys.readouterr().err.splitlines() if line]

    return read


def test_a_request_is_one_line_with_its_id_tenant_and_actor(app: Flask, lines: Any) -> None:
    tenant = make_tenant(app)
    key = make_api_key(app, tenant, Role.EDITOR)
    lines()
    answer = app.test_client().get(
        "/api/pim/products/?q=a-customers-name",
        headers={"Authorization": f"Bearer {key}", "X-Request-ID": "req-12345678"},
    )
    assert answer.headers["X-Request-ID"] == "req-12345678"
    [line] = [line for line in lines() if line["event"] == "request"]
    assert (line["request_id"], line["tenant_id"]) == ("req-12345678", tenant.id)
    assert re.fullmatch(r"api_key:\d+", line["actor"])
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/pim/products/", 200)
    assert line["ms"] > 0
    assert "customers-name" not in json.dumps(line)
    assert key[-20:] not in json.dumps(line)


def test_a_request_id_that_could_forge_a_line_is_replaced(app: Flask, lines: Any) -> None:
    for sent in ("short", "x" * 65, 'a"b\\cdefgh', "a b c d e f"):
        answer = app.test_client().get("/healthz", headers={"X-Request-ID": sent})
        assert answer.headers["X-Request-ID"] != sent


def test_one_requests_line_has_nothing_of_the_request_before(app: Flask, lines: Any) -> None:
    key = make_api_key(app, make_tenant(app))
    client = app.test_client()
    client.get("/api/pim/products/", headers={"Authorization": f"Bearer {key}"})
    lines()
    client.get("/api/pim/products/")
    [line] = [line for line in lines() if line["event"] == "request"]
    assert line["status"] == 401
    assert "actor" not in line
    assert "tenant_id" not in line


def test_an_exception_is_one_line_and_its_secrets_are_gone(app: Flask, lines: Any) -> None:
    try:
        raise RuntimeError("no way in: postgresql://pim:hunter2@db/pim")
    except RuntimeError:
        logging.getLogger("pim.test").exception("it_failed", extra={"password": "hunter2"})
    [line] = [line for line in lines() if line["event"] == "it_failed"]
    assert "Traceback" in line["exception"]
    assert "hunter2" not in json.dumps(line)


def test_healthz_answers_whatever_is_down(app: Flask) -> None:
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_readyz_names_every_dependency(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(health.CHECKS, "clickhouse", lambda _: None)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json["status"] == "ready"
    states = {each["name"]: each["state"] for each in answer.json["dependencies"]}
    assert states == dict.fromkeys(("postgresql", "redis", "clickhouse", "files"), "up")


@pytest.mark.parametrize(
    ("setting", "address", "name"),
    [
        ("redis_url", "redis://127.0.0.1:1/0", "redis"),
        ("clickhouse_url", "http://u:hunter2@127.0.0.1:1/d", "clickhouse"),
        ("database_url", "postgresql+psycopg://pim:hunter2@127.0.0.1:1/pim", "postgresql"),
    ],
)
def test_readyz_is_503_while_one_is_down_and_says_which(
    app: Flask, monkeypatch: pytest.MonkeyPatch, setting: str, address: str, name: str
) -> None:
    with_settings(app, monkeypatch, **{setting: address})
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["status"] == "not_ready"
    assert {"name": name, "state": "down", "ms": None} in answer.json["dependencies"]
    assert "hunter2" not in answer.text
    assert "127.0.0.1" not in answer.text


def test_a_dependency_that_hangs_is_down_and_the_others_are_heard(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    let_go = threading.Event()
    monkeypatch.setattr(health, "WAIT_SECONDS", 0.5)
    monkeypatch.setitem(health.CHECKS, "clickhouse", lambda _: let_go.wait(10) and None)
    answer = app.test_client().get("/readyz")
    let_go.set()
    states = {each["name"]: each["state"] for each in answer.json["dependencies"]}
    assert states["clickhouse"] == "down"
    assert states["files"] == "up"


def test_metrics_count_requests_by_route_and_show_backlogs(app: Flask) -> None:
    client = app.test_client()
    client.get("/api/pim/products/")
    client.get("/nobody/knows/this/page")
    text = client.get("/metrics").text
    assert 'pim_http_requests_total{method="GET",route="/api/pim/products/",status="401"}' in text
    assert 'route="(unknown)",status="404"' in text
    assert "nobody" not in text
    assert "pim_http_request_seconds_bucket" in text
    for part in ("queues", "change_sets", "imports"):
        assert f'pim_scrape_part_ok{{part="{part}"}} 1.0' in text
    assert 'pim_change_sets_waiting{consumer="analytics"}' in text


def test_metrics_say_which_part_could_not_be_read(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pim.observability import metrics

    def broken() -> list[Any]:
        raise ConnectionError("down")

    monkeypatch.setitem(metrics.PARTS, "queues", broken)
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    assert 'pim_scrape_part_ok{part="queues"} 0.0' in answer.text
    assert 'pim_scrape_part_ok{part="imports"} 1.0' in answer.text


def test_metrics_are_for_this_machine_until_there_is_a_token(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app.test_client()
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", environ_overrides=elsewhere).status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 403
    with_settings(app, monkeypatch, metrics_token=SecretStr("scrape-me"))
    assert client.get("/metrics").status_code == 401
    for sent, status in (("scrape-me", 200), ("scrape", 401), ("", 401), ("\u00e9", 401)):
        headers = {"Authorization": f"Bearer {sent}"}
        answer = client.get("/metrics", headers=headers, environ_overrides=elsewhere)
        assert answer.status_code == status


def test_logs_can_be_text_for_a_laptop(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    known: Settings = app.extensions[EXTENSION]
    logs.configure(known.model_copy(update={"log_format": "text"}))
    logging.getLogger("pim.test").warning("hello_operator", extra={"import_id": 7})
    logs.configure(known)
    assert "hello_operator" in capsys.readouterr().err


def test_configuring_again_does_not_log_twice(app: Flask) -> None:
    create_app(app.extensions[EXTENSION])
    ours = [h for h in logging.getLogger().handlers if isinstance(h, logs.PimHandler)]
    assert len(ours) == 1
