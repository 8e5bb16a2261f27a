"""The shell and the components in a real browser: keyboard, focus, drawers, swaps, sizes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.gallery import gallery_app

VENDOR = Path(__file__).parents[2] / "pim" / "static" / "vendor" / "htmx.min.js"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PAGES = ("", "catalog", "mapping", "progress", "sign-in", "error/404")

needs_htmx = pytest.mark.skipif(not VENDOR.is_file(), reason="the local copy of htmx isn't there")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, gallery_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/gallery/"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def chromium(browser: Browser) -> Browser:
    """The browser of this process: Playwright runs once in it."""
    return browser


def opened(
    chromium: Browser, size: dict[str, int], scheme: str = "light"
) -> tuple[Page, list[str]]:
    """A page, and the list in which its complaints are collected."""
    context = chromium.new_context(
        viewport=size,  # type: ignore[arg-type]
        color_scheme=scheme,  # type: ignore[arg-type]
        has_touch=size["width"] < 500,
    )
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


@pytest.fixture
def wide(chromium: Browser) -> Iterator[Page]:
    page, complaints = opened(chromium, WIDE)
    yield page
    page.context.close()
    assert [each for each in complaints if "Failed to" not in each] == []


@pytest.fixture
def narrow(chromium: Browser) -> Iterator[Page]:
    page, complaints = opened(chromium, NARROW)
    yield page
    page.context.close()
    assert complaints == []


@pytest.mark.parametrize("width", [320, 390, 700, 820, 1024, 1440])
def test_no_page_scrolls_sideways(chromium: Browser, address: str, width: int) -> None:
    page, _ = opened(chromium, {"width": width, "height": 800})
    for name in PAGES:
        page.goto(address + name)
        beyond = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert beyond <= 0, f"{name or 'components'} is {beyond} px wider than {width} px"
    page.context.close()


TOO_SMALL = """
[...document.querySelectorAll("a.btn, button, summary, .input, .cell-check, .chip-remove")]
  .filter((e) => e.checkVisibility() && !e.disabled)
  .map((e) => [e.getBoundingClientRect().height, e.outerHTML.slice(0, 100)])
  .filter(([height]) => height < 39.5)
