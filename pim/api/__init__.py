"""The JSON API: a table of its resources. `pim.api.routes` says how to add one."""

from __future__ import annotations

from flask import Flask

from pim.api import errors, ratelimit
from pim.api.blueprint import make_blueprint
from pim.api.routes import Resource


def resources() -> tuple[Resource, ...]:
    """Every resource there is, in the order they are documented."""
    return ()


def init_app(app: Flask) -> None:
    """Add this room to the application."""
    errors.init_app(app)
    ratelimit.init_app(app)
    app.register_blueprint(make_blueprint(resources()))
