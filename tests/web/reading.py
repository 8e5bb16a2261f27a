"""Read a page as a tree of elements, to ask questions about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

VOID = frozenset(
    ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr")
)


@dataclass
class Element:
    """A tag with its attributes, children and text."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        """This element and everything in it, in document order."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, *tags: str) -> list[Element]:
        """Every element with one of these tags."""
        return [element for element in self.walk() if element.tag in tags]

    def text(self) -> str:
        """What it says, labels of icons included."""
        parts = [self.attrs.get("aria-label", "")]
        parts += [child if isinstance(child, str) else child.text() for child in self.children]
        return " ".join(" ".join(parts).split())

    def inside(self, tag: str) -> bool:
        """Whether an element with this tag is around it."""
        return self.parent is not None and (self.parent.tag == tag or self.parent.inside(tag))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("#document")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.here.tag == tag, f"</{tag}> closes <{self.here.tag}> {self.here.attrs}"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def read(html: str) -> Element:
    """The page as a tree; a tag that isn't closed where it should be fails the test."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.tag}> is never closed"
    return reader.root


def faults(page: Element) -> list[str]:
    """What would keep someone from using the page, or the policy from letting it run."""
    return [
        *_duplicate_ids(page),
        *_references(page),
        *_names(page),
        *_headings(page),
        *_inline(page),
    ]


def _ids(page: Element) -> list[str]:
    return [e.attrs["id"] for e in page.walk() if "id" in e.attrs]


def _duplicate_ids(page: Element) -> Iterator[str]:
    ids = _ids(page)
    yield from (
        f"id {each!r} occurs twice" for each in sorted({i for i in ids if ids.count(i) > 1})
    )


def _references(page: Element) -> Iterator[str]:
    known = set(_ids(page))
    for element in page.walk():
        for name in ("for", "aria-labelledby", "aria-describedby", "popovertarget", "data-dialog"):
            for target in element.attrs.get(name, "").split():
                if target not in known:
                    yield f"<{element.tag} {name}={target!r}> points nowhere"


def _names(page: Element) -> Iterator[str]:
    labelled = {e.attrs.get("for") for e in page.all("label")}
    for element in page.all("input", "select", "textarea"):
        attrs = element.attrs
        if attrs.get("type") in ("hidden", "submit"):
            continue
        if (
            attrs.get("id") not in labelled
            and "aria-label" not in attrs
            and not element.inside("label")
        ):
            yield f"<{element.tag} name={attrs.get('name')!r}> has no label"
    for element in page.all("button", "a", "summary"):
        if not element.text():
            yield f"<{element.tag} {element.attrs}> has no name"
    for element in page.all("img"):
        if "alt" not in element.attrs:
            yield f"<img src={element.attrs.get('src')!r}> has no alt"


def _headings(page: Element) -> Iterator[str]:
    shown = [e for e in page.all("h1", "h2", "h3", "h4") if not e.inside("dialog")]
    levels = [int(element.tag[1]) for element in shown]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} h1 instead of one"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"h{after} follows h{before}"


def _inline(page: Element) -> Iterator[str]:
    for element in page.walk():
        if element.tag == "style" or (element.tag == "script" and "src" not in element.attrs):
            yield f"inline <{element.tag}>"
        for name, value in element.attrs.items():
            if name == "style" or name.startswith(("on", "hx-on")) or value.startswith("js:"):
                yield f"<{element.tag} {name}={value!r}> needs an unsafe policy"
        if "[" in element.attrs.get("hx-trigger", ""):
            yield f"<{element.tag}> has a trigger filter, which needs eval"
