"""The pages of segments: the list, the rule builder, the members.

A room of its own above the catalog, because members are shown as the catalog shows products; what
a segment is, how it is computed and what its rules mean is said in `pim.segments`.

- The builder: `builder` (the form as a tree), `writing` (form → definition), `opening`
  (definition → form), `moves` (its buttons), `choices` and `examples` (what can be chosen in it),
  `marks` (what is wrong, and where), `starters` and `from_catalog` (rules to begin with), `forms`
  and `editor` (put together), `pages`, `views`, `value_views`, `describe_views`.
- The list: `listing`, `list_views`. Members and history: `members`, `charts`. Both: `states`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Add this room to the application."""
    from pim.segment_pages import (  # noqa: F401  # they add to the blueprint
        describe_views,
        list_views,
        value_views,
        views,
    )

    app.register_blueprint(views.blueprint)
