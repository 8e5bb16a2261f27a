"""Imports: from an uploaded file to products, in three steps a person can follow."""

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
