"""What all pages share: components, htmx, navigation, theme, static files, error pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

from pim.web import (
    converters,
    csrf,
    errors,
    navigation,
    scripts,
    security,
    static_files,
    theme,
    words,
)
from pim.web.components import Components


def init_app(app: Flask) -> None:
    """Add this room to the application."""
    security.init_app(app)
    csrf.init_app(app)
    converters.init_app(app)
    errors.init_app(app)
    static_files.init_app(app)
    app.register_blueprint(theme.blueprint)
    app.jinja_env.filters.update(words.FILTERS)
    app.jinja_env.globals.update(
        ui=Components(app.jinja_env),
        theme=theme.theme,
        theme_attr=theme.theme_attr,
        htmx_script=scripts.htmx_script,
        navigation=navigation.links_for_page,
    )
    # The identity room puts its own in its place.
    app.jinja_env.globals.setdefault("viewer", lambda: None)
