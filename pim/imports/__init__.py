"""Imports: from an uploaded file to products, in three steps a person can follow.

The way of a file, and which modules have a part in it:

- It comes and is looked at: `examining`, `fetching`, `files`, `encodings`, `sniff`, `readers/`,
  `shapes/`, `profile`, `repeats`, `retention`.
- Where its columns go is suggested: `suggest`, `suggestion`, `memory`, `remembering`, `claude`,
  `heuristics/`; and confirmed: `mapping`, `transforms/`, `preview`, `corrected`. Saved mappings:
  `profiles`, `profile_rules`.
- Its verbs, for pages, API and command line: `service` (begin, check, confirm, cancel), `control`
  (pause, resume), `undoing`, `absent`.
- A worker takes it: `turns`, `lease`, `beat`, `working`, `speed`, `phases`, `pace`,
  `reconcile`.
- It reads and writes: `plan`, `skus`, `keys`, `known`, `marks`, `rows`, `chunks`, `ahead`,
  `runner`, `settle`, `issues`, `absent_run`, `finish`. What writing would do: `check`, `checked`,
  `findings`, `check_rows`, `check_queries`.
- It is shown: `pages`, `progress`, `advice`, `report`, `left_alone`, `file_list`; the forms
  `forms`, `upload_form`, `step_forms`; the pages `*_page`, `*_pages` and `*_views`; the command
  line `commands`, `control_commands`, `console`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Add this room to the application."""
    from pim.imports import (  # noqa: F401  # they add to the blueprint
        check_views,
        control_views,
        errors_views,
        files_views,
        profile_views,
        upload_views,
        views,
    )

    app.register_blueprint(views.blueprint)
    app.register_blueprint(profile_views.blueprint)