"""


@pytest.mark.parametrize("name", [name for name in PAGES if not name.startswith("error")])
def test_what_is_pressed_is_big_enough_for_a_finger(narrow: Page, address: str, name: str) -> None:
    narrow.goto(address + name)
    assert narrow.evaluate(TOO_SMALL) == []


CONTRAST = """
(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => {
      v /= 255;
      return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = rgba(getComputedStyle(e).backgroundColor);
      if (color[3] > 250) return color;
    }
    return [255, 255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const style = getComputedStyle(element);
    const skip = element.closest("[disabled], [aria-disabled], .sr-only, script, template, option");
    if (!walker.currentNode.data.trim() || skip || !element.checkVisibility()) continue;
    const [a, b] = [light(rgba(style.color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push([ratio.toFixed(2), walker.currentNode.data.trim().slice(0, 40)]);
  }
  return found;
})()
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(
    chromium: Browser, address: str, scheme: str
) -> None:
    page, _ = opened(chromium, WIDE, scheme)
    for name in ("", "catalog", "mapping", "sign-in", "?messages=1"):
        page.goto(address + name)
        assert page.evaluate(CONTRAST) == [], name or "components"
    page.context.close()


def test_a_slash_goes_to_the_search_unless_someone_is_typing(wide: Page, address: str) -> None:
    wide.goto(address)
    wide.keyboard.press("/")
    expect(wide.locator("#find")).to_be_focused()
    wide.locator("#f-name").fill("")
    wide.locator("#f-name").press("/")
    expect(wide.locator("#f-name")).to_have_value("/")


def test_the_first_tab_offers_to_skip_to_the_content(wide: Page, address: str) -> None:
    wide.goto(address + "catalog")
    wide.keyboard.press("Tab")
    expect(wide.locator(".skip")).to_be_focused()
    wide.keyboard.press("Enter")
    assert wide.evaluate("document.activeElement.id") == "main"


def test_the_error_summary_takes_the_focus_and_leads_to_its_field(wide: Page, address: str) -> None:
    wide.goto(address)
    expect(wide.locator("#error-summary")).to_be_focused()
    wide.locator("#error-summary a").nth(1).click()
    expect(wide.locator("#s-error")).to_be_focused()


def test_the_navigation_is_a_drawer_on_a_telephone(narrow: Page, address: str) -> None:
    narrow.goto(address + "catalog")
    expect(narrow.locator(".side-nav")).to_be_hidden()
    narrow.get_by_role("button", name="Menu").click()
    expect(narrow.locator(".side-nav")).to_be_visible()
    narrow.keyboard.press("Escape")
    expect(narrow.locator(".side-nav")).to_be_hidden()


def test_the_facets_are_a_sheet_on_a_telephone(narrow: Page, address: str) -> None:
    narrow.goto(address + "catalog")
    expect(narrow.locator("#facets")).to_be_hidden()
    narrow.get_by_role("button", name="Filters").click()
    expect(narrow.get_by_label("Lumo")).to_be_visible()
    narrow.locator("#facets").get_by_role("button", name="Close").click()
    expect(narrow.locator("#facets")).to_be_hidden()


def test_sku_and_name_stay_in_view_while_the_table_scrolls(narrow: Page, address: str) -> None:
    narrow.goto(address + "catalog")
    narrow.evaluate("document.querySelector('.table-wrap').scrollLeft = 500")
    for cell in (".pin-sku", ".pin-name"):
        box = narrow.locator(f"tbody {cell}").first.bounding_box()
        assert box is not None
        assert 0 <= box["x"] < 200


def test_a_menu_closes_with_escape_and_gives_the_focus_back(wide: Page, address: str) -> None:
    wide.goto(address)
    wide.locator(".user-menu summary").click()
    expect(wide.get_by_role("button", name="Sign out")).to_be_visible()
    wide.keyboard.press("Escape")
    expect(wide.get_by_role("button", name="Sign out")).to_be_hidden()
    wide.locator("td summary").last.click()
    expect(wide.locator("td .menu-panel").last).to_be_visible()
    wide.locator("h1").click()
    expect(wide.locator("td .menu-panel").last).to_be_hidden()


def test_the_colours_change_at_once_and_stay(wide: Page, address: str) -> None:
    wide.goto(address + "catalog")
    wide.get_by_role("button", name="Dark").click()
    expect(wide.locator("html")).to_have_attribute("data-theme", "dark")
    wide.reload()
    expect(wide.locator("html")).to_have_attribute("data-theme", "dark")
    wide.get_by_role("button", name="As the system").click()
    wide.reload()
    assert wide.locator("html").get_attribute("data-theme") is None


def test_a_form_that_asks_first_is_sent_only_after_yes(wide: Page, address: str) -> None:
    wide.goto(address)
    wide.get_by_role("button", name="Ask first").click()
    expect(wide.locator("#confirm-title")).to_have_text("Delete NW-10421?")
    wide.locator("#confirm").get_by_role("button", name="Cancel").click()
    assert wide.url == address
    wide.get_by_role("button", name="Ask first").click()
    wide.locator("#confirm").get_by_role("button", name="Delete").click()
    wide.wait_for_url("**/error/404")


def test_a_dropped_file_is_in_the_form_with_its_name_and_size(wide: Page, address: str) -> None:
    wide.goto(address)
    zone = wide.locator("[data-drop]").first
    files = wide.evaluate_handle(
        """() => {
          const files = new DataTransfer();
          files.items.add(new File(["x".repeat(12400)], "sommer.csv", { type: "text/csv" }));
          return files;
        }"""
    )
    zone.dispatch_event("dragover", {"dataTransfer": files})
    assert "is-over" in (zone.get_attribute("class") or "")
    zone.dispatch_event("drop", {"dataTransfer": files})
    assert "is-over" not in (zone.get_attribute("class") or "")
    expect(zone.locator("output")).to_have_text("sommer.csv · 12.4 kB")
    assert zone.locator("input").evaluate("input => input.files[0].name") == "sommer.csv"


@needs_htmx
def test_a_polled_region_keeps_what_is_typed_and_ends_with_the_focus_on_its_heading(
    wide: Page, address: str
) -> None:
    wide.goto(address + "progress")
    wide.locator("#note").fill("look at the prices")
    expect(wide.locator("#bar")).to_have_attribute("aria-valuenow", "50")
    expect(wide.locator("#note")).to_be_focused()
    expect(wide.get_by_role("heading", name="Done")).to_be_focused()
    expect(wide.locator("#note")).to_have_value("look at the prices")
    expect(wide.locator("#bar")).to_have_attribute("aria-valuenow", "100")
    wide.get_by_role("link", name="See the 48,160 products").click()
    wide.wait_for_url("**/catalog")


@needs_htmx
def test_messages_arrive_with_a_block_and_can_be_dismissed(wide: Page, address: str) -> None:
    wide.goto(address)
    wide.get_by_role("link", name="Load messages").click()
    expect(wide.locator("#flashes .toast")).to_have_count(4)
    wide.locator("#flashes .toast").nth(2).get_by_role("button", name="Dismiss").click()
    expect(wide.locator("#flashes .toast")).to_have_count(3)


@needs_htmx
def test_a_failed_request_says_so_once_and_leaves_the_page(wide: Page, address: str) -> None:
    wide.goto(address)
    for _ in range(3):
        wide.get_by_role("link", name="Fail", exact=True).click()
        wide.wait_for_load_state("networkidle")
    expect(wide.locator("#flashes .toast")).to_have_count(1)
    expect(wide.locator("#flashes")).to_contain_text("Something went wrong on our side")
    expect(wide.locator("#live")).to_be_visible()


@needs_htmx
def test_a_server_that_is_gone_is_told_calmly(wide: Page, address: str) -> None:
    wide.goto(address)
    wide.route("**/gallery/error/500", lambda route: route.abort())
    wide.get_by_role("link", name="Fail", exact=True).click()
    expect(wide.locator("#flashes")).to_contain_text("No answer from the server")


@needs_htmx
def test_hx_confirm_asks_in_our_own_dialog(wide: Page, address: str) -> None:
    wide.goto(address)
    wide.get_by_role("button", name="Ask, then load").click()
    with wide.expect_request("**/gallery/"):
        wide.locator("#confirm").get_by_role("button", name="Load").click()


def test_everything_is_there_without_javascript(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport=NARROW)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address + "catalog")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_role("button", name="Apply filters")).to_be_visible()
    context.close()
