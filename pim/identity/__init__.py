"""Tenants, people, roles, sign-in and API keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Add this room to the application."""
    from pim.core import EXTENSION
    from pim.identity import access, settings_views, throttle, views

    access.init_app(app)
    throttle.init_app(app, app.extensions[EXTENSION].sign_in_attempts)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(settings_views.blueprint)
