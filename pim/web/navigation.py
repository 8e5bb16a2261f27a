"""What the navigation shows, as data. An entry is there when its page exists and may be opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flask import current_app, request
from werkzeug.exceptions import HTTPException


class Viewer(Protocol):
    """Who looks at the page. The identity room provides it as the Jinja global `viewer()`."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def tenant_name(self) -> str: ...
    @property
    def tenant_slug(self) -> str: ...
    @property
    def tenants(self) -> Sequence[tuple[str, str]]:
        """Every tenant this person belongs to, as (slug, name), the current one included."""
        ...

    def can(self, permission: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the navigation. `owns`: further paths whose pages belong under this entry."""

    label: str
    path: str
    icon: str
    permission: str
    owns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as a page shows it."""

    label: str
    path: str
    icon: str
    current: bool


NAVIGATION: tuple[Entry, ...] = (
    Entry("Catalog", "/pim", "grid", "catalog.read", owns=("/pim/products",)),
    Entry("Import", "/pim/import", "upload", "import.run"),
    Entry("Files", "/pim/imports", "file", "import.read"),
    Entry("Segments", "/pim/segments", "segment", "segment.read"),
    Entry("Schema", "/pim/schema", "schema", "schema.read"),
    Entry("Settings", "/settings", "settings", "settings.read"),
)


def links_for_page() -> list[Link]:
    """The navigation of the page being made; a Jinja global."""
    return visible_links(current_app.jinja_env.globals["viewer"]())  # type: ignore[operator]


def visible_links(viewer: Viewer | None) -> list[Link]:
    """The entries this person may open, the current one marked."""
    if viewer is None:
        return []
    shown = [entry for entry in NAVIGATION if viewer.can(entry.permission) and _exists(entry.path)]
    current = _current(NAVIGATION, request.path)
    return [Link(e.label, e.path, e.icon, e is current) for e in shown]


def _exists(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and adapter.test(path, method="GET")
    except HTTPException:
        return False


def _current(entries: Sequence[Entry], path: str) -> Entry | None:
    """The entry with the longest path that the page lies under: /pim/import is not Catalog."""
    best: tuple[int, Entry] | None = None
    for entry in entries:
        for prefix in (entry.path, *entry.owns):
            inside = path == prefix or path.startswith(prefix.rstrip("/") + "/")
            if inside and (best is None or len(prefix) > best[0]):
                best = (len(prefix), entry)
    return best[1] if best else None
