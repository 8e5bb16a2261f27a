"""Steps over the API: taken with a mapping, refused with their place, offered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api
from tests.api.sending import IMPORT, sent, work
from tests.factories.imports import products

LAMPS = "sku,Name,Price,Text\nA,oslo chair,1.49,<p>Big</p>\nB,brass lamp,2.5,<p>Small</p>\n"


def confirm(api: Api, job_id: int, mapping: dict[str, Any], **more: Any) -> Any:
    return api.post(f"{IMPORT}{job_id}/confirm/", {"mapping": mapping, **more})


def problems(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(error["path"], error["code"]) for error in answer.json["errors"]]


def test_a_mapping_may_have_steps(api: Api) -> None:
    found = sent(api, LAMPS)
    mapping = {
        "sku": "sku",
        "Name": {"to": "name", "transform": ["trim", {"op": "case", "to": "title"}]},
        "Price": {
            "to": "price",
            "type": "price",
            "transform": [{"op": "replace", "find": ".", "with": ","}],
        },
        "Text": {"to": "description", "type": "string", "transform": ["strip_html"]},
    }
    assert confirm(api, found["job_id"], mapping).status_code == 202
    assert work(api, found["job_id"])["created_count"] == 2
    chair = products(api.app, api.tenant)["A"]
    assert chair.name == "Oslo Chair"
    assert chair.data["description"] == "Big"
    assert str(chair.data["price"]["amount"]) == "1.49"


@pytest.mark.parametrize(
    ("transform", "path", "code"),
    [
        ([{"op": "replace"}], "/0/find", "required"),
        ([{"op": "replace", "find": "(", "regex": True}], "/0/find", "bad_pattern"),
        (["trim", "shout"], "/1/op", "unknown_transform"),
        (["trim", {"op": "combine", "template": "{Brand}"}], "/1/template", "unknown_column"),
        ({"op": "trim"}, "", "not_a_list"),
    ],
)
def test_steps_that_cannot_be_are_refused_with_their_place(
    api: Api, transform: Any, path: str, code: str
) -> None:
    found = sent(api, "sku,A/B\nX,1\n")
    mapping = {"sku": "sku", "A/B": {"to": "n", "type": "string", "transform": transform}}
    answer = confirm(api, found["job_id"], mapping)
    assert problems(answer) == [(f"/mapping/A~1B/transform{path}", code)]
    assert api.get(f"{IMPORT}{found['job_id']}/").json["status"] == "mapping"


def test_a_check_goes_through_the_same_steps(api: Api) -> None:
    found = sent(api, LAMPS)
    mapping = {"Name": {"to": "sku", "transform": [{"op": "extract", "pattern": "^o.*"}]}}
    answer = api.post(f"{IMPORT}{found['job_id']}/check/", {"mapping": mapping})
    assert answer.status_code == 202, answer.text


def test_what_values_call_for_is_offered(api: Api) -> None:
    found = sent(api, LAMPS)
    assert found["offers"] == {
        "Text": {"step": "strip_html", "reason": "2 of 2 different values seen hold HTML."}
    }


FEED = """<rss xmlns:g="http://base.google.com/ns/1.0"><channel>
<item><g:id>A</g:id><g:title>Chair</g:title><title>Chair!</title></item>
<item><g:id>B</g:id><g:title>Lamp</g:title><title>Lamp!</title></item>
</channel></rss>"""


def test_a_column_with_a_namespace_may_be_named_without_it(api: Api) -> None:
    found = sent(api, FEED, "feed.xml")
    assert "g:id" in found["headers"]
    mapping = {"id": "sku", "title": "name", "g:title": None}
    assert confirm(api, found["job_id"], mapping).status_code == 202
    assert work(api, found["job_id"])["created_count"] == 2
    assert products(api.app, api.tenant)["A"].name == "Chair!", "the exact name comes first"


def test_a_name_without_its_namespace_must_leave_no_doubt(api: Api) -> None:
    found = sent(api, "a:id,b:id,g:sku\n1,2,3\n")
    answer = confirm(api, found["job_id"], {"id": "name", "g:sku": "sku"})
    assert problems(answer) == [("/mapping/id", "ambiguous_column")]
    answer = confirm(api, found["job_id"], {"sku": "name", "g:sku": "sku"})
    assert problems(answer) == [("/mapping/sku", "ambiguous_column")]
