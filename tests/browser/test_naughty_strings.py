"""Whatever a product holds, a page shows it as text: nothing runs, nothing is lost."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Page

from pim.identity.permissions import Role
from pim.products.changes import StagedProduct
from pim.schema.types.base import trim
from tests.browser.conftest import Visit, Visitor
from tests.factories.identity import TestTenant
from tests.factories.naughty import naughty
from tests.factories.products import make_products, make_vocabulary

AT_ONCE = 40
SHOWN = """() => Object.fromEntries([...document.querySelectorAll('.field-row')].map(row => [
    row.querySelector('.field-name b').textContent,
    [...row.querySelectorAll('.value-text')].pop()?.textContent
        ?? [...row.querySelectorAll('.value-tags bdi')].map(item => item.textContent)]))"""


def as_html_has_it(text: str) -> str:
    """A carriage return becomes a line feed when a page is parsed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def texts() -> list[str]:
    return [text for text in dict.fromkeys(map(trim, naughty())) if text]


def listening(visit: Visit) -> Visit:
    """A window that complains when a script of a product opens a dialog."""

    def met(dialog: object) -> None:
        visit.complaints.append(f"a dialog was opened: {dialog}")

    visit.page.on("dialog", met)
    return visit


def nothing_of_theirs_is_there(page: Page) -> None:
    """No product brought an element that does something."""
    assert (
        page.locator("#main img[onerror], #main [onload], #main iframe, #main embed").count() == 0
    )
    assert page.evaluate("document.querySelectorAll('#main script:not([src])').length") == 0


def test_a_product_s_page_shows_naughty_strings_as_they_are(
    app: Flask, tenant: TestTenant, visit: Visitor
) -> None:
    fields = [f"text {number}" for number in range(AT_ONCE)]
    make_vocabulary(app, tenant, [*((name, "string") for name in fields), ("items", "array")])
    found = texts()
    groups = [found[start : start + AT_ONCE] for start in range(0, len(found), AT_ONCE)]
    ids = make_products(
        app,
        tenant,
        [
            StagedProduct(
                f"S-{number}",
                group[0],
                True,
                {
                    **dict(zip(fields, group, strict=False)),
                    "items": list(map(as_html_has_it, group)),
                },
            )
            for number, group in enumerate(groups)
        ],
    )
    here = listening(visit(tenant, Role.EDITOR))
    for product_id, group in zip(ids, groups, strict=True):
        page = here.open(f"/pim/{product_id}")
        shown = page.evaluate(SHOWN)
        expected = [as_html_has_it(text) for text in group]
        assert [shown[name] for name in fields[: len(group)]] == expected
        assert shown["Items"] == expected
        assert page.locator("h1").text_content() == expected[0]
        nothing_of_theirs_is_there(page)


def test_the_catalog_shows_naughty_strings_as_names_and_skus(
    app: Flask, tenant: TestTenant, visit: Visitor
) -> None:
    make_vocabulary(app, tenant, [("brand", "string"), ("tags", "array")])
    found = [text for text in texts() if len(text) <= 255 and text == text.strip()]
    keys = {text.casefold(): text for text in found}
    make_products(
        app,
        tenant,
        [
            StagedProduct(text, text, True, {"brand": text, "tags": [text]})
            for text in keys.values()
        ],
    )
    here = listening(visit(tenant, Role.EDITOR))
    page, seen = here.open("/pim"), set()
    for _ in range(len(keys) // 50 + 1):
        names = page.locator("td.pin-name bdi").all_text_contents()
        skus = page.locator("td.pin-sku bdi").all_text_contents()
        assert names == skus
        seen.update(names)
        nothing_of_theirs_is_there(page)
        following = page.locator("a:has-text('Next')")
        if not following.count():
            break
        page.goto(here.address + str(following.get_attribute("href")))
    assert seen == {as_html_has_it(text) for text in keys.values()}
