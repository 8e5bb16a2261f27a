"""The JSON API: a table of its resources. `pim.api.routes` says how to add one."""

from __future__ import annotations

from flask import Flask

from pim.api import errors, ratelimit
from pim.api.blueprint import make_blueprint
from pim.api.converters import SkuConverter
from pim.api.routes import Resource


def resources() -> tuple[Resource, ...]:
    """Every resource there is, in the order they are documented."""
    from pim.api.v1 import (
        copilot,
        events,
        import_check,
        import_control,
        import_profiles,
        imports,
        meta,
        products,
        products_bulk,
        products_delete,
        products_export,
        schema,
        segment_describe,
        segment_members,
        segments,
        user_segments,
    )

    return (
        schema.resource,
        products.resource,
        products_bulk.resource,
        products_delete.resource,
        products_export.resource,
        imports.resource,
        import_check.resource,
        import_control.resource,
        import_profiles.resource,
        segments.resource,
        segment_members.resource,
        segment_describe.resource,
        events.resource,
        user_segments.resource,
        copilot.resource,
        meta.resource,
    )


def init_app(app: Flask) -> None:
    """Add this room to the application."""
    app.url_map.converters["sku"] = SkuConverter
    errors.init_app(app)
    ratelimit.init_app(app)
    app.register_blueprint(make_blueprint(resources()))
