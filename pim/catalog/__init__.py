"""The catalog: the table of all products and the page of each."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Add this room to the application."""
    from pim.catalog import product_views, views
    from pim.catalog.page import score_of

    app.register_blueprint(views.blueprint)
    app.register_blueprint(product_views.blueprint)
    app.jinja_env.globals["score_of"] = score_of
