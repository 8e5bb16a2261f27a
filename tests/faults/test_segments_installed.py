"""kill -9 of every worker while segments are computed: all come back by themselves."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from typing import Any

import psutil

from tests.faults.imports import Sender, new_senders
from tests.faults.installation import Installation, wait_for

PRODUCTS, SEGMENTS = 5_000, 60
# A claim lasts 6 s with queries of a second, a tick comes every 5 s.
RECOVERED_SECONDS = 45.0


def test_segments_come_back_when_all_workers_die(running: Installation) -> None:
    [sender] = new_senders(running, ["segments"])
    fill(sender)
    made = [make_segment(sender, number) for number in range(SEGMENTS)]
    wait_for(lambda: "computing" in states(sender), "a worker that computes", 30)
    killed = kill_workers(running)
    assert killed > 0
    began = time.monotonic()
    wait_for(lambda: states(sender) == {"ready"}, "all segments", RECOVERED_SECONDS)
    print(f"{killed} processes killed, all segments ready {time.monotonic() - began:.1f} s later")
    for number, segment_id in enumerate(made):
        segment = ask(sender, "GET", f"/api/pim/segments/{segment_id}/")
        assert segment["computed_count"] == PRODUCTS - 50 * number
        history = ask(sender, "GET", f"/api/pim/segments/{segment_id}/history/")["items"]
        assert [point["entered"] for point in history] == [PRODUCTS - 50 * number]
    assert sender.stores_are_equal()


def fill(sender: Sender) -> None:
    """Products whose stock is their number."""
    ask(sender, "PUT", "/api/pim/schema/", {"fields": [{"name": "stock", "type": "number"}]})
    products = [
        {"sku": f"S-{number:05}", "name": f"Item {number}", "stock": number}
        for number in range(PRODUCTS)
    ]
    ask(sender, "POST", "/api/pim/products/bulk/?results=failed", {"products": products})
    wait_for(sender.stores_are_equal, "the products in ClickHouse", 60)


def make_segment(sender: Sender, number: int) -> int:
    condition = {
        "type": "product_attribute",
        "property": "stock",
        "operator": "gte",
        "value": 50 * number,
    }
    body = {
        "name": f"Segment {number}",
        "definition": {"logic": "and", "conditions": [condition]},
        "refresh_interval": 10,
    }
    made: int = ask(sender, "POST", "/api/pim/segments/", body)["id"]
    return made


def states(sender: Sender) -> set[str]:
    found = ask(sender, "GET", "/api/pim/segments/?limit=1000")["items"]
    return {segment["status"] for segment in found}


def kill_workers(installation: Installation) -> int:
    """Every worker with what it has begun; how many processes that were."""
    workers = [
        process
        for process in installation.supervisor().children(recursive=True)
        if "worker" in process.cmdline()
    ]
    for process in workers:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    return len(workers)


def ask(sender: Sender, method: str, path: str, body: Any = None) -> dict[str, Any]:
    sent = None if body is None else json.dumps(body).encode()
    return sender._ask(method, path, sent, "" if body is None else "application/json")
